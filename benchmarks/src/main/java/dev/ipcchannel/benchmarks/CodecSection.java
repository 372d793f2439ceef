package dev.ipcchannel.benchmarks;

import java.util.List;

/// A record to bytes and back, in one process: the binary codec beside code written by hand.
final class CodecSection {

    private static final double AIM = 2;
    private static final String LIMIT = "by hand, MemorySegment";
    private static final String OURS = "ours, binary codec";

    private CodecSection() {}

    /// Measures and prints.
    ///
    /// @return bytes of the record and what it holds, as the JVM allocates them
    static double run(Machine machine, Report report, Pace pace) throws InterruptedException {
        report.section("Codec, a record of 48 bytes",
                "An int, 8 floats and a name of 10 characters to bytes and back, 509 at a time, in "
                        + "one process; checked.");
        try (ChildProcess process = OneJvm.startCoding(machine)) {
            Interleaving results = Interleaving.run(Shape.CODING, List.of(
                    new OneJvm(process, LIMIT, "hand"), new OneJvm(process, OURS, "codec")), pace);
            double byHand = allocated(results, LIMIT);
            print(report, results, byHand);
            return byHand;
        }
    }

    private static void print(Report report, Interleaving results, double byHand) {
        report.columns("ns", "max ns", "times by hand");
        Spread ratio = results.ratio(OURS, LIMIT);
        String verdict = report.judge("codec, times code written by hand: <= 2",
                "%.2f".formatted(ratio.median()), ratio.median() <= AIM);
        row(report, results, LIMIT, "1", "");
        row(report, results, OURS, ratio.asRatio(), "<= 2: " + verdict);
        double more = allocated(results, OURS) - byHand;
        report.line("allocated for a message: %.3f bytes by hand, the record; %.3f more by us, "
                .formatted(byHand, more)
                + "aim 0: " + report.judge("codec, bytes allocated beyond the record: 0",
                        "%.3f".formatted(more), Allocation.isNone(more)));
    }

    private static void row(Report report, Interleaving results, String name, String ratio,
            String aim) {
        Spread nanos = results.figure(name);
        report.row(name, "%.1f".formatted(nanos.median()), "%.1f".formatted(nanos.max()), ratio,
                aim);
    }

    private static double allocated(Interleaving results, String name) {
        return Allocation.each(results.of(name).stream().map(Sample::leader).toList());
    }
}
