package dev.ipcchannel.internal.job;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The jobs that were in hand when workers died: after the second death a job is not tried again,
/// nor is any job equal to it. The number of remembered jobs is bounded. Used inside the set's
/// lock.
public final class Quarantine {

    private static final int MAX_DEATHS = 2;
    private static final int MAX_REMEMBERED = 256;

    private final SequencedMap<Object, Integer> deaths = new LinkedHashMap<>();
    private boolean isAnyIn; // so that the usual case costs nothing

    /// Notes that a worker has died with this job in hand.
    ///
    /// @return whether this death puts the job into quarantine
    public boolean blame(Object data) {
        int count = counted(data);
        if (deaths.size() > MAX_REMEMBERED) {
            forgetOldest();
        }
        isAnyIn |= count >= MAX_DEATHS;
        return count == MAX_DEATHS;
    }

    /// The number of deaths with this job. A job whose `equals` or `hashCode` throws is not
    /// remembered.
    private int counted(Object data) {
        try {
            return deaths.merge(data, 1, Integer::sum);
        } catch (RuntimeException | Error _) {
            return 0;
        }
    }

    /// Looks for it among others of the same hash code, by the jobs' `equals` if there are many.
    private void forgetOldest() {
        try {
            var _ = deaths.pollFirstEntry();
        } catch (RuntimeException | Error _) {
            clear(); // which calls no method of theirs
        }
    }

    /// Notes that such a job was done: the deaths before had another cause.
    public void absolve(Object data) {
        if (deaths.isEmpty()) {
            return;
        }
        try {
            deaths.remove(data);
        } catch (RuntimeException | Error _) {
            // It was not remembered either.
        }
    }

    public boolean has(Object data) {
        if (!isAnyIn) {
            return false;
        }
        try {
            return deaths.getOrDefault(data, 0) >= MAX_DEATHS;
        } catch (RuntimeException | Error _) {
            return false;
        }
    }

    /// Forgets all jobs.
    public void clear() {
        deaths.clear();
        isAnyIn = false;
    }
}
