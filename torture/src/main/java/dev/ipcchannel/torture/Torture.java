package dev.ipcchannel.torture;

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
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.help.HelpFormatter;

/// The command line of the storms: `scripts/torture all`, or one of them for any time.
///
/// ```text
/// exit code   0   every storm hit what it aims at and broke nothing
///             1   a promise was broken, or a storm missed its aim
///             2   wrong usage
///             3   standard output cannot be written
/// ```
public final class Torture {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int OUTPUT_LOST = 3;

    private static final int DEFAULT_MINUTES = 5;
    // Each storm, without what it needs to begin and end: all together less than three minutes.
    private static final Duration SHORT = Duration.ofSeconds(17);
    // How much longer than its time a storm may take until it counts as hung.
    private static final Duration GRACE = Duration.ofSeconds(90);

    private static final Option MINUTES = Option.builder("m").longOpt("minutes").hasArg()
            .argName("N").desc("how long, all storms together: " + DEFAULT_MINUTES).get();
    private static final Option SEED = Option.builder("s").longOpt("seed").hasArg().argName("S")
            .desc("what everything random follows from: another one each time").get();
    private static final Option SHORT_FORM = Option.builder().longOpt("short")
            .desc("the form that scripts/test runs: less than three minutes for all").get();
    private static final Option HELP = Option.builder("h").longOpt("help").desc("print this").get();
    private static final Options OPTIONS = new Options().addOption(MINUTES).addOption(SEED)
            .addOption(SHORT_FORM).addOption(HELP);

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

    /// Runs the storms and prints what they found.
    ///
    /// @param arguments the storms' names and options, see `--help`
    /// @throws IOException if the folder of the run cannot be made or removed
    public static void main(String[] arguments) throws IOException {
        try {
            CommandLine line = DefaultParser.builder().setAllowPartialMatching(false).get()
                    .parse(OPTIONS, arguments);
            if (line.hasOption(HELP) || isList(line)) {
                printHelp();
                System.exit(exitCode(true));
            }
            System.exit(exitCode(run(line, chosen(line.getArgList()), arguments)));
        } catch (ParseException wrong) {
            System.err.println("torture: " + wrong.getMessage() + "; see scripts/torture --help");
            System.exit(WRONG_USAGE);
        }
    }

    /// Complains of output that is lost, unless a reader has had enough, as `head` has.
    private static int exitCode(boolean isWhole) {
        if (!System.out.checkError() || StandardOutput.isReadByAnother()) {
            return isWhole ? 0 : FAILED;
        }
        System.err.println(
                "torture: standard output cannot be written: see that its device has room");
        return OUTPUT_LOST;
    }

    private static boolean isList(CommandLine line) throws ParseException {
        boolean isList = line.getArgList().contains("list");
        if (isList && (line.getArgList().size() > 1 || line.getOptions().length > 0)) {
            throw new ParseException("list shows all storms: nothing else goes with it");
        }
        return isList;
    }

    static List<Storm> chosen(List<String> names) throws ParseException {
        if (names.equals(List.of("all"))) {
            return Storms.all();
        }
        if (names.isEmpty()) {
            throw new ParseException("the name of a storm is needed, or all");
        }
        if (names.contains("all")) {
            throw new ParseException("all is every storm: no other name goes with it");
        }
        for (String name : names) {
            if (Storms.all().stream().noneMatch(storm -> storm.name().equals(name))) {
                throw new ParseException("there is no storm of this name: " + name);
            }
        }
        return Storms.all().stream().filter(storm -> names.contains(storm.name())).toList();
    }

    private static boolean run(CommandLine line, List<Storm> storms, String[] arguments)
            throws ParseException, IOException {
        boolean isShort = line.hasOption(SHORT_FORM);
        if (isShort && line.hasOption(MINUTES)) {
            throw new ParseException("--short and --minutes exclude each other");
        }
        Duration all = isShort ? SHORT.multipliedBy(storms.size())
                : Duration.ofMinutes(number(line, MINUTES, DEFAULT_MINUTES));
        if (!all.isPositive()) {
            throw new ParseException("must be positive: --minutes=" + all.toMinutes());
        }
        long seed = number(line, SEED, new SplittableRandom().nextLong(1, 1L << 40));
        Report report = new Report(System.out, seed);
        report.head("scripts/torture " + String.join(" ", arguments));
        Torture torture = new Torture(report, seed, all.dividedBy(storms.size()), isShort);
        boolean isWhole = torture.runAll(storms);
        report.table();
        return isWhole;
    }

    private static long number(CommandLine line, Option option, long otherwise)
            throws ParseException {
        if (!line.hasOption(option)) {
            return otherwise;
        }
        try {
            return Long.parseLong(line.getOptionValue(option));
        } catch (NumberFormatException wrong) {
            throw new ParseException("not a number: --%s=%s".formatted(option.getLongOpt(),
                    line.getOptionValue(option)));
        }
    }

    /// Runs the storms one after the other in a folder of their own, which is gone afterwards.
    private boolean runAll(List<Storm> storms) throws IOException {
        Path folder = Files.createTempDirectory("torture-");
        System.setProperty("java.io.tmpdir", folder.toString());
        Pools.fill(Pools.MANY);
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
                    "the storm did not end within its time and %d s: the stacks of all threads are above"
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
                findings.fault("the storm left something behind: " + left);
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

    /// Leaves no process and no file, also where the run was ended by a signal.
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
        try {
            HelpFormatter.builder().setShowSince(false).get().printHelp(
                    "scripts/torture NAME... | all | list [OPTION...]", "", OPTIONS, "", false);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
