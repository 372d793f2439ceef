package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetStats;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A thread that kills one worker of a set after another, until [#end]. It waits for the end of
/// some jobs before each kill, so that some jobs end even if workers start slowly.
final class WorkerKiller {

    static final String KILLS = "workers killed";
    static final String KILLS_IN_JOB = "workers killed with a job in hand";

    private static final int KILLS_A_SPARE = 8;

    private final WorkerSet<?, ?> set;
    private final int mostJobsAKill;
    private final SplittableRandom random;
    private final Findings findings;
    private final Thread thread;
    private final Map<Long, Integer> kills = new ConcurrentHashMap<>(); // by the worker's pid
    private volatile boolean isOver;

    private WorkerKiller(WorkerSet<?, ?> set, int mostJobsAKill, SplittableRandom random,
            Findings findings) {
        this.set = set;
        this.mostJobsAKill = mostJobsAKill;
        this.random = random;
        this.findings = findings;
        this.thread = Thread.ofPlatform().name("killer of workers").unstarted(this::run);
    }

    /// Starts the thread.
    ///
    /// @param mostJobsAKill the largest number of jobs that end between two kills
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
                kills.merge(worker.pid(), 1, Integer::sum); // before the set can see the end
                ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly);
                next = ended(set.stats()) + random.nextInt(mostJobsAKill);
                // Active workers almost always have a job.
                state = random.nextInt(KILLS_A_SPARE) == 0 ? WorkerSnapshot.State.SPARE
                        : WorkerSnapshot.State.ACTIVE;
            }
        }
    }

    private static long ended(WorkerSetStats stats) {
        return stats.completed() + stats.failed() + stats.cancelled();
    }

    /// How often a process of that number was killed.
    int kills(long pid) {
        return kills.getOrDefault(pid, 0);
    }

    /// Ends the thread, and waits for its end.
    void end() throws InterruptedException {
        isOver = true;
        thread.join();
    }
}
