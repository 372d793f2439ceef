package dev.ipcchannel.internal.job;

import org.jspecify.annotations.Nullable;

/// The affinity of the jobs of one key to a worker: all of them go there, in their order, as long
/// as it takes jobs, and until those that it has have ended. Used inside the set's lock.
///
/// @param <W> the type of the workers
public final class Affinity<W> {

    /// A message with jobs to a worker.
    public interface Message {

        /// Whether it is in the channel: what is sent from now on comes after it.
        boolean isSent();
    }

    private @Nullable W worker;
    private int inHand;
    private int waiting;
    private @Nullable Message last; // with a job of this key
    private boolean isHeld;
    private long lastRank;

    Affinity() {}

    /// The worker; null if there is none at this moment.
    public @Nullable W worker() {
        return worker;
    }

    void tieTo(@Nullable W next) {
        worker = next;
    }

    /// The rank of one more job, which does not come before those that are there, whatever its
    /// priority.
    public long rank(long rank) {
        return !isIdle() && lastRank - rank > 0 ? lastRank : rank;
    }

    /// A job of that rank is there.
    public void setLastRank(long rank) {
        lastRank = rank;
    }

    /// Whether jobs of the key wait.
    public boolean isAnyWaiting() {
        return waiting > 0;
    }

    void countWaiting(int change) {
        waiting += change;
    }

    /// The worker gets a job by this message.
    public void give(Message message) {
        inHand++;
        last = message;
    }

    /// The worker has a job no more.
    public void endOne() {
        inHand--;
        if (inHand == 0) {
            last = null;
            isHeld = false;
        }
    }

    /// The worker was asked for jobs of the key that it has not begun: until they are back, later
    /// ones would come before them.
    public void hold() {
        isHeld = inHand > 0;
    }

    /// How many jobs the worker has.
    public int inHand() {
        return inHand;
    }

    /// Whether no job waits, nor does the worker have one.
    boolean isIdle() {
        return waiting == 0 && inHand == 0;
    }

    /// Whether the worker may get the next job, so that it begins it after those that it has.
    ///
    /// @param isSerial whether the worker does one job at a time
    public boolean mayGoOn(boolean isSerial) {
        Message before = last;
        return before == null || (isSerial && before.isSent() && !isHeld);
    }
}
