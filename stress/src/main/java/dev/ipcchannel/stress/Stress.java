package dev.ipcchannel.stress;

import dev.ipcchannel.launcher.Arguments;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/// The command line of the races: `scripts/stress`, for all of them or some. The output of jcstress
/// goes to a log in the working directory, as do its results.
///
/// ```text
/// exit code   0   no race had an outcome that is forbidden
///             1   one had, or it never ended, or none could be run
///             2   wrong usage
///             3   standard output cannot be written
///           141   its reader has gone
/// ```
public final class Stress {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int OUTPUT_LOST = 3;

    private static final int DEFAULT_MINUTES = 30;
    private static final int MIN_MINUTES = 5;
    private static final int MAX_MINUTES = 100_000;

    private static final String LOG = "stress.log";

    // The states of a race are in strides, and the actors synchronize after each stride. Short
    // strides synchronize often, and few states at a time need few descriptors.
    private static final List<String> STRIDES = List.of("-strideSize", "64", "-strideCount", "4");

    // Each race runs interpreted, by C1, by C2, and several times by C2 with its code shuffled.
    private static final int SHUFFLED = 5;
    private static final int FORKS = 3 + SHUFFLED;
    private static final int ITERATIONS = 5;
    private static final Duration START = Duration.ofMillis(1500); // of a fork, and its end

    private static final Option MINUTES = Option.builder("m").longOpt("minutes").hasArg()
            .argName("N").desc("how long, all races together: " + DEFAULT_MINUTES).get();
    private static final Option SHORT = Option.builder().longOpt("short")
            .desc("a minute for all, in the JVM's usual mode alone").get();
    private static final Option HELP = Option.builder("h").longOpt("help").desc("print this").get();
    private static final List<Option> ALL = List.of(MINUTES, SHORT, HELP);

    private Stress() {}

    /// Runs the races and prints those that have failed.
    ///
    /// @param given parts of the races' names, and options, see `--help`
    public static void main(String[] given) throws Exception {
        try {
            Arguments arguments = Arguments.parse(ALL, given);
            if (arguments.has(HELP)) {
                System.out.println(Arguments.help("scripts/stress [NAME...] [OPTION...]", "", ALL,
                        ""));
                System.exit(exitCode(true));
            }
            System.exit(exitCode(run(arguments)));
        } catch (ParseException wrong) {
            System.err.println(Command.name("stress") + ": " + wrong.getMessage());
            System.exit(WRONG_USAGE);
        }
    }

    private static int exitCode(boolean isWhole) {
        boolean isLost = System.out.checkError();
        int lost = isLost ? StandardOutput.lost("stress", OUTPUT_LOST) : 0;
        return isWhole ? lost : FAILED;
    }

    private static boolean run(Arguments arguments) throws Exception {
        if (arguments.has(SHORT) && arguments.has(MINUTES)) {
            throw new ParseException("--short and --minutes exclude each other: pass one of them");
        }
        List<String> races = races(arguments.words());
        Duration all = Duration.ofMinutes(
                arguments.number(MINUTES, MIN_MINUTES, MAX_MINUTES, DEFAULT_MINUTES));
        List<String> mode = arguments.has(SHORT)
                ? List.of("-iters", "1", "-time", "500", "-jvmArgs", "-XX:+TieredCompilation")
                : List.of("-iters", "" + ITERATIONS, "-time", "" + iteration(all, races.size()),
                        "-fsm", "" + SHUFFLED);
        System.out.printf("%d races, about %s: the log is %s%n", races.size(),
                arguments.has(SHORT) ? "a minute" : all.toMinutes() + " minutes",
                Path.of(LOG).toAbsolutePath());
        return report(races, results(races, mode));
    }

    /// The races that have one of the words in their names; all, if there are none.
    static List<String> races(List<String> words) throws ParseException {
        for (String word : words) {
            if (TestList.tests().stream().noneMatch(race -> name(race).contains(word))) {
                throw new ParseException("no race has " + Command.shown(word)
                        + " in its name: the names are " + String.join(", ",
                                TestList.tests().stream().map(Stress::name).sorted().toList()));
            }
        }
        return TestList.tests().stream().filter(
                race -> words.isEmpty() || words.stream().anyMatch(name(race)::contains))
                .sorted().toList();
    }

    /// The race's name without its packages.
    private static String name(String race) {
        return race.replaceFirst("^[a-z.]*", "");
    }

    /// The milliseconds of an iteration in each of the JVMs of all races.
    private static long iteration(Duration all, int races) {
        Duration fork = all.dividedBy((long) races * FORKS).minus(START);
        return Math.max(10, fork.dividedBy(ITERATIONS).toMillis());
    }

    private static Collection<TestResult> results(List<String> races, List<String> mode)
            throws Exception {
        String names = String.join("|", races.stream().map(Pattern::quote).toList());
        List<String> line = new ArrayList<>(mode);
        line.addAll(STRIDES);
        line.addAll(List.of("-t", "^(" + names + ")$", "-sc", "false", "-v"));
        Options options = new Options(line.toArray(String[]::new));
        PrintStream screen = System.out;
        try (PrintStream log = new PrintStream(LOG)) {
            System.setOut(log); // jcstress has no other place
            boolean _ = options.parse();
            new JCStress(options).run();
        } catch (AssertionError _) {
            // some races have failed: the results name them
        } finally {
            System.setOut(screen);
        }
        return read(options.getResultFile());
    }

    private static Collection<TestResult> read(String file)
            throws IOException, ClassNotFoundException {
        InProcessCollector results = new InProcessCollector();
        if (Path.of(file).toFile().exists()) { // there is none if no race could be run
            DiskReadCollector reader = new DiskReadCollector(file, results);
            reader.dump();
            reader.close();
        }
        return results.getTestResults();
    }

    private static boolean report(List<String> races, Collection<TestResult> results) {
        List<String> failures = results.stream().flatMap(result -> failures(result).stream()
                .map(what -> name(result.getName()) + ": " + what)).distinct().sorted().toList();
        failures.forEach(System.out::println);
        long missing = races.stream().filter(race -> results.stream()
                .noneMatch(result -> result.getName().equals(race))).count();
        if (missing > 0) {
            System.out.println(missing + " races could not be run: jcstress wants two processors,"
                    + " and says more in the log: processors="
                    + Runtime.getRuntime().availableProcessors());
        }
        System.out.printf("%d outcomes in %d JVMs, %d failures%n",
                results.stream().mapToLong(TestResult::getTotalCount).sum(), results.size(),
                failures.size());
        return failures.isEmpty() && missing == 0;
    }

    private static List<String> failures(TestResult result) {
        return switch (result.status()) {
            case NORMAL -> result.grading().failureMessages;
            case TIMEOUT_ERROR -> List.of("it did not end: see the log");
            default -> List.of("it failed, %s: %s".formatted(result.status(),
                    String.join(" / ", result.getVmErr().isEmpty() ? result.getMessages()
                            : result.getVmErr())));
        };
    }
}
