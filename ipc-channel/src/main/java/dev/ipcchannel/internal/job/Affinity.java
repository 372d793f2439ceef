package dev.ipcchannel.internal.job;

import org.jspecify.annotations.Nullable;

/// The affinity of the jobs of one key to a worker: all of them go to that worker, in their order,
/// until it takes no more jobs and has none of this key any more. Used inside the set's lock.
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
    private long lastUse; // as a count of the uses of all keys

    Affinity() {}

    /// The worker; null if there is none at this moment.
    public @Nullable W worker() {
        return worker;
    }

    void tieTo(@Nullable W next) {
        worker = next;
    }

    /// The rank of one more job: `rank`, but never before that of the key's last job while jobs of
    /// the key are left, whatever its priority.
    public long rank(long rank) {
        return !isIdle() && lastRank - rank > 0 ? lastRank : rank;
    }

    /// Notes the rank of a job that was added.
    public void setLastRank(long rank) {
        lastRank = rank;
    }

    long lastUse() {
        return lastUse;
    }

    void setLastUse(long number) {
        lastUse = number;
    }

    /// Whether jobs of the key wait.
    public boolean isAnyWaiting() {
        return waiting > 0;
    }

    void countWaiting(int change) {
        waiting += change;
    }

    /// Notes that the worker gets a job by this message.
    public void give(Message message) {
        inHand++;
        last = message;
    }

    /// Notes that the worker has one job less.
    public void endOne() {
        inHand--;
        if (inHand == 0) {
            last = null;
            isHeld = false;
        }
    }

    /// Notes that the worker was asked to give back jobs of the key that it has not begun: until
    /// they are back, a later job would come before them.
    public void hold() {
        isHeld = inHand > 0;
    }

    /// The number of the key's jobs that the worker has.
    public int inHand() {
        return inHand;
    }

    /// Whether no job of the key waits, and the worker has none.
    boolean isIdle() {
        return waiting == 0 && inHand == 0;
    }

    /// Whether the worker may get the next job now: it is certain to begin that job after those
    /// that it has.
    ///
    /// @param isSerial whether the worker does one job at a time
    public boolean mayGoOn(boolean isSerial) {
        Message before = last;
        return before == null || (isSerial && before.isSent() && !isHeld);
    }
}
