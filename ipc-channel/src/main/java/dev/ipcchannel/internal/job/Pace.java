package dev.ipcchannel.internal.job;

import java.util.concurrent.TimeUnit;

/// The pace of a worker: how long its last jobs took, by its own reports, and from that the number
/// of jobs that it gets in advance, while it does another one: as many as take it a moment. So jobs
/// of microseconds follow each other without a round trip to the host in between, and a worker with
/// long jobs gets none in advance. Nor does a worker that has had a job of many milliseconds
/// lately: jobs in advance would wait for the next such job.
public final class Pace {

    /// The time that jobs in advance may take: as long as a round trip to a sleeping host on a slow
    /// machine, so that the worker has something to do until then.
    private static final long AHEAD_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /// The same in batches: as long as a host may wait for a processor while the workers have all
    /// of them. Jobs in batches can be taken back at once.
    private static final long AHEAD_IN_BATCHES_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// The time below which a job takes less than to wake another worker, which is better left
    /// asleep.
    private static final long SHORT_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    /// The time below which a job takes less than its host needs to give it and to take its result:
    /// a second worker would have nothing to do.
    private static final long HOST_NANOS = TimeUnit.MICROSECONDS.toNanos(1);

    /// The most that one job counts in the average: a single long job is to be forgotten after a
    /// few short ones.
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// The time from which on a job is a long one: more than the wait of a short one for a busy
    /// processor.
    private static final long RARE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// The number of short jobs after which a long one is forgotten.
    private static final int CAUTION = 500;

    private static final int MOST_AHEAD = 255;
    private static final int WEIGHT = 8; // the last job counts as one of so many

    private long nanos = LONGEST_NANOS; // a job, on average; long until the first is known
    private long lastNanos = LONGEST_NANOS; // a job of the last ones
    private int limit = MOST_AHEAD; // as there was no room for more
    private int caution; // so many jobs nothing goes ahead
    private int ahead; // by the average
    private int aheadInBatches;

    /// Notes that the worker has ended some jobs.
    ///
    /// @param took nanoseconds of all of them; 0 if that is not known
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

    /// Notes that there was no room for more than `ahead` jobs in advance.
    public void limit(int ahead) {
        limit = ahead;
    }

    /// The number of jobs that it gets in advance, sent one by one.
    public int ahead() {
        return caution > 0 ? 0 : Math.min(limit, ahead);
    }

    /// The number of jobs that it gets in advance in batches.
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

    /// Whether it does `jobs` jobs about as soon alone as with another worker's help: they are
    /// short, and either the host gives them no faster, or they are soon done.
    public boolean keepsUpWith(int jobs) {
        return isShort() && (nanos < HOST_NANOS || jobs * nanos <= AHEAD_NANOS);
    }

    @Override
    public String toString() {
        return "Pace[nanos=%d, ahead=%d]".formatted(nanos, ahead());
    }
}
