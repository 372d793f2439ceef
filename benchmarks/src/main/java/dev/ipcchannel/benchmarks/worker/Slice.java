package dev.ipcchannel.benchmarks.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The measurements of one process in a slice of time. Travels as a line of text.
///
/// @param messages messages, or round trips, that were counted
/// @param nanos the time they took
/// @param p50 the median round trip in nanoseconds, 0 for streams
/// @param p99 the 99th percentile of the round trips in nanoseconds, 0 for streams
/// @param allocated bytes that the thread allocated on the heap meanwhile
public record Slice(long messages, long nanos, long p50, long p99, long allocated) {

    private static final Pattern LINE = Pattern.compile(
            "slice messages=(\\d+) nanos=(\\d+) p50=(\\d+) p99=(\\d+) allocated=(\\d+)");

    /// Reads what [#line] wrote.
    public static Slice parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the result of a slice: " + line);
        }
        return new Slice(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)),
                Long.parseLong(matcher.group(5)));
    }

    /// The text of this slice.
    public String line() {
        return "slice messages=%d nanos=%d p50=%d p99=%d allocated=%d"
                .formatted(messages, nanos, p50, p99, allocated);
    }

    /// This stream and one of the same time, by another process.
    public Slice beside(Slice other) {
        long length = Math.max(nanos, other.nanos);
        long both = Math.round((rate() + other.rate()) * length / 1e9);
        return new Slice(both, length, 0, 0, allocated + other.allocated);
    }

    /// Messages a second.
    public double rate() {
        return messages * 1e9 / nanos;
    }
}
