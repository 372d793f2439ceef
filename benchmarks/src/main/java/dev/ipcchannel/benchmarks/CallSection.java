package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Calls beside the bare channels that they go through: one after the other, and many at once.
final class CallSection {

    private static final double ROUND_TRIP_AIM = 1.5;
    private static final double IN_FLIGHT_AIM = 0.38;
    private static final String BARE = "ours, record, send and receive";
    private static final String OURS = "ours, calls";
    private static final String HYBRID = ", HYBRID";

    private static final List<Plan> CONTENDERS = List.of(
            new Plan(BARE, "readings", "SPIN", false),
            new Plan(OURS, "asking", "SPIN", false),
            new Plan(BARE + HYBRID, "readings", "HYBRID", false),
            new Plan(OURS + HYBRID, "asking", "HYBRID", false));

    private CallSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        try (Contenders contenders = Contenders.startJvms(machine, pace, CONTENDERS)) {
            report.section("Calls, a record of 48 bytes there and back",
                    "A calls and waits; B answers on the thread that receives. Beside it the same "
                            + "record sent and sent back. SPIN where nothing is said.");
            runRoundTrips(report, Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace));
            report.section("Calls, 1,000 in flight",
                    "A has 1,000 futures open and takes the oldest before it asks again. Beside it "
                            + "the same records one way. Counted at A.");
            runInFlight(report, Interleaving.run(Shape.IN_FLIGHT, contenders.all(), pace));
        }
    }

    private static void runRoundTrips(Report report, Interleaving results) {
        report.columns("p50 ns", "p99 ns", "times send and receive");
        for (Plan plan : CONTENDERS) {
            String name = plan.name();
            Spread ratio = results.ratio(name, base(name));
            String aim = name.equals(OURS) ? "<= 1.50: " + report.judge(
                    "call, times a bare round trip: <= 1.50",
                    "%.2f".formatted(ratio.median()), ratio.median() <= ROUND_TRIP_AIM) : "";
            report.row(name, "%.0f".formatted(results.figure(name).median()),
                    "%.0f".formatted(results.p99(name).median()),
                    name.equals(base(name)) ? "1" : ratio.asRatio(), aim);
        }
    }

    private static void runInFlight(Report report, Interleaving results) {
        report.columns("M msg/s", "ns each", "times one way");
        for (Plan plan : CONTENDERS) {
            String name = plan.name();
            double rate = results.figure(name).median();
            Spread ratio = results.ratio(name, base(name));
            String aim = name.equals(OURS) ? ">= 0.38: " + report.judge(
                    "1,000 calls in flight, times a stream one way: >= 0.38",
                    "%.2f".formatted(ratio.median()), ratio.median() >= IN_FLIGHT_AIM) : "";
            report.row(name, "%.2f".formatted(rate / 1e6), "%.0f".formatted(1e9 / rate),
                    name.equals(base(name)) ? "1" : ratio.asRatio(), aim);
        }
    }

    /// What a contender is compared with: the bare channel that waits in the same way.
    private static String base(String name) {
        return name.endsWith(HYBRID) ? BARE + HYBRID : BARE;
    }
}
