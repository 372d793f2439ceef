package dev.ipcchannel.examples.words;

import dev.ipcchannel.launcher.Arguments;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The options of the command line.
///
/// @param isHelp whether only [#help] is to be printed
/// @param folders to look for files in
/// @param workers the number of workers
/// @param kills the number of workers to kill during the run
/// @param memory the bytes of memory with which a worker is replaced; 0 if it may have any number
record WordsOptions(boolean isHelp, List<Path> folders, int workers, int kills, long memory) {

    private static final int MAX_WORKERS = 64;
    private static final int MAX_KILLS = 1000;
    private static final int MIN_MEMORY_MIB = 64;
    private static final int MAX_MEMORY_MIB = 1024;

    private static final Option WORKERS = Option.builder("w").longOpt("workers").hasArg()
            .argName("N")
            .desc("how many processes count; one for each processor if not given").get();
    private static final Option KILL = Option.builder("k").longOpt("kill").hasArg().argName("N")
            .desc("kill N of them (SIGKILL) while they count, to see that nothing is lost").get();
    private static final Option MEMORY = Option.builder().longOpt("memory").hasArg()
            .argName("SIZE")
            .desc("have them leak memory with each file, and replace one that has more than SIZE"
                    + " (64m, say), to see that nothing is lost")
            .get();
    private static final Option HELP =
            Option.builder("h").longOpt("help").desc("print this text").get();
    private static final List<Option> ALL = List.of(WORKERS, KILL, MEMORY, HELP);

    private static final String SYNTAX = "java -jar examples-words.jar [OPTION]... [FOLDER]...";
    private static final String HEADER = "Counts the words of all *.java, *.md and *.txt files in"
            + " folders, the current one if none is given, and prints the ten most frequent.";
    private static final String FOOTER = "Exit codes: 0 all files counted, 1 some were not,"
            + " 2 wrong usage or no files, 3 no worker can run, 4 output cannot be written.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static WordsOptions parse(String[] args) throws ParseException {
        Arguments arguments = Arguments.parse(ALL, args);
        if (arguments.has(HELP)) {
            return new WordsOptions(true, List.of(), 0, 0, 0);
        }
        int processors = Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
        return new WordsOptions(false, TextFiles.folders(arguments.words()),
                arguments.number(WORKERS, 1, MAX_WORKERS, processors),
                arguments.number(KILL, 0, MAX_KILLS, 0),
                arguments.bytes(MEMORY, MIN_MEMORY_MIB, MAX_MEMORY_MIB));
    }

    static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }
}
