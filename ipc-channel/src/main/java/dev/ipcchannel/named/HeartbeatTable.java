package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Notice;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import java.util.HashMap;
import java.util.Map;

/// The heartbeats of the members that another one has met. Used inside that one's lock.
final class HeartbeatTable {

    private static final long MIN_NANOS = 1_000_000;

    private final Map<Counterpart, Beat> beats = new HashMap<>();

    /// Takes in what a member says of its heartbeat.
    ///
    /// @param isWanted whether anybody is to ask for it
    void note(Counterpart counterpart, Notice notice, boolean isWanted) {
        Descriptor file = notice.file();
        forget(counterpart);
        if (file == null) {
            return;
        }
        try {
            Beat beat = Beat.of(file, notice.value());
            if (isWanted) {
                Beat _ = beats.put(counterpart, beat);
            } else {
                beat.close();
            }
        } catch (PosixException | RefusedMemoryException refused) {
            Log.warningOfPeer("a heartbeat of another process is refused", refused);
        }
    }

    void forget(Counterpart counterpart) {
        Beat beat = beats.remove(counterpart);
        if (beat != null) {
            beat.close();
        }
    }

    void forgetAll() {
        beats.values().forEach(Beat::close);
        beats.clear();
    }

    /// How many beat.
    int young() {
        int young = 0;
        for (Beat beat : beats.values()) {
            if (beat.isYoung()) {
                young++;
            }
        }
        return young;
    }

    /// After how many nanoseconds one may beat again that has come to a halt, of which no word
    /// comes; at least a millisecond, whatever they say.
    long shortestHaltedInterval() {
        long shortest = Long.MAX_VALUE;
        for (Beat beat : beats.values()) {
            if (!beat.isYoung()) {
                shortest = Math.min(shortest, Math.max(MIN_NANOS, beat.intervalNanos()));
            }
        }
        return shortest;
    }
}
