package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JobHosts.Plan;
import dev.ipcchannel.benchmarks.worker.JobMessage;
import dev.ipcchannel.benchmarks.worker.JobMessage.Work;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Many jobs in flight, next to no work and some: how many a second, and what they cost.
final class JobSection {

    private static final String ONE = "1 worker";
    private static final String FOUR = "4 workers";
    private static final String JSON_ONE = "JSON lines, " + ONE;
    private static final String JSON_FOUR = "JSON lines, " + FOUR;
    private static final String SET_ONE = "ours, shm, " + ONE;
    private static final String SET_FOUR = "ours, shm, " + FOUR;
    private static final String KEYS_ONE = "ours, shm, 64 keys, " + ONE;
    private static final String KEYS_FOUR = "ours, shm, 64 keys, " + FOUR;
    private static final String PRIORITIES_ONE = "ours, shm, priorities, " + ONE;
    private static final String PRIORITIES_FOUR = "ours, shm, priorities, " + FOUR;
    private static final String CONTEXT_ONE = "ours, shm, a context, " + ONE;
    private static final String CONTEXT_FOUR = "ours, shm, a context, " + FOUR;
    private static final String STREAM_ONE = "ours, shm, a stream, " + ONE;
    private static final String STREAM_FOUR = "ours, shm, a stream, " + FOUR;
    private static final String UNIX_ONE = "ours, unix, " + ONE;
    private static final String BARE_WORK = "bare work, ";
    private static final String BARE_ONE = BARE_WORK + "1 JVM";
    private static final String BARE_TWO = BARE_WORK + "2 JVMs";
    private static final int AT_ONCE = 64;

    // Plans that are compared follow each other, so that the machine changes least between them.
    private static final List<Plan> ADD_PLANS = List.of(
            new Plan("ours, shm, 64 at once, " + ONE, "set", "shm", 1, AT_ONCE),
            new Plan(CONTEXT_ONE, "context", "shm", 1, 1),
            new Plan(PRIORITIES_ONE, "priorities", "shm", 1, 1),
            new Plan(KEYS_ONE, "keys", "shm", 1, 1),
            new Plan(SET_ONE, "set", "shm", 1, 1),
            new Plan(JSON_ONE, "json", "", 1, 1),
            new Plan(STREAM_ONE, "map", "shm", 1, 1),
            new Plan(UNIX_ONE, "set", "unix", 1, 1),
            new Plan("ours, shm, 64 ahead, " + ONE, "ahead", "shm", 1, AT_ONCE),
            new Plan("ours, shm, 64 at once, " + FOUR, "set", "shm", 4, AT_ONCE),
            new Plan(CONTEXT_FOUR, "context", "shm", 4, 1),
            new Plan(PRIORITIES_FOUR, "priorities", "shm", 4, 1),
            new Plan(KEYS_FOUR, "keys", "shm", 4, 1),
            new Plan(SET_FOUR, "set", "shm", 4, 1),
            new Plan(JSON_FOUR, "json", "", 4, 1),
            new Plan(STREAM_FOUR, "map", "shm", 4, 1),
            new Plan("ours, unix, " + FOUR, "set", "unix", 4, 1),
            new Plan("ours, shm, 64 ahead, " + FOUR, "ahead", "shm", 4, AT_ONCE));

    private static final List<Plan> BARE = List.of(
            new Plan(BARE_ONE, "bare", "", 1, 1), new Plan(BARE_TWO, "bare", "", 2, 1));

    /// An aim for a rate.
    ///
    /// @param least times the rate of `base`, by the median; 0 where the rate is only shown
    /// @param leastEver in each round
    private record Aim(String name, String base, double least, double leastEver) {

        Aim(String name, String base, double least) {
            this(name, base, least, 0);
        }

        boolean isMet(Spread ratio) {
            return ratio.median() >= least && ratio.min() >= leastEver;
        }
    }

