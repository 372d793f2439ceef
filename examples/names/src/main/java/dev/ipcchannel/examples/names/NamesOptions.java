package dev.ipcchannel.examples.names;

import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import java.time.Duration;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The options of the command line.
///
/// @param isHelp whether only [#help] is to be printed
/// @param program to run
/// @param pause after each of the first messages of `event_sender`
record NamesOptions(boolean isHelp, String program, Duration pause) {

    static final String RECEIVER = "receiver";
    static final String SENDER = "sender";
    static final String EVENT_RECEIVER = "event_receiver";
    static final String EVENT_SENDER = "event_sender";

    private static final List<String> PROGRAMS =
            List.of(RECEIVER, SENDER, EVENT_RECEIVER, EVENT_SENDER);
    private static final int DEFAULT_PAUSE = 500;
    private static final int MAX_PAUSE = 60_000;

    private static final Option PAUSE = Option.builder("p").longOpt("pause").hasArg()
            .argName("MILLISECONDS")
            .desc("how long event_sender waits after each of its first five messages; twice that"
                    + " after the others (500)")
            .get();
    private static final Option HELP =
            Option.builder("h").longOpt("help").desc("print this text").get();
    private static final List<Option> ALL = List.of(PAUSE, HELP);

    private static final String SYNTAX = "java -jar examples-names.jar PROGRAM [OPTION]...";
    private static final String HEADER = "Two programs that meet by the name ExampleChannel,"
            + " whichever starts first: receiver and sender (messages of 1 KB to 10 MB), or"
            + " event_receiver and event_sender, which waits until that one is ready.";
    private static final String FOOTER = "Exit codes: 0 done, 1 a message was not sent or the name"
            + " cannot be opened, 2 wrong usage; 130 after Ctrl-C.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static NamesOptions parse(String[] args) throws ParseException {
        Arguments arguments = Arguments.parse(ALL, args);
        if (arguments.has(HELP)) {
            return new NamesOptions(true, "", Duration.ZERO);
        }
        List<String> words = arguments.words();
        if (words.size() != 1) {
            throw new ParseException("the name of one program is needed: given="
                    + Command.shown(words.toString())
                    + ": the programs are " + String.join(", ", PROGRAMS));
        }
        String program = words.getFirst();
        if (!PROGRAMS.contains(program)) {
            throw new ParseException(
                    "there is no program " + Command.shown(program) + ": the programs are "
                            + String.join(", ", PROGRAMS));
        }
        if (arguments.has(PAUSE) && !program.equals(EVENT_SENDER)) {
            throw new ParseException("--pause is for " + EVENT_SENDER + ": leave it out");
        }
        return new NamesOptions(false, program,
                Duration.ofMillis(arguments.number(PAUSE, 0, MAX_PAUSE, DEFAULT_PAUSE)));
    }

    static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }
}
