package dev.ipcchannel.demo.parent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// @param notice the text to print instead of running, if help or the version was asked for
/// @param messages what to send, unless typed lines or a stream are
/// @param isInteractive whether lines are read from standard input and sent
/// @param count how many messages to stream; 0 for no stream
/// @param size bytes of each of them
/// @param isSpawning whether this program starts the child
/// @param timeout the longest wait for the child, at each step
/// @param isJson whether events are told as JSON
/// @param child how the child is started
record ParentOptions(@Nullable String notice, List<String> messages, boolean isInteractive,
        int count, int size, boolean isSpawning, Duration timeout, boolean isJson,
        ChildCommand child) {

    private static final List<String> DEFAULT_MESSAGES =
            List.of("Hello from parent", "How are you?", "Goodbye!");
    private static final String UNREADABLE = "\ufffd"; // what the JVM makes of other bytes
    private static final int MAX_COUNT = 1_000_000_000;
    private static final int DEFAULT_SIZE = 64;
    private static final int MAX_SIZE = 16 * 1024 * 1024;
    private static final double MAX_SECONDS = 86_400;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT_BY_HAND = Duration.ofMinutes(2);

    private static final Option MESSAGE = option("m", "message", "TEXT",
            "a message to send; may be repeated; arguments are messages as well, sent after these");
    private static final Option INTERACTIVE = option("i", "interactive", null,
            "send the lines that are typed, until \"quit\" or the end of input");
    private static final Option COUNT = option(null, "count", "N",
            "stream N messages; prints the rate, of a thousand or more, and the round trip of a message");
    private static final Option SIZE = option(null, "size", "BYTES",
            "length of the messages streamed, " + DEFAULT_SIZE + " if not given");
    private static final Option NO_SPAWN = option(null, "no-spawn", null,
            "start no child: print the command for another terminal, and wait");
    private static final Option TIMEOUT = option(null, "timeout", "SECONDS",
            "longest wait for the child, at each step: 10 if not given, with --no-spawn 120");
    private static final Option JSON = option(null, "json", null,
            "print a JSON object for each event");
    private static final Option CHILD_JAR = option(null, "child-jar", "PATH",
            "what the child runs, if not child-app.jar of the same build, or this jar where it is alone");
    private static final Option CHILD_JAVA = option(null, "child-java", "PATH",
            "the java that runs the child, if not the one that runs the parent");
    private static final Option AS_CHILD = option(null, "as-child", null,
            "be the child, with the arguments of child-app; comes first");
    private static final Option HELP = option("h", "help", null, "print this text");
    private static final Option VERSION = option(null, "version", null, "print the version");

    private static final List<Option> ALL = List.of(MESSAGE, INTERACTIVE, COUNT, SIZE, NO_SPAWN,
            TIMEOUT, JSON, CHILD_JAR, CHILD_JAVA, AS_CHILD, HELP, VERSION);

    private static final int HELP_WIDTH = 100;
    private static final String SYNTAX = "java -jar parent-app.jar [OPTION]... [MESSAGE]...";
    private static final String HEADER =
            "Starts a child JVM, sends it messages, prints the replies, says quit.";
    private static final String FOOTER = "Exit codes: 0 done, 2 wrong usage or nothing can run"
            + " here, 3 child failed to start, 4 timeout, 5 child lost, 6 protocol,"
            + " 7 output cannot be written.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static ParentOptions parse(String[] args) throws ParseException {
        CommandLine line = commandLine(args);
        if (line.hasOption(HELP)) {
            return notice(help());
        }
        if (line.hasOption(VERSION)) {
            return notice(version());
        }
        if (line.hasOption(AS_CHILD)) {
            throw new ParseException("--as-child is not the first argument: put it there");
        }
        checkRepetitions(line);
        List<String> messages = messages(line);
        boolean isInteractive = line.hasOption(INTERACTIVE);
        boolean isStreaming = line.hasOption(COUNT);
        checkOneOf(!messages.isEmpty(), isInteractive, isStreaming);
        if (line.hasOption(SIZE) && !isStreaming) {
            throw new ParseException("--size is for a stream: pass --count as well");
        }
        boolean isSpawning = !line.hasOption(NO_SPAWN);
        return new ParentOptions(null, messages.isEmpty() ? DEFAULT_MESSAGES : messages,
                isInteractive, isStreaming ? number(line, COUNT, 1, MAX_COUNT) : 0,
                line.hasOption(SIZE) ? number(line, SIZE, 0, MAX_SIZE) : DEFAULT_SIZE,
                isSpawning,
                timeout(line, isSpawning), line.hasOption(JSON), child(line, isStreaming));
    }

    private static CommandLine commandLine(String[] args) throws ParseException {
        try {
            return DefaultParser.builder().setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false).get().parse(options(), args);
        } catch (MissingArgumentException failure) {
            throw new ParseException("--%s needs its %s: see --help".formatted(
                    failure.getOption().getLongOpt(), failure.getOption().getArgName()));
        } catch (ParseException failure) {
            throw new ParseException(failure.getMessage() + ": see --help");
        }
    }

    private static void checkRepetitions(CommandLine line) throws ParseException {
        for (Option option : ALL) {
            String[] values = line.getOptionValues(option);
            if (values != null && values.length > 1 && !option.equals(MESSAGE)) {
                throw new ParseException("--%s is given more than once: values=%s: pass one"
                        .formatted(option.getLongOpt(), List.of(values)));
            }
        }
    }

    private static ParentOptions notice(String text) {
        return new ParentOptions(text, List.of(), false, 0, 0, false, Duration.ZERO, false,
                new ChildCommand("", Path.of(""), false));
    }

    private static List<String> messages(CommandLine line) throws ParseException {
        List<String> messages = new ArrayList<>();
        if (line.hasOption(MESSAGE)) {
            messages.addAll(Arrays.asList(line.getOptionValues(MESSAGE)));
        }
        messages.addAll(line.getArgList());
        if (String.join("", messages).contains(UNREADABLE)) {
            throw new ParseException("a message has letters that this locale does not have:"
                    + " set LC_ALL=C.UTF-8");
        }
        if (messages.contains("quit")) {
            throw new ParseException("\"quit\" ends the child and has no reply:"
                    + " leave it out, it is sent at the end");
        }
        return messages;
    }

    private static void checkOneOf(boolean... isGiven) throws ParseException {
        int given = 0;
        for (boolean is : isGiven) {
            given += is ? 1 : 0;
        }
        if (given > 1) {
            throw new ParseException("messages, --interactive and --count exclude each other:"
                    + " pass one of them");
        }
    }

    private static int number(CommandLine line, Option option, int min, int max)
            throws ParseException {
        String text = line.getOptionValue(option);
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) { // neither is this a number in the range
        }
        throw new ParseException("--%s must be a whole number from %d to %d: %s=%s"
                .formatted(option.getLongOpt(), min, max, option.getLongOpt(), text));
    }

    private static Duration timeout(CommandLine line, boolean isSpawning) throws ParseException {
        if (!line.hasOption(TIMEOUT)) {
            return isSpawning ? DEFAULT_TIMEOUT : DEFAULT_TIMEOUT_BY_HAND;
        }
        String text = line.getOptionValue(TIMEOUT);
        try {
            double seconds = Double.parseDouble(text);
            if (seconds > 0 && seconds <= MAX_SECONDS) {
                return Duration.ofMillis(Math.round(Math.ceil(seconds * 1000)));
            }
        } catch (NumberFormatException _) { // neither is this a number in the range
        }
        throw new ParseException("--timeout must be a number of seconds above 0, at most %.0f: "
                .formatted(MAX_SECONDS) + "timeout=" + text);
    }

    private static ChildCommand child(CommandLine line, boolean isQuiet) throws ParseException {
        Path jar = line.hasOption(CHILD_JAR)
                ? path(CHILD_JAR, line.getOptionValue(CHILD_JAR))
                : ChildCommand.defaultJar().toAbsolutePath();
        String java = line.getOptionValue(CHILD_JAVA, ChildCommand.defaultJava());
        boolean isPath = java.contains("/"); // else it is looked for on the PATH
        return new ChildCommand(isPath ? path(CHILD_JAVA, java).toString() : java, jar, isQuiet);
    }

    private static Path path(Option option, String text) throws ParseException {
        if (text.isEmpty()) {
            throw new ParseException("--%s needs its PATH, not an empty one: see --help"
                    .formatted(option.getLongOpt()));
        }
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException _) {
            throw new ParseException("--%s is no path in this locale: path=%s: set LC_ALL=C.UTF-8"
                    .formatted(option.getLongOpt(), text));
        }
    }

    private static String help() {
        StringBuilder text = new StringBuilder();
        TextHelpAppendable lines = new TextHelpAppendable(text);
        lines.setMaxWidth(HELP_WIDTH);
        lines.setIndent(0);
        HelpFormatter formatter = HelpFormatter.builder().setShowSince(false)
                .setHelpAppendable(lines).get();
        try {
            formatter.printHelp(SYNTAX, HEADER, ALL, FOOTER, false);
        } catch (IOException impossible) { // a StringBuilder takes everything
            throw new UncheckedIOException(impossible);
        }
        return text.toString().replaceAll(" +\n", "\n").strip();
    }

    private static String version() {
        String version = ParentApp.class.getPackage().getImplementationVersion();
        return "parent-app " + (version == null ? "(not run from its jar)" : version);
    }

    private static Options options() {
        Options options = new Options();
        for (Option option : ALL) {
            options.addOption(option);
        }
        return options;
    }

    private static Option option(@Nullable String letter, String name, @Nullable String argument,
            String description) {
        Option.Builder option = letter == null ? Option.builder() : Option.builder(letter);
        option.longOpt(name).desc(description);
        if (argument != null) {
            option.hasArg().argName(argument);
        }
        return option.get();
    }
}