    private static final List<Aim> ADD_AIMS = List.of(new Aim(SET_ONE, JSON_ONE, 2.5, 1),
            new Aim(SET_FOUR, JSON_FOUR, 2), new Aim(STREAM_ONE, JSON_ONE, 4),
            new Aim(STREAM_FOUR, JSON_FOUR, 4), new Aim(UNIX_ONE, JSON_ONE, 0.7));
    private static final List<Aim> WORK_AIMS =
            List.of(new Aim(SET_ONE, JSON_ONE, 1.02), new Aim(SET_FOUR, JSON_FOUR, 1.1));
    private static final List<Aim> BARE_AIMS =
            List.of(new Aim(SET_ONE, BARE_ONE, 0.97), new Aim(SET_FOUR, BARE_TWO, 0.9));

    // Of jobs that are given with more than their data.
    private static final List<Aim> OPTION_AIMS = List.of(new Aim(KEYS_ONE, SET_ONE, 0.9),
            new Aim(PRIORITIES_ONE, SET_ONE, 0.9), new Aim(CONTEXT_ONE, SET_ONE, 0),
            new Aim(KEYS_FOUR, SET_FOUR, 0.9), new Aim(PRIORITIES_FOUR, SET_FOUR, 0.9),
            new Aim(CONTEXT_FOUR, SET_FOUR, 0));

    // Without those of OPTION_AIMS, which are measured with next to no work alone.
    private static final List<Plan> WORK_PLANS = Stream.concat(BARE.stream(),
            ADD_PLANS.stream().filter(plan -> !hasOption(plan))).toList();

    private static final double PROCESSOR_AIM = 1; // times JSON lines
    private static final double SWITCHES_AIM = 0.05; // a job
    private static final double BELLS_AIM = 0.02; // a job
    private static final List<String> COUNTED = List.of(SET_ONE, SET_FOUR);

    private static final int TRIALS = 100;

    private JobSection() {}

