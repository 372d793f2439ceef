package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.benchmarks.worker.JobMessage.Bells;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Ours: a set of workers, all of which are ready.
final class SetJobs implements Jobs {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_MICROS = 2_000;

    private final WorkerSet<JobMessage, Integer> set;
    private final boolean isMapped;
    private long workersBells; // as far as workers have reported

    /// A set to which jobs are given one by one, or as a stream.
    ///
    /// @param worker how a [JobWorker] is started
    /// @param prefetch how many jobs a worker gets ahead of the one that it does; 0 for what it
    /// gets by default
    /// @param isMapped whether a stream of jobs is what is measured
    SetJobs(ChildJvm worker, int count, int jobsAtOnce, int prefetch, boolean isMapped)
            throws InterruptedException {
        this.isMapped = isMapped;
        var builder = WorkerSet.builder(JobMessage.class, Integer.class).worker(worker)
                .workerCount(count).jobsAtOnce(jobsAtOnce);
        this.set = (prefetch == 0 ? builder : builder.prefetch(prefetch)).start();
        if (!set.awaitReady(PATIENCE)) {
            set.close();
            throw new IllegalStateException("not all workers have started: count=" + count);
        }
    }

    @Override
    public int call(JobMessage message) throws InterruptedException {
        return set.call(message);
    }

    @Override
    public CompletableFuture<Integer> send(JobMessage message) throws InterruptedException {
        return set.send(message);
    }

    @Override
    public @Nullable Iterator<Integer> map(Supplier<JobMessage> source) {
        return isMapped ? set.map(Stream.generate(source)).iterator() : null;
    }

    /// A worker that got no such job this time reports the next time.
    @Override
    public long bells() throws InterruptedException {
        List<CompletableFuture<Integer>> asked = new ArrayList<>();
        for (int worker = 0; worker < set.stats().size(); worker++) {
            asked.add(set.send(new Bells(LOOK_MICROS)));
        }
        workersBells += asked.stream().mapToInt(CompletableFuture::join).sum();
        return JobWorker.bells() + workersBells;
    }

    @Override
    public List<Long> pids() {
        return set.workers().stream().map(WorkerSnapshot::pid).toList();
    }

    @Override
    public void close() {
        set.close();
    }
}
