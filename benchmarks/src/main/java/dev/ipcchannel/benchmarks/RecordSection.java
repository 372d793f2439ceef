package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Records one way, as fast as they go, beside bytes of the same length in place.
final class RecordSection {

    private static final double AIM = 0.25;
    private static final String LIMIT = "ours, bytes in place";
    private static final String OURS = "ours, record, exclusive";
    private static final String SHARED = "ours, record, shared sender";
    private static final String HYBRID = "ours, record, shared, HYBRID";

    private static final List<Plan> CONTENDERS = List.of(
            new Plan(LIMIT, "in-place", "SPIN", false),
            new Plan(OURS, "readings-exclusive", "SPIN", false),
            new Plan(SHARED, "readings", "SPIN", false),
            new Plan(HYBRID, "readings", "HYBRID", false));

    private RecordSection() {}

    /// @param recordBytes what the receiver allocates for a message at least: the message
    static void run(Machine machine, Report report, Pace pace, double recordBytes)
            throws InterruptedException {
        report.section("Stream of records, 48 bytes",
                "A sends records made beforehand, B receives and checks each; SPIN where nothing "
                        + "is said. Counted at B.");
        try (Contenders contenders = Contenders.startJvms(machine, pace, CONTENDERS)) {
            Interleaving results = Interleaving.run(Shape.STREAM, contenders.all(), pace);
            report.columns("M msg/s", "ns each", "times in place");
            for (Plan plan : CONTENDERS) {
                row(report, results, plan.name());
            }
            printAllocation(report, results, recordBytes);
        }
    }

    private static void row(Report report, Interleaving results, String name) {
        double rate = results.figure(name).median();
        Spread ratio = results.ratio(name, LIMIT);
        String aim = name.equals(OURS)
                ? ">= 0.25: " + report.judge("stream of records, times in place: >= 0.25",
                        "%.2f".formatted(ratio.median()), ratio.median() >= AIM)
                : "";
        report.row(name, "%.1f".formatted(rate / 1e6), "%.1f".formatted(1e9 / rate),
                name.equals(LIMIT) ? "1" : ratio.asRatio(), aim);
    }

    private static void printAllocation(Report report, Interleaving results, double recordBytes) {
        for (String name : List.of(OURS, SHARED)) {
            List<Sample> samples = results.of(name);
            double sent = Allocation.each(samples.stream().map(Sample::leader).toList());
            double received = Allocation.each(samples.stream().map(Sample::follower).toList());
            String verdict = report.judge("%s, bytes allocated a send: 0".formatted(name),
                    "%.3f".formatted(sent), Allocation.isNone(sent));
            report.line("%s, allocated: %.6f bytes a send, aim 0: %s; %.3f a receive beyond the "
                    .formatted(name, sent, verdict, received - recordBytes) + "record");
        }
    }
}
