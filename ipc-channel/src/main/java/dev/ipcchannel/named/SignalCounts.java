package dev.ipcchannel.named;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A table of counts, by id, of signals that were given and not yet taken. Guarded by its owner's
/// lock.
///
/// Its size is bounded by the number of ids.
final class SignalCounts {

    private final Map<Integer, Long> counts = new LinkedHashMap<>();

    void add(SignalRecord signal) {
        long _ = counts.merge(signal.id(), signal.count(), SignalCounts::sum);
    }

    /// Adds all counts of another table and empties that.
    void takeAll(SignalCounts other) {
        for (SignalRecord signal = other.takeOldest(); signal != null;
                signal = other.takeOldest()) {
            add(signal);
        }
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void clear() {
        counts.clear();
    }

    /// The sum, or `Long.MAX_VALUE` if it is greater: another process may send any number.
    private static long sum(long first, long second) {
        long sum = first + second;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /// Takes all signals of one id.
    ///
    /// @return 0 if there is none
    long take(int id) {
        Long count = counts.remove(id);
        return count == null ? 0 : count;
    }

    /// Takes all signals of the id that has waited longest.
    @Nullable
    SignalRecord takeOldest() {
        if (counts.isEmpty()) {
            return null;
        }
        Map.Entry<Integer, Long> oldest = counts.entrySet().iterator().next();
        SignalRecord signal = new SignalRecord(oldest.getKey(), oldest.getValue());
        long _ = take(signal.id());
        return signal;
    }

    /// The number of signals of all ids.
    long total() {
        return counts.values().stream().mapToLong(Long::longValue).reduce(0, SignalCounts::sum);
    }
}
