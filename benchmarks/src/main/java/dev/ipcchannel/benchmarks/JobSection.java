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
    private static final String STREAM_ONE = "ours, shm, a stream, " + ONE;
    private static final String STREAM_FOUR = "ours, shm, a stream, " + FOUR;
    private static final String UNIX_ONE = "ours, unix, " + ONE;
    private static final String BARE_ONE = "bare work, 1 JVM";
    private static final String BARE_TWO = "bare work, 2 JVMs";
    private static final int AT_ONCE = 64;

    // Plans that are compared follow each other, so that the machine changes least between them.
    private static final List<Plan> PLANS = List.of(
            new Plan("ours, shm, 64 at once, " + ONE, "set", "shm", 1, AT_ONCE),
            new Plan(SET_ONE, "set", "shm", 1, 1),
            new Plan(JSON_ONE, "json", "", 1, 1),
            new Plan(STREAM_ONE, "map", "shm", 1, 1),
            new Plan(UNIX_ONE, "set", "unix", 1, 1),
            new Plan("ours, shm, 64 ahead, " + ONE, "ahead", "shm", 1, AT_ONCE),
            new Plan("ours, shm, 64 at once, " + FOUR, "set", "shm", 4, AT_ONCE),
            new Plan(SET_FOUR, "set", "shm", 4, 1),
            new Plan(JSON_FOUR, "json", "", 4, 1),
            new Plan(STREAM_FOUR, "map", "shm", 4, 1),
            new Plan("ours, unix, " + FOUR, "set", "unix", 4, 1),
            new Plan("ours, shm, 64 ahead, " + FOUR, "ahead", "shm", 4, AT_ONCE));

    private static final List<Plan> BARE = List.of(
            new Plan(BARE_ONE, "bare", "", 1, 1), new Plan(BARE_TWO, "bare", "", 2, 1));

    private static final List<Plan> WITH_BARE =
            Stream.of(BARE, PLANS).flatMap(List::stream).toList();

    /// An aim for a rate.
    ///
    /// @param least times the rate of `base`, by the median
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

    private static final double PROCESSOR_AIM = 1; // times JSON lines
    private static final double SWITCHES_AIM = 0.05; // a job
    private static final double BELLS_AIM = 0.02; // a job
    private static final List<String> COUNTED = List.of(SET_ONE, SET_FOUR);

    private static final int TRIALS = 100;

    private JobSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Many jobs in flight, Add(int, int) to int",
                "A has 256 futures open and takes the oldest before it gives the next job. Not "
                        + "pinned. JSON: gson, stdin, stdout.");
        try (JobHosts hosts = JobHosts.start(machine, report, WITH_BARE, false)) {
            Interleaving adds =
                    Interleaving.runSteady(Shape.IN_FLIGHT, hosts.all("add", PLANS), pace);
            printRates(report, hosts, PLANS, adds, "Add", ADD_AIMS);
            printCosts(report, hosts, adds);
            report.section("Many jobs in flight, each some work",
                    "The same with %d steps of a generator a job, %.0f microseconds in this JVM; "
                            .formatted(JobMessage.LONG, workMicros())
                            + "bare work: the same in a loop, without a host.");
            Interleaving works =
                    Interleaving.runSteady(Shape.IN_FLIGHT, hosts.all("work", WITH_BARE), pace);
            printRates(report, hosts, WITH_BARE, works, "work", WORK_AIMS);
            report.columns("", "", "times bare work");
            for (Aim aim : BARE_AIMS) {
                Spread ratio = works.ratio(aim.name(), aim.base());
                report.row(aim.name() + ", " + aim.base().substring("bare work, ".length()), "",
                        "", ratio.asRatio(), judge(report, "times bare work", aim, ratio));
            }
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
        for (Plan plan : PLANS) {
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
