package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.benchmarks.worker.JobMessage.Bells;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Ours: a set of workers, all of which are ready.
final class SetJobs implements Jobs {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_MICROS = 2_000;

    // Used in turn. What all of these are is said in benchmarks/README.md.
    private static final List<String> KEYS =
            IntStream.range(0, 64).mapToObj(key -> "customer-" + key).toList();
    private static final int PRIORITIES = 4;

    // As OpenTelemetry has it.
    private static final ContextCarrier TRACE = ContextCarrier.of(Map.of("traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

    private final WorkerSet<JobMessage, Integer> set;
    private final Giving giving;
    private long given; // of the jobs with keys or priorities
    private long workersBells; // as far as workers have reported

    /// The way in which jobs are given to a set.
    enum Giving {
        /// One by one.
        EACH,
        /// As a stream.
        STREAM,
        /// One by one, each with one of 64 keys.
        WITH_KEYS,
        /// One by one, each with one of four priorities.
        WITH_PRIORITIES,
        /// One by one, each with a header.
        WITH_CONTEXT
    }

    /// A set to which jobs are given in one of these ways.
    ///
    /// @param worker how a [JobWorker] is started
    /// @param prefetch how many jobs a worker gets ahead of the one that it does; 0 for what it
    /// gets by default
    SetJobs(ChildJvm worker, int count, int jobsAtOnce, int prefetch, Giving giving)
            throws InterruptedException {
        this.giving = giving;
        WorkerSetBuilder<JobMessage, Integer> builder =
                WorkerSet.builder(JobMessage.class, Integer.class).worker(worker)
                        .workerCount(count).jobsAtOnce(jobsAtOnce);
        if (prefetch > 0) {
            builder = builder.prefetch(prefetch);
        }
        if (giving == Giving.WITH_CONTEXT) {
            builder = builder.context(TRACE);
        }
        this.set = builder.start();
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
        return switch (giving) {
            case EACH, STREAM, WITH_CONTEXT -> set.send(message);
            case WITH_KEYS ->
                    set.job(message).stickyTo(KEYS.get((int) (given++ % KEYS.size()))).send();
            case WITH_PRIORITIES -> set.job(message).priority((int) (given++ % PRIORITIES)).send();
        };
    }

    @Override
    public @Nullable Iterator<Integer> map(Supplier<JobMessage> source) {
        return giving == Giving.STREAM ? set.map(Stream.generate(source)).iterator() : null;
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
