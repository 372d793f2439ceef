package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;
import java.util.List;

/// The cost of messages to the heaps.
final class Allocation {

    private static final double NONE = 0.001;

    private Allocation() {}

    static void print(Report report, String what, List<Sample> samples) {
        long bytes = samples.stream().mapToLong(Sample::allocated).sum();
        long messages = samples.stream().mapToLong(sample -> sample.follower().messages()).sum();
        double each = (double) bytes / messages;
        String verdict = report.judge("%s, bytes allocated a message: 0".formatted(what),
                "%.3f".formatted(each), isNone(each));
        report.line("allocated by both sides: %d bytes in %d messages, %.6f a message, aim 0: %s"
                .formatted(bytes, messages, each, verdict));
    }

    /// Bytes that one side allocated, for each of its messages.
    static double each(List<Slice> slices) {
        long bytes = slices.stream().mapToLong(Slice::allocated).sum();
        return (double) bytes / slices.stream().mapToLong(Slice::messages).sum();
    }

    /// Whether as little was allocated for a message as if it were nothing.
    static boolean isNone(double each) {
        return each < NONE;
    }
}
