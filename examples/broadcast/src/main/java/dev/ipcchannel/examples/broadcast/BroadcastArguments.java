package dev.ipcchannel.examples.broadcast;

import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.named.ChannelType;
import java.time.Duration;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The arguments of the command line.
///
/// @param isHelp whether only [#help] is to be printed
/// @param program to run
/// @param id of a `receiver`, which prints it
/// @param pause after each message of `producer` and `self-test`
/// @param patience of `receive`, `consumer` and `self-test` for a message, in milliseconds
/// @param type that `errors` opens
/// @param isStrict whether `errors` fails without a receiver
record BroadcastArguments(boolean isHelp, Program program, String id, Duration pause,
        int patience, ChannelType type, boolean isStrict) {

    private static final int MAX_PAUSE = 60_000;
    private static final int MAX_PATIENCE = 600_000;

    private static final Option PAUSE = Option.builder("p").longOpt("pause").hasArg()
            .argName("MILLISECONDS")
            .desc("how long producer (100) and self-test (500) wait after each message").get();
    private static final Option PATIENCE = Option.builder().longOpt("patience").hasArg()
            .argName("MILLISECONDS")
            .desc("how long receive (5000), self-test (5000) and, after the first, consumer (1000)"
                    + " wait for a message")
            .get();
    private static final Option ROUTE = Option.builder("r").longOpt("route")
            .desc("errors opens a ROUTE, and not a CHANNEL").get();
    private static final Option STRICT = Option.builder("s").longOpt("strict")
            .desc("errors fails where there is no receiver").get();
    private static final Option HELP =
            Option.builder("h").longOpt("help").desc("print this text").get();
    private static final List<Option> ALL = List.of(PAUSE, PATIENCE, ROUTE, STRICT, HELP);

    private static final String SYNTAX =
            "java -jar examples-broadcast.jar PROGRAM [ID] [OPTION]...";
    private static final String HEADER = "Programs for two terminals, whichever starts first:"
            + " hello-sender and hello-receiver, send and receive, producer and consumer,"
            + " broadcaster and two of receiver (with an ID each to show). Programs for one:"
            + " errors, non-blocking, self-test.";
    private static final String FOOTER =
            "Exit codes: 0 done, 1 the channel failed, 2 wrong usage; 130 after Ctrl-C.";

    /// Reads the arguments.
    ///
    /// @throws ParseException if they make no sense, with one sentence that says what to do
    static BroadcastArguments parse(String[] args) throws ParseException {
        Arguments arguments = Arguments.parse(ALL, args);
        if (arguments.has(HELP)) {
            return new BroadcastArguments(true, Program.ERRORS, "", Duration.ZERO,
                    0, ChannelType.CHANNEL, false);
        }
        List<String> words = arguments.words();
        Program program = program(words);
        if (words.size() > (program == Program.RECEIVER ? 2 : 1)) {
            throw new ParseException(program.word() + " takes no other words: given="
                    + Command.shown(words.toString()) + ": leave them out");
        }
        check(arguments, PAUSE, program, program.pause() > 0, "producer and self-test");
        check(arguments, PATIENCE, program, program.patience() > 0,
                "receive, consumer and self-test");
        check(arguments, ROUTE, program, program == Program.ERRORS, "errors");
        check(arguments, STRICT, program, program == Program.ERRORS, "errors");
        return new BroadcastArguments(false, program, words.size() > 1 ? words.get(1) : "0",
                Duration.ofMillis(arguments.number(PAUSE, 0, MAX_PAUSE, program.pause())),
                arguments.number(PATIENCE, 1, MAX_PATIENCE, program.patience()),
                arguments.has(ROUTE) ? ChannelType.ROUTE : ChannelType.CHANNEL,
                arguments.has(STRICT));
    }

    private static Program program(List<String> words) throws ParseException {
        if (words.isEmpty()) {
            throw new ParseException("the name of a program is needed: the programs are "
                    + Program.words());
        }
        return Program.of(words.getFirst()).orElseThrow(() -> new ParseException(
                "there is no program " + Command.shown(words.getFirst()) + ": the programs are "
                        + Program.words()));
    }

    private static void check(Arguments arguments, Option option, Program program, boolean isIts,
            String users) throws ParseException {
        if (arguments.has(option) && !isIts) {
            throw new ParseException("--%s is for %s, and not for %s: leave it out"
                    .formatted(option.getLongOpt(), users, program.word()));
        }
    }

    static String help() {
        return Arguments.help(SYNTAX, HEADER, ALL, FOOTER);
    }
}
