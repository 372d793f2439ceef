package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JobHosts.Plan;
import dev.ipcchannel.benchmarks.worker.JobMessage;
import dev.ipcchannel.benchmarks.worker.JobMessage.Work;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Jobs that are done by other processes: one after the other, and many at once.
final class WorkerSection {

    private static final double CALL_AIM = 3;
    private static final String CALL = "ours, call of a set, shm";
    private static final String UNIX_CALL = "ours, call of a set, unix";
    private static final String BARE = "ours, channels, shm";
    private static final String UNIX_BARE = "ours, channels, unix";

    private static final List<Plan> CALLS = List.of(
            new Plan(BARE, "link", "shm", 1, 1),
            new Plan(CALL, "set", "shm", 1, 1),
            new Plan(UNIX_BARE, "link", "unix", 1, 1),
            new Plan(UNIX_CALL, "set", "unix", 1, 1));

    private static final String JSON = "JSON lines, %s";
    private static final String ONE = "1 worker";
    private static final String FOUR = "4 workers";
    private static final int AT_ONCE = 64;

    private static final List<Plan> MANY = List.of(
            new Plan(JSON.formatted(ONE), "json", "", 1, 1),
            new Plan("ours, shm, " + ONE, "set", "shm", 1, 1),
            new Plan("ours, shm, a stream, " + ONE, "map", "shm", 1, 1),
            new Plan("ours, shm, 64 at once, " + ONE, "set", "shm", 1, AT_ONCE),
            new Plan("ours, shm, 64 ahead, " + ONE, "ahead", "shm", 1, AT_ONCE),
            new Plan("ours, unix, " + ONE, "set", "unix", 1, 1),
            new Plan(JSON.formatted(FOUR), "json", "", 4, 1),
            new Plan("ours, shm, " + FOUR, "set", "shm", 4, 1),
            new Plan("ours, shm, a stream, " + FOUR, "map", "shm", 4, 1),
            new Plan("ours, shm, 64 at once, " + FOUR, "set", "shm", 4, AT_ONCE),
            new Plan("ours, shm, 64 ahead, " + FOUR, "ahead", "shm", 4, AT_ONCE),
            new Plan("ours, unix, " + FOUR, "set", "unix", 4, 1));

    private static final int TRIALS = 100;

    private WorkerSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        runCalls(machine, report, pace);
        runMany(machine, report, pace);
        SpawnSection.run(machine, report, pace.rounds());
        TakeoverSection.run(report, pace.rounds());
    }

    private static void runCalls(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Calls of a set with one worker, Add(int, int) to int",
                "A calls and waits; the worker adds. Beside it the same messages through the bare "
                        + "channels of a child.");
        try (JobHosts hosts = JobHosts.start(machine, report, CALLS, true)) {
            Interleaving results = Interleaving.run(Shape.ROUND_TRIP, hosts.all("call"), pace);
            report.columns("p50 ns", "p99 ns", "times bare channels");
            for (Plan plan : CALLS) {
                if (hosts.has(plan)) {
                    call(report, results, plan.name());
                }
            }
        }
    }

    private static void call(Report report, Interleaving results, String name) {
        String base = name.endsWith("unix") ? UNIX_BARE : BARE;
        Spread ratio = results.ratio(name, base);
        String aim = name.equals(CALL) ? "<= 3.00: " + report.judge(
                "call of a set, times the bare round trip: <= 3.00",
                "%.2f".formatted(ratio.median()), ratio.median() <= CALL_AIM) : "";
        report.row(name, "%.0f".formatted(results.figure(name).median()),
                "%.0f".formatted(results.p99(name).median()),
                name.equals(base) ? "1" : ratio.asRatio(), aim);
    }

    private static void runMany(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Many jobs in flight, Add(int, int) to int",
                "A has 256 futures open and takes the oldest before it gives the next job. Not "
                        + "pinned. JSON: gson, stdin, stdout.");
        try (JobHosts hosts = JobHosts.start(machine, report, MANY, false)) {
            many(report, hosts, Interleaving.run(Shape.IN_FLIGHT, hosts.all("add"), pace));
            report.section("Many jobs in flight, each some work",
                    "The same with %d steps of a generator a job, %.0f microseconds in this JVM."
                            .formatted(JobMessage.LONG, workMicros()));
            many(report, hosts, Interleaving.run(Shape.IN_FLIGHT, hosts.all("work"), pace));
        }
    }

    private static void many(Report report, JobHosts hosts, Interleaving results) {
        report.columns("k jobs/s", "µs each", "times JSON lines");
        for (Plan plan : MANY) {
            if (!hosts.has(plan)) {
                continue;
            }
            String name = plan.name();
            String base = JSON.formatted(plan.children() == 1 ? ONE : FOUR);
            double rate = results.figure(name).median();
            report.row(name, "%.1f".formatted(rate / 1e3), "%.2f".formatted(1e6 / rate),
                    name.equals(base) ? "1" : results.ratio(name, base).asRatio(), "");
        }
    }

    /// How long a job of the second kind takes, once it is compiled.
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
