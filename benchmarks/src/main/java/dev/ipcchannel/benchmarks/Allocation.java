package dev.ipcchannel.benchmarks;

import java.util.List;

/// What messages in place cost the heaps of both sides.
final class Allocation {

    private Allocation() {}

    static void print(Report report, String what, List<Sample> samples) {
        long bytes = samples.stream().mapToLong(Sample::allocated).sum();
        long messages = samples.stream().mapToLong(sample -> sample.follower().messages()).sum();
        double each = (double) bytes / messages;
        String verdict = report.judge("%s, bytes allocated a message: 0".formatted(what),
                "%.3f".formatted(each), bytes < messages / 1000);
        report.line("allocated by both sides: %d bytes in %d messages, %.6f a message, aim 0: %s"
                .formatted(bytes, messages, each, verdict));
    }
}
