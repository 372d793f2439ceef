package dev.ipcchannel.torture;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// The calls that exceeded their allowed time by more than [#LIMIT], as a histogram, and the worst
/// call of each name. Any thread may use it.
final class SlowCalls {

    /// The time by which a call may exceed its allowed time without being recorded.
    static final Duration LIMIT = Duration.ofMillis(250);

    private final LongAdder calls = new LongAdder();
    // The key is a power of two of milliseconds: 256 stands for 256 to 511.
    private final Map<Long, Long> histogram = new TreeMap<>();
    private final Map<String, Duration> worst = new TreeMap<>();

    /// Records a call.
    ///
    /// @param over the time by which it exceeded its allowed time
    void note(String call, Duration over) {
        calls.increment();
        if (over.compareTo(LIMIT) > 0) {
            noteSlow(call, over);
        }
    }

    private synchronized void noteSlow(String call, Duration over) {
        histogram.merge(Long.highestOneBit(over.toMillis()), 1L, Long::sum);
        worst.merge(call, over, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /// Adds calls that were not slow.
    void addCalls(long more) {
        calls.add(more);
    }

    /// The number of calls, including the slow ones.
    long calls() {
        return calls.sum();
    }

    /// The worst call of each name.
    synchronized Map<String, Duration> worst() {
        return new TreeMap<>(worst);
    }

    /// A line with the number of timed calls, the number of slow calls, and the worst call of each
    /// name.
    synchronized String line() {
        if (worst.isEmpty()) {
            return "none of %,d calls that were timed".formatted(calls());
        }
        return "%s of %,d calls that were timed; the worst: %s".formatted(
                histogram.entrySet().stream()
                        .map(slow -> "%d of %d ms or more".formatted(slow.getValue(),
                                slow.getKey()))
                        .collect(Collectors.joining(", ")),
                calls(),
                worst.entrySet().stream()
                        .map(slow -> "%s %d ms".formatted(slow.getKey(),
                                slow.getValue().toMillis()))
                        .collect(Collectors.joining(", ")));
    }
}
