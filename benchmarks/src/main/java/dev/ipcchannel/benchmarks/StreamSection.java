package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Messages one way, as fast as they go.
final class StreamSection {

    private static final double AIM = 0.15;
    private static final String LIMIT = "bare cache line, C";
    private static final String OURS = "ours, in place, SPIN";
    private static final String AERON = "Aeron IPC 1.51";

    private static final List<Plan> CONTENDERS = List.of(
            new Plan(OURS, "in-place", "SPIN", false),
            new Plan(AERON, "aeron", "SPIN", false));

    private static final List<Plan> TYPED = List.of(
            new Plan("ours, byte[48], HYBRID", "bytes", "HYBRID", false),
            new Plan("ours, String, HYBRID", "strings", "HYBRID", false));

    private StreamSection() {}

    static void runInPlace(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Stream, 48 bytes",
                "A sends six words after another to B as fast as B takes them; B checks them. "
                        + "Counted at B.");
        try (Contenders contenders = Contenders.start(machine, pace, CONTENDERS)) {
            Interleaving results = Interleaving.run(Shape.STREAM, contenders.all(), pace);
            print(report, results, contenders.all());
            Spread overAeron = results.ratio(OURS, AERON);
            String verdict = report.judge("stream in place, times Aeron: >= 1",
                    "%.2f".formatted(overAeron.median()), overAeron.median() >= 1);
            report.line(
                    "ours is %s times Aeron, aim >= 1: %s".formatted(overAeron.asRatio(), verdict));
            Allocation.print(report, "stream in place", results.of(OURS));
        }
    }

    static void runTyped(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Stream, 48 bytes, typed",
                "The same with send and receive of one object after another.");
        try (Contenders contenders = Contenders.start(machine, pace, TYPED)) {
            print(report, Interleaving.run(Shape.STREAM, contenders.all(), pace), contenders.all());
        }
    }

    private static void print(Report report, Interleaving results, List<Contender> contenders) {
        report.columns("M msg/s", "ns each", "times the C ring");
        for (Contender contender : contenders) {
            String name = contender.name();
            Spread ratio = results.ratio(name, LIMIT);
            double rate = results.figure(name).median();
            String aim = name.equals(OURS)
                    ? ">= 0.15: " + report.judge("stream in place, times the C ring: >= 0.15",
                            "%.2f".formatted(ratio.median()), ratio.median() >= AIM)
                    : "";
            report.row(name.equals(LIMIT) ? "C ring" : name, "%.1f".formatted(rate / 1e6),
                    "%.1f".formatted(1e9 / rate), name.equals(LIMIT) ? "1" : ratio.asRatio(), aim);
        }
    }
}
