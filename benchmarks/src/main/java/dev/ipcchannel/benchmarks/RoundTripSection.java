package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Round trips of busy-waiting contenders, then of all the ways to wait and to send.
final class RoundTripSection {

    private static final double AIM = 1.3;
    private static final String LIMIT = "bare cache line, C";
    private static final String OURS = "ours, in place, SPIN";

    private static final List<Plan> BUSY = List.of(
            new Plan(OURS, "in-place", "SPIN", false),
            new Plan("Aeron IPC 1.51", "aeron", "SPIN", false));

    private static final List<Plan> OTHERS = List.of(
            new Plan("ours, in place, HYBRID", "in-place", "HYBRID", false),
            new Plan("ours, in place, BLOCK", "in-place", "BLOCK", false),
            new Plan("ours, in place, BLOCK, one core", "in-place", "BLOCK", true),
            new Plan("ours, byte[48], SPIN", "bytes", "SPIN", false),
            new Plan("ours, byte[48], HYBRID", "bytes", "HYBRID", false),
            new Plan("ours, String, SPIN", "strings", "SPIN", false),
            new Plan("ours, String, HYBRID", "strings", "HYBRID", false),
            new Plan("JDK Unix socket", "unix-socket", "BLOCK", false),
            new Plan("JDK Unix socket, one core", "unix-socket", "BLOCK", true));

    private RoundTripSection() {}

    static void runBusy(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Round trip, 48 bytes, both sides busy-waiting",
                "A sends six words to B, B sends them back; each way is checked. "
                        + "Two looks at the clock each.");
        try (Contenders contenders = Contenders.start(machine, pace, BUSY)) {
            Interleaving results = Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace);
            print(report, results, contenders.all());
            Allocation.print(report, "round trips in place", results.of(OURS));
        }
    }

    static void runOthers(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Round trip, 48 bytes, other ways to wait and to send",
                "The same. BLOCK and sockets sleep for each message; "
                        + "\"one core\": A and B share a processor.");
        try (Contenders contenders = Contenders.start(machine, pace, OTHERS)) {
            print(report, Interleaving.run(Shape.ROUND_TRIP, contenders.all(), pace),
                    contenders.all());
        }
    }

    private static void print(Report report, Interleaving results, List<Contender> contenders) {
        report.columns("p50 ns", "p99 ns", "times the cache line");
        for (Contender contender : contenders) {
            String name = contender.name();
            Spread ratio = results.ratio(name, LIMIT);
            String aim = name.equals(OURS)
                    ? "<= 1.30: "
                            + report.judge("spinning round trip, times the cache line: <= 1.30",
                                    "%.2f".formatted(ratio.median()), ratio.median() <= AIM)
                    : "";
            report.row(name, "%.0f".formatted(results.figure(name).median()),
                    "%.0f".formatted(results.p99(name).median()),
                    name.equals(LIMIT) ? "1" : ratio.asRatio(), aim);
        }
    }
}
