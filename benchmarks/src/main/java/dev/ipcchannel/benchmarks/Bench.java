package dev.ipcchannel.benchmarks;

import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The benchmarks' command line: `scripts/bench quick`, or one section of it at any length.
///
/// ```text
/// exit code   0   done, whether the aims are met or not
///             1   a process failed or a message was wrong: the numbers are worth nothing
///             2   wrong usage
///             3   standard output cannot be written
///           141   its reader has gone
/// ```
public final class Bench {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int OUTPUT_LOST = 3;

    private static final int MAX_ROUNDS = 10_000;
    private static final int MAX_MILLIS = 600_000;
    private static final int MAX_COUNT = 10_000_000;
    private static final int MIN_CAPACITY = 4096;
    private static final int MAX_CAPACITY = 1 << 30;

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
                    .desc("channels that are made to see whether they leave something over, and"
                            + " files that are read: %d"
                                    .formatted(DEFAULT_COUNT))
                    .get();
    private static final Option HELP = Option.builder("h").longOpt("help").desc("print this").get();
    private static final List<Option> ALL =
            List.of(ROUNDS, SLICE, WARM_UP, CAPACITY, COUNT, HELP);

    private Bench() {}

    /// Measures and prints.
    ///
    /// @param given the section and options, see `--help`
    public static void main(String[] given) throws InterruptedException {
        try {
            Arguments arguments = Arguments.parse(ALL, given);
            if (arguments.has(HELP)) {
                printHelp();
                checkOutput();
                return;
            }
            if (arguments.words().size() != 1) {
                throw new ParseException("one section is needed, and nothing else: given="
                        + arguments.words() + ": see " + Command.help());
            }
            run(Section.of(arguments.words().getFirst()), pace(arguments),
                    String.join(" ", given));
            checkOutput();
        } catch (ParseException wrong) {
            System.err.println("bench: " + wrong.getMessage());
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

    private static void checkOutput() {
        if (System.out.checkError()) {
            System.exit(StandardOutput.lost("bench", OUTPUT_LOST));
        }
    }

    private static Pace pace(Arguments arguments) throws ParseException {
        return new Pace(arguments.number(ROUNDS, 1, MAX_ROUNDS, DEFAULT_ROUNDS),
                arguments.number(SLICE, 1, MAX_MILLIS, DEFAULT_SLICE_MILLIS),
                arguments.number(WARM_UP, 1, MAX_MILLIS, DEFAULT_WARM_UP_MILLIS),
                capacity(arguments),
                arguments.number(COUNT, 1, MAX_COUNT, DEFAULT_COUNT));
    }

    private static int capacity(Arguments arguments) throws ParseException {
        int capacity =
                arguments.number(CAPACITY, MIN_CAPACITY, MAX_CAPACITY, DEFAULT_CAPACITY);
        if (Integer.bitCount(capacity) != 1) {
            throw arguments.refusal(CAPACITY, "a power of two from %d to %d"
                    .formatted(MIN_CAPACITY, MAX_CAPACITY));
        }
        return capacity;
    }

    private static void printHelp() {
        System.out.println("Measures ipc-channel beside what it can be compared with.\n");
        for (Section section : Section.values()) {
            System.out.printf("  %-10s %s%n", section.word(), section.description());
        }
        System.out.println();
        System.out.println(Arguments.help("scripts/bench SECTION [OPTION...]", "", ALL, ""));
    }
}