    private static boolean hasOption(Plan plan) {
        return OPTION_AIMS.stream().anyMatch(aim -> aim.name().equals(plan.name()));
    }

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Many jobs in flight, Add(int, int) to int",
                "A has 256 futures open and takes the oldest before it gives the next job. Not "
                        + "pinned. JSON: gson, stdin, stdout.");
        try (JobHosts hosts = JobHosts.start(machine, report,
                Stream.concat(BARE.stream(), ADD_PLANS.stream()).toList(), false)) {
            Interleaving adds =
                    Interleaving.runSteady(Shape.IN_FLIGHT, hosts.all("add", ADD_PLANS), pace);
            printRates(report, hosts, ADD_PLANS, adds, "Add", ADD_AIMS);
            printRatios(report, adds, "times plain", OPTION_AIMS);
            printCosts(report, hosts, adds);
            report.section("Many jobs in flight, each some work",
                    "The same with %d steps of a generator a job, %.0f microseconds in this JVM; "
                            .formatted(JobMessage.LONG, workMicros())
                            + "bare work: the same in a loop, without a host.");
            Interleaving works =
                    Interleaving.runSteady(Shape.IN_FLIGHT, hosts.all("work", WORK_PLANS), pace);
            printRates(report, hosts, WORK_PLANS, works, "work", WORK_AIMS);
            printRatios(report, works, "times bare work", BARE_AIMS);
        }
    }

    private static void printRates(Report report, JobHosts hosts, List<Plan> plans,
            Interleaving results, String work, List<Aim> aims) {
        report.columns("k jobs/s", "µs each", "times JSON lines");
        for (Plan plan : plans) {
            if (!hosts.has(plan)) {
                continue;
            }
            String name = plan.name();
            double rate = results.figure(name).median();
            report.row(name, "%.1f".formatted(rate / 1e3), "%.2f".formatted(1e6 / rate),
                    ratioToJson(results, plan),
                    aims.stream().filter(aim -> aim.name().equals(name))
                            .map(aim -> judge(report, work, aim,
                                    results.ratio(name, aim.base())))
                            .findFirst().orElse(""));
        }
    }

    /// Prints the rates of the aims once more, each times that of its base.
    private static void printRatios(Report report, Interleaving results, String times,
            List<Aim> aims) {
        report.columns("", "", times);
        for (Aim aim : aims) {
            Spread ratio = results.ratio(aim.name(), aim.base());
            String name = aim.base().startsWith(BARE_WORK)
                    ? aim.name() + ", " + aim.base().substring(BARE_WORK.length()) : aim.name();
            report.row(name, "", "", ratio.asRatio(),
                    aim.least() == 0 ? "" : judge(report, times, aim, ratio));
        }
    }

    private static String ratioToJson(Interleaving results, Plan plan) {
        if (plan.isBare()) {
            return "";
        }
        String base = json(plan);
        return plan.name().equals(base) ? "1" : results.ratio(plan.name(), base).asRatio();
    }

    private static String json(Plan plan) {
        return plan.children() == 1 ? JSON_ONE : JSON_FOUR;
    }

    private static String judge(Report report, String work, Aim aim, Spread ratio) {
        String limit = ">= %.2f%s".formatted(aim.least(),
                aim.leastEver() == 0 ? "" : ", never below %.0f".formatted(aim.leastEver()));
        return limit + ": " + report.judge("%s, %s: %s".formatted(work, aim.name(), limit),
                "%.2f".formatted(ratio.median()), aim.isMet(ratio));
    }

    /// Prints the processor time, switches and bells of the same turns, of all processes.
    private static void printCosts(Report report, JobHosts hosts, Interleaving results) {
        report.line("A job costs all processes together:");
        report.columns("µs cpu", "switches", "cpu, times JSON");
        for (Plan plan : ADD_PLANS) {
            if (!hosts.has(plan)) {
                continue;
            }
            String name = plan.name();
            Spread ratio = results.ratio(name, json(plan), JobSection::micros);
            double switches = median(results, name, sample -> sample.usage().switches());
            double bells = median(results, name, sample -> sample.usage().bells());
            report.row(name, "%.2f".formatted(Spread.of(results.of(name).stream()
                    .mapToDouble(JobSection::micros).toArray()).median()),
                    "%.3f".formatted(switches), name.equals(json(plan)) ? "1" : ratio.asRatio(),
                    (plan.hasRings() ? "%.4f bells".formatted(bells) : "") + (COUNTED.contains(name)
                            ? judgeCosts(report, name, ratio, switches, bells) : ""));
        }
    }

    private static String judgeCosts(Report report, String name, Spread ratio, double switches,
            double bells) {
        return "; cpu <= 1: " + report.judge(name + ", cpu, times JSON lines: <= 1",
                "%.2f".formatted(ratio.median()), ratio.median() <= PROCESSOR_AIM)
                + ", <= 0.05 switches: " + report.judge(name + ", switches a job: <= 0.05",
                        "%.3f".formatted(switches), switches <= SWITCHES_AIM)
                + ", <= 0.02 bells: " + report.judge(name + ", bells a job: <= 0.02",
                        "%.4f".formatted(bells), bells <= BELLS_AIM);
    }

    private static double micros(Sample sample) {
        return sample.usage().nanos() / 1e3 / sample.usage().jobs();
    }

    private static double median(Interleaving results, String name, Count count) {
        return Spread.of(results.of(name).stream()
                .mapToDouble(sample -> (double) count.of(sample) / sample.usage().jobs())
                .toArray()).median();
    }

    /// A count of a sample.
    private interface Count {

        /// Reads it.
        long of(Sample sample);
    }

    /// The time of a job of the second kind, in microseconds, once it is compiled.
    private static double workMicros() {
        double[] micros = new double[TRIALS];
        int result = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            long start = System.nanoTime();
            result = new Work(JobMessage.LONG, result).result();
            micros[trial] = (System.nanoTime() - start) / (double) TimeUnit.MICROSECONDS.toNanos(1);
        }
        return Spread.of(micros).median();
    }
}
