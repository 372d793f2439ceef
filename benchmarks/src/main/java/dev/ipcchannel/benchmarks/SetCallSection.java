package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JobHosts.Plan;
import java.util.List;

/// Jobs that are given to a worker one after the other.
final class SetCallSection {

    private static final double CALL_AIM = 1.8;
    private static final double UNIX_CALL_AIM = 1.5;
    private static final String CALL = "ours, call of a set, shm";
    private static final String UNIX_CALL = "ours, call of a set, unix";
    private static final String BARE = "ours, channels, shm";
    private static final String UNIX_BARE = "ours, channels, unix";
    private static final String SOCKET = "JDK, Unix socket, blocking";

    private static final List<Plan> CALLS = List.of(
            new Plan(BARE, "link", "shm", 1, 1),
            new Plan(CALL, "set", "shm", 1, 1),
            new Plan(SOCKET, "socket", "", 1, 1),
            new Plan(UNIX_CALL, "set", "unix", 1, 1),
            new Plan(UNIX_BARE, "link", "unix", 1, 1));

    private SetCallSection() {}

    static void run(Machine machine, Report report, Pace pace)
            throws InterruptedException {
        report.section("Calls of a set with one worker, Add(int, int) to int",
                "A calls and waits; the worker adds. Beside it the same messages through the bare "
                        + "channels of a child, and by a blocking socket.");
        try (JobHosts hosts = JobHosts.start(machine, report, CALLS, true)) {
            Interleaving results = Interleaving.runSteady(Shape.ROUND_TRIP,
                    hosts.all("call", CALLS), pace);
            report.columns("p50 ns", "p99 ns", "times the bare one");
            for (Plan plan : CALLS) {
                if (hosts.has(plan)) {
                    call(report, results, plan.name());
                }
            }
        }
    }

    private static void call(Report report, Interleaving results, String name) {
        String base = name.equals(CALL) || name.equals(BARE) ? BARE : SOCKET;
        Spread ratio = results.ratio(name, base);
        report.row(name, "%.0f".formatted(results.figure(name).median()),
                "%.0f".formatted(results.p99(name).median()),
                name.equals(base) ? "1" : ratio.asRatio(),
                switch (name) {
                    case CALL -> aim(report, "call of a set, times the bare channels", ratio,
                            CALL_AIM);
                    case UNIX_CALL -> aim(report, "call of a set, unix, times the JDK's socket",
                            ratio, UNIX_CALL_AIM);
                    default -> "";
                });
    }

    private static String aim(Report report, String what, Spread ratio, double most) {
        return "<= %.2f: ".formatted(most) + report.judge("%s: <= %.2f".formatted(what, most),
                "%.2f".formatted(ratio.median()), ratio.median() <= most);
    }
}
