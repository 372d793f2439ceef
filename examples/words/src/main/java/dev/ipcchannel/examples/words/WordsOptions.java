package dev.ipcchannel.examples.words;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;

/// What the command line asks for.
///
/// @param isHelp whether only [#help] is to be printed
/// @param folders to look for files in
/// @param workers how many count
/// @param kills how many of them to kill on the way
record WordsOptions(boolean isHelp, List<Path> folders, int workers, int kills) {

    private static final int MAX_WORKERS = 64;
    private static final int MAX_KILLS = 1000;

    private static final Option WORKERS = Option.builder("w").longOpt("workers").hasArg()
            .argName("N")
            .desc("how many processes count; one for each processor if not given").get();
    private static final Option KILL = Option.builder("k").longOpt("kill").hasArg().argName("N")
            .desc("kill N of them (SIGKILL) while they count, to see that nothing is lost").get();
    private static final Option HELP =
            Option.builder("h").longOpt("help").desc("print this text").get();
    private static final List<Option> ALL = List.of(WORKERS, KILL, HELP);

    private static final int HELP_WIDTH = 100;
    private static final String SYNTAX = "java -jar examples-words.jar [OPTION]... [FOLDER]...";
    private static final String HEADER = "Counts the words of all *.java, *.md and *.txt files in"
            + " folders, the current one if none is given, and prints the ten most frequent.";
    private static final String FOOTER = "Exit codes: 0 all files counted, 1 some were not,"
            + " 2 wrong usage or no files, 3 no worker can run, 4 output cannot be written.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static WordsOptions parse(String[] args) throws ParseException {
        CommandLine line = commandLine(args);
        if (line.hasOption(HELP)) {
            return new WordsOptions(true, List.of(), 0, 0);
        }
        int processors = Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
        return new WordsOptions(false, folders(line.getArgList()),
                number(line, WORKERS, 1, MAX_WORKERS, processors),
                number(line, KILL, 0, MAX_KILLS, 0));
    }

    private static CommandLine commandLine(String[] args) throws ParseException {
        Options options = new Options();
        ALL.forEach(options::addOption);
        try {
            return DefaultParser.builder().setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false).get().parse(options, args);
        } catch (MissingArgumentException failure) {
            throw new ParseException("--%s needs its %s: see --help".formatted(
                    failure.getOption().getLongOpt(), failure.getOption().getArgName()));
        } catch (ParseException failure) {
            throw new ParseException(failure.getMessage() + ": see --help");
        }
    }

    private static List<Path> folders(List<String> names) throws ParseException {
        List<Path> folders = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of(".") : names) {
            folders.add(folder(name));
        }
        return folders;
    }

    private static Path folder(String name) throws ParseException {
        try {
            Path folder = Path.of(name);
            if (!name.isEmpty() && Files.isDirectory(folder)) {
                return folder;
            }
            throw new ParseException((Files.exists(folder) && !name.isEmpty()
                    ? "this is a file, name the folder that it is in: path="
                    : "there is no such folder: path=") + name);
        } catch (InvalidPathException _) {
            throw new ParseException(
                    "a folder's name has letters that this locale does not have: path=" + name
                            + ": set LC_ALL=C.UTF-8");
        }
    }

    private static int number(CommandLine line, Option option, int least, int most, int usual)
            throws ParseException {
        if (!line.hasOption(option)) {
            return usual;
        }
        String text = List.of(line.getOptionValues(option)).getLast(); // the last one counts
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) { // neither is this a number in the range
        }
        throw new ParseException("--%s must be a whole number from %d to %d: %s=%s".formatted(
                option.getLongOpt(), least, most, option.getLongOpt(), text));
    }

    static String help() {
        StringBuilder text = new StringBuilder();
        TextHelpAppendable lines = new TextHelpAppendable(text);
        lines.setMaxWidth(HELP_WIDTH);
        lines.setIndent(0);
        try {
            HelpFormatter.builder().setShowSince(false).setHelpAppendable(lines).get()
                    .printHelp(SYNTAX, HEADER, ALL, FOOTER, false);
        } catch (IOException impossible) { // a StringBuilder takes everything
            throw new UncheckedIOException(impossible);
        }
        return text.toString().replaceAll(" +\n", "\n").strip();
    }
}
