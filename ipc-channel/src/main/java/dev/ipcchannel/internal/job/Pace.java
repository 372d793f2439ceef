package dev.ipcchannel.internal.job;

import java.util.concurrent.TimeUnit;

/// The pace of a worker: how long its last jobs took it, as it has said, and with that how many it
/// gets ahead of the one that it does: what takes it a moment. So jobs of microseconds follow each
/// other without a way to the host and back in between, and long ones get nothing ahead. Nor does a
/// worker that has had a job of many milliseconds lately: those after it would wait for the next
/// such job.
public final class Pace {

    /// As long as the way to a host that sleeps and back takes on a slow machine: until then a
    /// worker has something to do.
    private static final long AHEAD_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /// As long as a host may wait for a processor, where workers have all of them. What is ahead in
    /// batches can be taken back at once.
    private static final long AHEAD_IN_BATCHES_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// Shorter than to wake another worker: that one is better left asleep.
    private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /// Less than a host needs to give a job and to take its result: a second worker would have
    /// nothing to do.
    private static final long HOST_NANOS = TimeUnit.MICROSECONDS.toNanos(1);

    /// A single long job is to be forgotten after a few short ones.
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// Longer than a worker with a short job waits for a processor that others use.
    private static final long RARE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// So many short jobs after it a long one is forgotten.
    private static final int CAUTION = 500;

    private static final int MOST_AHEAD = 255;
    private static final int WEIGHT = 8; // the last job counts as one of so many

    private long nanos = LONGEST_NANOS; // a job, on average; long until the first is known
    private long lastNanos = LONGEST_NANOS; // a job of the last ones
    private int limit = MOST_AHEAD; // as there was no room for more
    private int caution; // so many jobs nothing goes ahead
    private int ahead; // by the average
    private int aheadInBatches;

    /// The worker has ended some jobs.
    ///
    /// @param took nanoseconds of so many; 0 if that is not known
    public void ended(long took, int jobs) {
        if (took > 0) {
            long each = Math.min(took / jobs, LONGEST_NANOS);
            // Many that took long once may have waited for a processor in between.
            long change = (jobs < WEIGHT ? each : Math.min(each, lastNanos)) - nanos;
            lastNanos = each;
            nanos += change * Math.min(jobs, WEIGHT) / WEIGHT + Long.signum(change);
            ahead = within(AHEAD_NANOS);
            aheadInBatches = within(AHEAD_IN_BATCHES_NANOS);
        }
        limit = Math.min(limit + jobs, MOST_AHEAD);
        caution = took >= RARE_NANOS ? CAUTION : Math.max(0, caution - jobs);
    }

    /// There was no room for more than so many ahead.
    public void limit(int ahead) {
        limit = ahead;
    }

    /// How many jobs it gets ahead, one by one.
    public int ahead() {
        return caution > 0 ? 0 : Math.min(limit, ahead);
    }

    /// How many jobs it gets ahead in batches.
    public int aheadInBatches() {
        return caution > 0 ? 0 : Math.min(limit, aheadInBatches);
    }

    private int within(long time) {
        return (int) Math.min(MOST_AHEAD, time / Math.max(1, nanos));
    }

    /// Whether its jobs take less time than to wake another worker.
    public boolean isShort() {
        return nanos < SHORT_NANOS;
    }

    /// Whether it does so many jobs before another worker would have helped: these are short, and
    /// they come no faster, or their end is near.
    public boolean keepsUpWith(int jobs) {
        return isShort() && (nanos < HOST_NANOS || jobs * nanos <= AHEAD_NANOS);
    }

    @Override
    public String toString() {
        return "Pace[nanos=%d, ahead=%d]".formatted(nanos, ahead());
    }
}
