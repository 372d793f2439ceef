package dev.ipcchannel.worker;

import dev.ipcchannel.worker.WorkerSnapshot.State;

/// What has become of the jobs of a set. Used inside the desk's lock.
final class JobCounts {

    private final Latencies latencies = new Latencies();
    private long completed;
    private long failed;
    private long retried;

    /// @param nanos from when it was given to the set
    void completed(long nanos) {
        completed++;
        latencies.add(nanos);
    }

    void failed() {
        failed++;
    }

    void retried() {
        retried++;
    }

    WorkerSetStats stats(Crew<?, ?> crew, int queued) {
        return new WorkerSetStats(crew.size(), crew.count(State.ACTIVE), crew.count(State.SPARE),
                crew.busy(), crew.running(), queued, completed, failed, retried, crew.restarts(),
                latencies.copy());
    }
}
