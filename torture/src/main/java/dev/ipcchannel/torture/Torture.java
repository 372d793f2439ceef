package dev.ipcchannel.torture;

import static java.util.stream.Collectors.joining;

import dev.ipcchannel.internal.meet.EntryWatch;
import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/// The command line of the storms: `scripts/torture all`, or one storm for any time.
///
/// ```text
/// exit code   0   every storm hit what it aims at and broke nothing
///             1   a promise was broken, or a storm missed its aim
///             2   wrong usage
///             3   standard output cannot be written
///           141   its reader has gone
/// ```
public final class Torture {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int OUTPUT_LOST = 3;

    private static final int DEFAULT_MINUTES = 5;
    private static final int MAX_MINUTES = 100_000;
    // For each storm, without its start and end: all storms together take less than two minutes.
    private static final Duration SHORT = Duration.ofSeconds(10);
    // The time by which a storm may exceed its own until it counts as hung.
    private static final Duration GRACE = Duration.ofSeconds(90);

    private static final Option MINUTES = Option.builder("m").longOpt("minutes").hasArg()
            .argName("N").desc("how long, all storms together: " + DEFAULT_MINUTES).get();
    private static final Option SEED = Option.builder("s").longOpt("seed").hasArg().argName("S")
            .desc("what everything random follows from: another one each time").get();
    private static final Option SHORT_FORM = Option.builder().longOpt("short")
            .desc("the form that scripts/test runs: less than two minutes for all").get();
    private static final Option HELP = Option.builder("h").longOpt("help").desc("print this").get();
    private static final List<Option> ALL = List.of(MINUTES, SEED, SHORT_FORM, HELP);

    private final Report report;
    private final long seed;
    private final Duration each;
    private final boolean isShort;

    private Torture(Report report, long seed, Duration each, boolean isShort) {
        this.report = report;
        this.seed = seed;
        this.each = each;
        this.isShort = isShort;
    }

    /// Runs the storms and prints their findings.
    ///
    /// @param given the storms' names and options, see `--help`
    public static void main(String[] given) {
        try {
            Arguments arguments = Arguments.parse(ALL, given);
            if (arguments.has(HELP) || isList(arguments, given.length)) {
                printHelp();
                System.exit(exitCode(true));
            }
            System.exit(exitCode(run(arguments, chosen(arguments.words()), given)));
        } catch (ParseException wrong) {
            System.err.println("torture: " + wrong.getMessage());
            System.exit(WRONG_USAGE);
        } catch (IOException failure) {
            System.err.println("torture: the storms cannot begin, since a socket cannot be opened:"
                    + " cause=" + failure + ": raise ulimit -n");
            System.exit(WRONG_USAGE);
        }
    }

    private static int exitCode(boolean isWhole) {
        boolean isLost = System.out.checkError();
        int lost = isLost ? StandardOutput.lost("torture", OUTPUT_LOST) : 0;
        return isWhole ? lost : FAILED;
    }

    private static boolean isList(Arguments arguments, int given) throws ParseException {
        boolean isList = arguments.words().contains("list");
        if (isList && given > 1) {
            throw new ParseException("list shows all storms, nothing else goes with it: leave"
                    + " the rest out");
        }
        return isList;
    }

    static List<Storm> chosen(List<String> names) throws ParseException {
        if (names.equals(List.of("all"))) {
            return Storms.all();
        }
        if (names.isEmpty()) {
            throw new ParseException("the name of a storm is needed, or all: see "
                    + Command.help());
        }
        if (names.contains("all")) {
            throw new ParseException(
                    "all is every storm, no other name goes with it: given=" + names
                            + ": leave the others out");
        }
        for (String name : names) {
            if (Storms.all().stream().noneMatch(storm -> storm.name().equals(name))) {
                throw new ParseException("there is no storm %s: the storms are %s".formatted(name,
                        Storms.all().stream().map(Storm::name).collect(joining(", "))));
            }
        }
        return Storms.all().stream().filter(storm -> names.contains(storm.name())).toList();
    }

    private static boolean run(Arguments arguments, List<Storm> storms, String[] given)
            throws ParseException, IOException {
        boolean isShort = arguments.has(SHORT_FORM);
        if (isShort && arguments.has(MINUTES)) {
            throw new ParseException("--short and --minutes exclude each other: pass one of them");
        }
        Duration all = isShort ? SHORT.multipliedBy(storms.size())
                : Duration.ofMinutes(
                        arguments.number(MINUTES, 1, MAX_MINUTES, DEFAULT_MINUTES));
        long seed = arguments.number(SEED, Long.MIN_VALUE, Long.MAX_VALUE,
                new SplittableRandom().nextLong(1, 1L << 40));
        Path folder = folder();
        Report report = new Report(System.out, seed);
        report.head("scripts/torture " + String.join(" ", given));
        Torture torture = new Torture(report, seed, all.dividedBy(storms.size()), isShort);
        boolean isWhole = torture.runAll(storms, folder);
        report.table();
        return isWhole;
    }

    private static Path folder() throws ParseException {
        try {
            return Files.createTempDirectory("torture-");
        } catch (IOException failure) {
            throw new ParseException("no folder for the run can be made: folder="
                    + System.getProperty("java.io.tmpdir") + ", cause=" + failure
                    + ": name one that you may write to,"
                    + " by JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
        }
    }

    /// Runs the storms one after another in a folder of their own, which is deleted afterwards.
    private boolean runAll(List<Storm> storms, Path folder) throws IOException {
        System.setProperty("java.io.tmpdir", folder.toString());
        Pools.fill(Pools.MANY);
        EntryWatch _ = EntryWatch.instance(); // names keep it, and a thread, as long as the process
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(folder), "leave"));
        boolean isWhole = true;
        for (Storm storm : storms) {
            isWhole &= run(storm);
        }
        return isWhole;
    }

    private boolean run(Storm storm) {
        Budget budget = new Budget(seed, each, isShort);
        Findings findings = new Findings();
        report.begin(storm, budget);
        long start = System.nanoTime();
        try (var _ = Watchdog.over(storm, budget.time().plus(GRACE), () -> {
            findings.fault(
                    ("the storm did not end within its time and %d s: the stacks of all threads"
                            + " are above")
                            .formatted(GRACE.toSeconds()));
            finish(storm, start, findings);
            report.table();
            leave(Path.of(System.getProperty("java.io.tmpdir")));
        }); var _ = ProgressLine.start(storm.name(), budget, findings)) {
            Leftovers before = Leftovers.now();
            storm.run(budget, findings);
            findings.checkAims();
            Map<String, Integer> left = Leftovers.awaitNothingBeyond(before);
            if (!left.isEmpty()) {
                findings.fault("the storm left something over: " + left);
            }
        } catch (Exception | Error failure) {
            findings.fault("the storm failed", failure);
        }
        finish(storm, start, findings);
        return findings.faultCount() == 0;
    }

    private void finish(Storm storm, long startNanos, Findings findings) {
        report.end(storm, Duration.ofNanos(System.nanoTime() - startNanos), findings);
    }

    /// Leaves no process and no file, even if a signal has ended the run.
    private static void leave(Path folder) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException | UncheckedIOException failure) {
            System.err.println("torture: a folder could not be removed: " + failure);
        }
    }

    private static void printHelp() {
        System.out.println("Tries to break what ipc-channel promises.\n");
        for (Storm storm : Storms.all()) {
            System.out.printf("  %-10s %s%n", storm.name(), storm.aim());
        }
        System.out.println();
        System.out.println(Arguments.help("scripts/torture NAME... | all | list [OPTION...]", "",
                ALL, ""));
    }
}
