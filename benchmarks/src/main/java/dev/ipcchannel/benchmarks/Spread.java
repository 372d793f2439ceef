package dev.ipcchannel.benchmarks;

import java.util.Arrays;

/// A median and what lies around it.
record Spread(double median, double min, double max) {

    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /// As a ratio: `1.21 (1.18..1.25)`.
    String asRatio() {
        return "%s (%s..%s)".formatted(ratio(median), ratio(min), ratio(max));
    }

    private static String ratio(double value) {
        return value < 9.995 ? "%.2f".formatted(value) : "%.0f".formatted(value);
    }
}
