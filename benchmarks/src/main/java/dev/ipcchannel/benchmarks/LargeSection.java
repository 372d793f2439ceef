package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.JvmPair.Plan;
import java.util.List;

/// Messages of 1 MiB one way, as fast as they go.
final class LargeSection {

    private static final double AIM = 0.7;
    private static final double MEBIBYTE = 1024 * 1024;
    private static final String LIMIT = CacheLine.NAME;
    private static final String OURS = "ours, in place, SPIN";

    private static final List<Plan> CONTENDERS = List.of(
            new Plan(OURS, "large", "SPIN", false),
            new Plan("ours, byte[], SPIN", "large-bytes", "SPIN", false));

    private LargeSection() {}

    static void run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Stream, 1 MiB",
                "A copies each message to where it is sent from, B copies it out and checks a word "
                        + "of each page. Counted at B.");
        try (Contenders contenders = Contenders.start(machine, pace, CONTENDERS)) {
            Interleaving results = Interleaving.run(Shape.LARGE, contenders.all(), pace);
            report.columns("GB/s", "µs each", "times the C ring");
            for (Contender contender : contenders.all()) {
                row(report, results, contender.name());
            }
        }
    }

    private static void row(Report report, Interleaving results, String name) {
        double rate = results.figure(name).median();
        Spread ratio = results.ratio(name, LIMIT);
        String aim = name.equals(OURS)
                ? ">= 0.70: " + report.judge("stream of 1 MiB in place, times the C ring: >= 0.70",
                        "%.2f".formatted(ratio.median()), ratio.median() >= AIM)
                : "";
        report.row(name.equals(LIMIT) ? "C ring, memcpy in and out" : name,
                "%.2f".formatted(rate * MEBIBYTE / 1e9), "%.0f".formatted(1e6 / rate),
                name.equals(LIMIT) ? "1" : ratio.asRatio(), aim);
    }
}
