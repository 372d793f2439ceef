package dev.ipcchannel.worker;

/// The count of the jobs of a set in each of their states: each job is counted in one of them, from
/// when it is taken in. Used inside the set's lock.
final class JobCounts {

    private final Latencies latencies = new Latencies();
    private long submitted;
    private int queued;
    private int running;
    private long completed;
    private long failed;
    private long cancelled;
    private long retried;

    /// A job goes from one state to the next.
    void move(PendingJob.State from, PendingJob.State to) {
        add(from, -1);
        add(to, 1);
    }

    private void add(PendingJob.State state, int change) {
        switch (state) {
            case NEW -> submitted -= change; // which they only leave
            case QUEUED -> queued += change;
            case IN_HAND, EXPIRED -> running += change;
            case COMPLETED -> completed += change;
            case FAILED -> failed += change;
            case CANCELLED -> cancelled += change;
        }
    }

    /// @param nanos from when a job that is completed was given to the set
    void took(long nanos) {
        latencies.add(nanos);
    }

    void retried() {
        retried++;
    }

    /// Whether all have ended.
    boolean areOver() {
        return queued == 0 && running == 0;
    }

    /// The counts, with those of the workers.
    WorkerSetStats stats(int workers, int active, int spare, int busy, long restarts) {
        return new WorkerSetStats(workers, active, spare, busy, running, queued, submitted,
                completed,
                failed, cancelled, retried, restarts, latencies.copy());
    }
}
