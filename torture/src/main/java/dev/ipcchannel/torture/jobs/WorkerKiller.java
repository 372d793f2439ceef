package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetStats;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// A thread that kills one worker of a set after the other, until [#end]: the next when some jobs
/// have ended, so that some do, however long a worker takes to come.
final class WorkerKiller {

    static final String KILLS = "workers killed";
    static final String KILLS_IN_JOB = "workers killed with a job in hand";

    private static final int KILLS_A_SPARE = 8;

    private final WorkerSet<?, ?> set;
    private final int mostJobsAKill;
    private final SplittableRandom random;
    private final Findings findings;
    private final Thread thread;
    private volatile boolean isOver;

    private WorkerKiller(WorkerSet<?, ?> set, int mostJobsAKill, SplittableRandom random,
            Findings findings) {
        this.set = set;
        this.mostJobsAKill = mostJobsAKill;
        this.random = random;
        this.findings = findings;
        this.thread = Thread.ofPlatform().name("killer of workers").unstarted(this::run);
    }

    /// Starts it.
    ///
    /// @param mostJobsAKill how many jobs end between two kills at most
    static WorkerKiller start(WorkerSet<?, ?> set, int mostJobsAKill, SplittableRandom random,
            Findings findings) {
        WorkerKiller killer = new WorkerKiller(set, mostJobsAKill, random, findings);
        killer.thread.start();
        return killer;
    }

    private void run() {
        long next = 0;
        WorkerSnapshot.State state = WorkerSnapshot.State.SPARE;
        while (!isOver) {
            LockSupport.parkNanos(random.nextInt(2_000_000));
            if (ended(set.stats()) < next) {
                continue;
            }
            WorkerSnapshot.State wanted = state;
            List<WorkerSnapshot> workers = set.workers().stream()
                    .filter(worker -> worker.state() == wanted).toList();
            if (!workers.isEmpty()) {
                WorkerSnapshot worker = workers.get(random.nextInt(workers.size()));
                findings.count(worker.running() > 0 ? KILLS_IN_JOB : KILLS);
                ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly);
                next = ended(set.stats()) + random.nextInt(mostJobsAKill);
                // Active ones hardly ever have nothing in hand.
                state = random.nextInt(KILLS_A_SPARE) == 0 ? WorkerSnapshot.State.SPARE
                        : WorkerSnapshot.State.ACTIVE;
            }
        }
    }

    private static long ended(WorkerSetStats stats) {
        return stats.completed() + stats.failed() + stats.cancelled();
    }

    /// Ends it, and waits for that.
    void end() throws InterruptedException {
        isOver = true;
        thread.join();
    }
}
