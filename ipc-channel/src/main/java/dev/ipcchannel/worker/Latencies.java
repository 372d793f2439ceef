package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.Arrays;

/// The times that jobs took, from the moment when they were given to the set to their answer: how
/// many of each length, to within 7 percent.
///
/// ```text
///     bucket = exponent (of 2) * 16 + the next four bits of the nanoseconds
/// ```
public final class Latencies {

    private static final int SUB_BITS = 4;
    private static final int SUBS = 1 << SUB_BITS;
    private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUBS;

    private final long[] counts;

    Latencies() {
        this(new long[BUCKETS]);
    }

    private Latencies(long[] counts) {
        this.counts = counts;
    }

    /// Counts one. By one thread at a time.
    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
    }

    /// The same at this moment, which changes no more.
    Latencies copy() {
        return new Latencies(counts.clone());
    }

    static int bucket(long nanos) {
        int exponent = Long.SIZE - Long.numberOfLeadingZeros(nanos | (SUBS - 1)) - SUB_BITS;
        return exponent * SUBS + (int) ((nanos >>> Math.max(0, exponent - 1)) & (SUBS - 1));
    }

    /// The longest that a bucket counts.
    static long upperBound(int bucket) {
        int exponent = bucket / SUBS;
        long sub = bucket % SUBS;
        return exponent == 0 ? sub : ((sub + SUBS + 1) << (exponent - 1)) - 1;
    }

    /// How many there were.
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /// The time within which that part of the jobs was answered, zero where there were none.
    ///
    /// @param part from 0 to 1, 0.99 for instance
    public Duration quantile(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("a quantile is from 0 to 1: part=" + part);
        }
        long wanted = (long) Math.ceil(part * count());
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted && seen > 0) {
                return Duration.ofNanos(upperBound(bucket));
            }
        }
        return Duration.ZERO;
    }

    @Override
    public String toString() {
        return "Latencies[count=%d, p50=%s, p99=%s]".formatted(count(),
                ShownTime.of(quantile(0.5)), ShownTime.of(quantile(0.99)));
    }
}
