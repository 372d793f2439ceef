package dev.ipcchannel.benchmarks;

import dev.ipcchannel.launcher.StandardOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;

/// The benchmarks' command line: `scripts/bench quick`, or one section of it at any length.
///
/// ```text
/// exit code   0   done, whether the aims are met or not
///             1   a process failed or a message was wrong: the numbers are worth nothing
///             2   wrong usage
///             3   standard output cannot be written
/// ```
public final class Bench {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int OUTPUT_LOST = 3;

    private static final int DEFAULT_ROUNDS = 9;
    private static final int DEFAULT_SLICE_MILLIS = 200;
    private static final int DEFAULT_WARM_UP_MILLIS = 500;
    private static final int DEFAULT_CAPACITY = 64 * 1024;
    private static final int DEFAULT_COUNT = 5000;

    private static final Option ROUNDS = Option.builder("r").longOpt("rounds").hasArg().argName("N")
            .desc("rounds in which all contenders take turns: %d".formatted(DEFAULT_ROUNDS)).get();
    private static final Option SLICE =
            Option.builder("s").longOpt("slice").hasArg().argName("MILLIS")
                    .desc("how long a turn is: %d".formatted(DEFAULT_SLICE_MILLIS)).get();
    private static final Option WARM_UP =
            Option.builder("w").longOpt("warm-up").hasArg().argName("MILLIS")
                    .desc("what each contender runs before its first turn: %d"
                            .formatted(DEFAULT_WARM_UP_MILLIS))
                    .get();
    private static final Option CAPACITY =
            Option.builder("c").longOpt("capacity").hasArg().argName("BYTES")
                    .desc("capacity of our rings: %d".formatted(DEFAULT_CAPACITY)).get();
    private static final Option COUNT =
            Option.builder("n").longOpt("count").hasArg().argName("N")
                    .desc("channels that are made to see whether they leave something behind: %d"
                            .formatted(DEFAULT_COUNT))
                    .get();
    private static final Option HELP = Option.builder("h").longOpt("help").desc("print this").get();
    private static final Options OPTIONS = new Options().addOption(ROUNDS).addOption(SLICE)
            .addOption(WARM_UP).addOption(CAPACITY).addOption(COUNT).addOption(HELP);

    private Bench() {}

    /// Measures and prints.
    ///
    /// @param arguments the section and options, see `--help`
    public static void main(String[] arguments) throws InterruptedException {
        try {
            CommandLine line = DefaultParser.builder().setAllowPartialMatching(false).get()
                    .parse(OPTIONS, arguments);
            if (line.hasOption(HELP)) {
                printHelp();
                checkOutput();
                return;
            }
            if (line.getArgList().size() != 1) {
                throw new ParseException("one section is needed, and nothing else");
            }
            Section section = Section.of(line.getArgList().getFirst());
            Pace pace = new Pace(number(line, ROUNDS, DEFAULT_ROUNDS),
                    number(line, SLICE, DEFAULT_SLICE_MILLIS),
                    number(line, WARM_UP, DEFAULT_WARM_UP_MILLIS),
                    number(line, CAPACITY, DEFAULT_CAPACITY),
                    number(line, COUNT, DEFAULT_COUNT));
            run(section, pace, String.join(" ", arguments));
            checkOutput();
        } catch (ParseException | IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage() + "; see scripts/bench --help");
            System.exit(WRONG_USAGE);
        } catch (BenchFailure failure) {
            System.err.println("bench: " + failure.getMessage());
            System.exit(FAILED);
        }
    }

    private static void run(Section section, Pace pace, String arguments)
            throws InterruptedException {
        long start = System.nanoTime();
        Machine machine = new Machine();
        Report report = new Report(System.out);
        report.fact("command", "scripts/bench " + arguments);
        machine.describe(report);
        report.fact("method", ("%d rounds in which all take turns of %d ms (brief rows: a sixth); "
                + "ratios within a round: median (min..max)")
                .formatted(pace.rounds(), pace.sliceMillis()));
        report.fact("gate",
                "every message carries a sequence in all its words and is checked where it "
                        + "arrives");
        section.run(machine, report, pace);
        report.summary(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /// Complains of output that is lost, unless a reader has had enough, as `head` has.
    private static void checkOutput() {
        if (System.out.checkError() && !StandardOutput.isReadByAnother()) {
            System.err.println(
                    "bench: standard output cannot be written: see that its device has room");
            System.exit(OUTPUT_LOST);
        }
    }

    private static int number(CommandLine line, Option option, int otherwise)
            throws ParseException {
        if (!line.hasOption(option)) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(line.getOptionValue(option));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            throw new ParseException("not a number: --%s=%s".formatted(option.getLongOpt(),
                    line.getOptionValue(option)));
        }
        throw new ParseException("must be positive: --%s=%s".formatted(option.getLongOpt(),
                line.getOptionValue(option)));
    }

    private static void printHelp() {
        System.out.println("Measures ipc-channel beside what it can be compared with.\n");
        for (Section section : Section.values()) {
            System.out.printf("  %-10s %s%n", section.word(), section.description());
        }
        System.out.println();
        try {
            HelpFormatter.builder().setShowSince(false).get()
                    .printHelp("scripts/bench SECTION [OPTION...]", "", OPTIONS, "", false);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
