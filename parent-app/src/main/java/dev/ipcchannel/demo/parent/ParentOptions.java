package dev.ipcchannel.demo.parent;

import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/// The options of the command line.
///
/// @param notice the text to print instead of running, if help or the version was asked for
/// @param messages what to send, unless typed lines or a stream are
/// @param isInteractive whether lines are read from standard input and sent
/// @param count how many messages to stream; 0 for no stream
/// @param size bytes of each of them
/// @param isSpawning whether this program starts the child
/// @param timeout the longest wait for the child, at each step
/// @param isJson whether events are printed as JSON
/// @param child how the child is started
record ParentOptions(@Nullable String notice, List<String> messages, boolean isInteractive,
        int count, int size, boolean isSpawning, Duration timeout, boolean isJson,
        ChildCommand child) {

    private static final List<String> DEFAULT_MESSAGES =
            List.of("Hello from parent", "How are you?", "Goodbye!");
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
            "stream N messages; prints the rate, of a thousand or more, and the round trip of a"
                    + " message");
    private static final Option SIZE = option(null, "size", "BYTES",
            "length of the messages streamed, " + DEFAULT_SIZE + " if not given");
    private static final Option NO_SPAWN = option(null, "no-spawn", null,
            "start no child: print the command for another terminal, and wait");
    private static final Option TIMEOUT = option(null, "timeout", "SECONDS",
            "longest wait for the child, at each step: 10 if not given, with --no-spawn 120");
    private static final Option JSON = option(null, "json", null,
            "print a JSON object for each event");
    private static final Option CHILD_JAR = option(null, "child-jar", "PATH",
            "what the child runs, if not child-app.jar of the same build, or this jar where it is"
                    + " alone");
    private static final Option CHILD_JAVA = option(null, "child-java", "PATH",
            "the java that runs the child, if not the one that runs the parent");
    private static final Option AS_CHILD = option(null, "as-child", null,
            "be the child, with the arguments of child-app; comes first");
    private static final Option HELP = option("h", "help", null, "print this text");
    private static final Option VERSION = option(null, "version", null, "print the version");

    private static final List<Option> ALL = List.of(MESSAGE, INTERACTIVE, COUNT, SIZE, NO_SPAWN,
            TIMEOUT, JSON, CHILD_JAR, CHILD_JAVA, AS_CHILD, HELP, VERSION);

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
        Arguments arguments = Arguments.parse(ALL, args);
        if (arguments.has(HELP)) {
            return notice(help());
        }
        if (arguments.has(VERSION)) {
            return notice(version());
        }
        if (arguments.has(AS_CHILD)) {
            throw new ParseException("--as-child is not the first argument: put it there");
        }
        List<String> messages = messages(arguments);
        boolean isInteractive = arguments.has(INTERACTIVE);
        boolean isStreaming = arguments.has(COUNT);
        checkOneOf(!messages.isEmpty(), isInteractive, isStreaming);
        if (arguments.has(SIZE) && !isStreaming) {
            throw new ParseException("--size is for a stream: pass --count as well");
        }
        boolean isSpawning = !arguments.has(NO_SPAWN);
        return new ParentOptions(null, messages.isEmpty() ? DEFAULT_MESSAGES : messages,
                isInteractive, arguments.number(COUNT, 1, MAX_COUNT, 0),
                arguments.number(SIZE, 0, MAX_SIZE, DEFAULT_SIZE), isSpawning,
                timeout(arguments, isSpawning), arguments.has(JSON), child(arguments, isStreaming));
    }

    private static ParentOptions notice(String text) {
        return new ParentOptions(text, List.of(), false, 0, 0, false, Duration.ZERO, false,
                new ChildCommand("", Path.of(""), false));
    }

    private static List<String> messages(Arguments arguments) throws ParseException {
        List<String> messages = new ArrayList<>(arguments.values(MESSAGE));
        messages.addAll(arguments.words());
        if (String.join("", messages).contains(Command.UNREADABLE)) {
            throw new ParseException(Command.unreadable("a message"));
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

    private static Duration timeout(Arguments arguments, boolean isSpawning) throws ParseException {
        Optional<String> text = arguments.value(TIMEOUT);
        if (text.isEmpty()) {
            return isSpawning ? DEFAULT_TIMEOUT : DEFAULT_TIMEOUT_BY_HAND;
        }
        try {
            double seconds = Double.parseDouble(text.get());
            if (seconds > 0 && seconds <= MAX_SECONDS) {
                return Duration.ofNanos(Math.round(Math.ceil(seconds * 1e9)));
            }
        } catch (NumberFormatException _) { // neither is this a number in the range
        }
        throw arguments.refusal(TIMEOUT,
                "a number of seconds above 0, at most %.0f".formatted(MAX_SECONDS));
    }

    private static ChildCommand child(Arguments arguments, boolean isQuiet) throws ParseException {
        Optional<String> given = arguments.value(CHILD_JAR);
        Path jar = given.isPresent() ? path(CHILD_JAR, given.get())
                : ChildCommand.defaultJar().toAbsolutePath();
        String java = arguments.value(CHILD_JAVA).orElseGet(ChildCommand::defaultJava);
        boolean isPath = java.isEmpty() || java.contains("/"); // else it is looked for on the PATH
        return new ChildCommand(isPath ? path(CHILD_JAVA, java).toString() : java, jar, isQuiet);
    }

    private static Path path(Option option, String text) throws ParseException {
        if (text.isEmpty()) {
            throw new ParseException("--%s needs its PATH, not an empty one: see %s"
                    .formatted(option.getLongOpt(), Command.help()));
        }
        if (text.contains(Command.UNREADABLE)) {
            throw new ParseException(Command.unreadable("the path of --" + option.getLongOpt()));
        }
        return Path.of(text).toAbsolutePath();
    }

    private static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }

    private static String version() {
        String version = ParentApp.class.getPackage().getImplementationVersion();
        return "parent-app " + (version == null ? "(not run from its jar)" : version);
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
