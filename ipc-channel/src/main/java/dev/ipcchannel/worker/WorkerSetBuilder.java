package dev.ipcchannel.worker;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.JvmFailure;
import dev.ipcchannel.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A builder that says what a [WorkerSet] is to be like, then starts it. One thread at a time uses
/// it.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class WorkerSetBuilder<Q, R> {

    private static final int DEFAULT_QUEUE = 1024;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
    private static final int DEFAULT_RESTARTS = 20;
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

    private final JobTypes<Q, R> types;
    private @Nullable ChildJvm child;
    private @Nullable Transport transport;
    private int workers = Runtime.getRuntime().availableProcessors();
    private int jobsAtOnce = 1;
    private int prefetch = SetOptions.BY_PACE;
    private int queueCapacity = DEFAULT_QUEUE;
    private BusyPolicy<Q, R> busyPolicy = BusyPolicy.waitUpTo(DEFAULT_WAIT);
    private @Nullable Duration jobTimeout;
    private TimeoutAction timeoutAction = TimeoutAction.RESTART;
    private int spares;
    private @Nullable Q firstJob;
    private long maxJobs = Long.MAX_VALUE;
    private @Nullable Duration maxAge;
    private long maxMemory = Long.MAX_VALUE;
    private int minWorkers;
    private @Nullable Duration idleTime;
    private final Set<String> replacedAfter = new TreeSet<>(JvmFailure.KINDS);
    private int restartLimit = DEFAULT_RESTARTS;
    private Duration restartInterval = DEFAULT_INTERVAL;
    private WorkerListener listener = new WorkerListener() {};
    private ContextCarrier context = ContextCarrier.of(Map.of());

    WorkerSetBuilder(TypeToken<Q> data, TypeToken<R> answers) {
        this.types = JobTypes.of(data, answers);
    }

    /// How a worker is started: its program calls [Worker#serve] or [Worker#connect]. Required.
    public WorkerSetBuilder<Q, R> worker(ChildJvm start) {
        child = Argument.given(start, "start");
        return this;
    }

    /// A worker whose `main` is in that class of this program, as [ChildJvm#of(Class)] starts it.
    public WorkerSetBuilder<Q, R> worker(Class<?> main) {
        return worker(ChildJvm.of(main));
    }

    /// A worker that is in a jar, or is another program.
    public WorkerSetBuilder<Q, R> workerPath(Path program) {
        return worker(Argument.given(program, "program").toString().endsWith(".jar")
                ? ChildJvm.ofJar(program)
                : ChildJvm.ofCommand(program.toAbsolutePath().toString()));
    }

    /// How the set and its workers reach each other: by default what the [ChildJvm] says, which is
    /// [Transport#shm()].
    public WorkerSetBuilder<Q, R> transport(Transport way) {
        transport = Argument.given(way, "way");
        return this;
    }

    /// How many workers there are: by default one for each available processor. With none, jobs are
    /// refused until [WorkerSet#add].
    ///
    /// Of more than two, with spares, each JVM has a heap by default that leaves room for all: they
    /// have half of the memory of the machine or container together, and 32 MiB each at least.
    /// `heap`, `memoryLimit` and options for the heap override that.
    public WorkerSetBuilder<Q, R> workerCount(int count) {
        workers = checked("workerCount", count, 0);
        return this;
    }

    /// How many jobs a worker gets at once: by default one. Where it is more, [Worker#serve] does
    /// each on a virtual thread.
    public WorkerSetBuilder<Q, R> jobsAtOnce(int count) {
        jobsAtOnce = checked("jobsAtOnce", count, 1);
        return this;
    }

    /// How many jobs a worker gets ahead of the one that it does, when none is free.
    ///
    /// By default as many as take the worker a millisecond where jobs travel together, over shared
    /// memory, else 200 µs; at most 255. So short jobs follow each other without a round trip to
    /// the host in between, and a worker of long jobs gets nothing ahead. If a job turns out to be
    /// long, the jobs after it go to another worker within some ten milliseconds. By default
    /// nothing is given ahead if the jobs' data may contain ends of channels.
    ///
    /// A number of your own always applies: jobs then wait after a long one although another worker
    /// may be free. 0 gives none ahead. In either case jobs that were not begun when their worker
    /// ends go to another one.
    public WorkerSetBuilder<Q, R> prefetch(int count) {
        prefetch = checked("prefetch", count, 0);
        return this;
    }

    /// How many jobs may wait for a worker: by default 1024.
    public WorkerSetBuilder<Q, R> queueCapacity(int jobs) {
        queueCapacity = checked("queueCapacity", jobs, 0);
        return this;
    }

    /// What becomes of a job for which there is no room: by default the calling thread waits up to
    /// 30 seconds.
    public WorkerSetBuilder<Q, R> whenBusy(BusyPolicy<Q, R> policy) {
        busyPolicy = Argument.given(policy, "policy");
        return this;
    }

    /// The time that a job has, from the moment when it is given to the set, and what becomes of
    /// its worker when that passes: by default there is no limit. Each job may say something else.
    public WorkerSetBuilder<Q, R> jobTimeout(Duration timeout, TimeoutAction action) {
        Argument.given(timeout, "timeout");
        jobTimeout = checked("jobTimeout", timeout);
        timeoutAction = Argument.given(action, "action");
        return this;
    }

    /// How many workers are ready beside those that take jobs, to take a place within milliseconds:
    /// by default none.
    public WorkerSetBuilder<Q, R> spares(int count) {
        spares = checked("spares", count, 0);
        return this;
    }

    /// A job that each worker does before it takes others or becomes a spare, so that no other job
    /// waits until code is loaded, linked and compiled: by default none. Its answer is dropped; a
    /// worker that fails it could not be started.
    public WorkerSetBuilder<Q, R> warmUp(Q data) {
        firstJob = Argument.given(data, "data");
        return this;
    }

    /// After how many jobs a worker is replaced: by default never.
    public WorkerSetBuilder<Q, R> maxJobs(long count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "a worker does at least one job: maxJobs=%d, limit=1".formatted(count));
        }
        maxJobs = count;
        return this;
    }

    /// After how long a worker is replaced, once it has done what it has in hand: by default never.
    public WorkerSetBuilder<Q, R> maxAge(Duration age) {
        Argument.given(age, "age");
        maxAge = checked("maxAge", age);
        return this;
    }

    /// How many bytes of memory of its own a worker may have: one that has more after a job is
    /// replaced, once it has done the one that it does by then; what it has ahead goes to others.
    /// By default there is no limit.
    ///
    /// What counts is `RssAnon` of the kernel: heap, stacks and native memory, as far as they are
    /// in memory, and neither files nor what is shared with other processes. It is looked at after
    /// a job, at most ten times a second. A heap keeps what it has got, so give the worker an
    /// `-Xmx` well below the limit, or the limit is the garbage's. Such a replacement has the rate
    /// of [#replaceAfter], and is no failure.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public WorkerSetBuilder<Q, R> maxMemory(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    "a worker has some memory: maxMemory=%d, limit=1".formatted(bytes));
        }
        maxMemory = bytes;
        return this;
    }

    /// How many workers stay, and after how long without a job one of the others ends: by default
    /// all stay. As many as [#workerCount] says come back when jobs have waited for ten
    /// milliseconds; the set starts with that many. If `least` is more than that, all stay.
    ///
    /// @throws IllegalArgumentException if `least` is negative or the time is not positive
    public WorkerSetBuilder<Q, R> idleTime(Duration time, int least) {
        Argument.given(time, "time");
        idleTime = checked("idleTime", time);
        minWorkers = checked("least number of workers", least, 0);
        return this;
    }

    /// After which throwables a worker is replaced, when a job has failed with one of exactly these
    /// classes. `OutOfMemoryError`, `InternalError` and `UnknownError` always count: after them no
    /// code knows what is still intact in a JVM. The worker's other jobs are done first.
    ///
    /// Such replacements do not count for the [#restartLimit]. Each worker is replaced at most once
    /// a second; while no job succeeds in between, at most once in 2, 4 and finally 32 seconds.
    public WorkerSetBuilder<Q, R> replaceAfter(List<Class<? extends Throwable>> throwables) {
        Argument.given(throwables, "throwables");
        throwables.forEach(type -> replacedAfter.add(type.getName()));
        return this;
    }

    /// How many workers that were not meant to end are replaced within `interval`: by default 20 in
    /// a minute. When there are more, no more are started; see [WorkerListener#onGivenUp].
    public WorkerSetBuilder<Q, R> restartLimit(int count, Duration interval) {
        Argument.given(interval, "interval");
        restartLimit = checked("restartLimit", count, 0);
        restartInterval = checked("restartLimit's interval", interval);
        return this;
    }

    /// The listener to what happens to workers: by default none.
    public WorkerSetBuilder<Q, R> listener(WorkerListener listener) {
        this.listener = Argument.given(listener, "listener");
        return this;
    }

    /// The carrier of the context of jobs, by default none: what the thread that gives a job is
    /// about, such as its trace or its tenant, goes along as headers, also when the job is tried
    /// again. A worker takes it up by [JobHandler#within], or reads [JobContext#headers]. A job
    /// whose context cannot travel is refused with an `IllegalArgumentException`; see
    /// [ContextCarrier].
    public WorkerSetBuilder<Q, R> context(ContextCarrier carrier) {
        context = Argument.given(carrier, "carrier");
        return this;
    }

    private static Duration checked(String what, Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("%1$s must be positive: %1$s=%2$s, limit=1 ns"
                    .formatted(what, ShownTime.of(time)));
        }
        return time;
    }

    private static int checked(String what, int count, int least) {
        if (count < least) {
            throw new IllegalArgumentException(
                    "a set's %s is %d at least: given=%d".formatted(what, least, count));
        }
        return count;
    }

    /// Starts the workers, and waits until the first of them is ready; the others come as they
    /// come.
    ///
    /// @throws IllegalStateException if no worker was said, or a worker would start itself without
    /// end, see [ChildJvm#start()]
    /// @throws IllegalArgumentException if there is no codec for a type
    /// @throws dev.ipcchannel.IpcException if a start fails before one worker was ready: what
    /// [ChildJvm#start(Class, Class)] throws; nothing is left then
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is left
    /// then
    public WorkerSet<Q, R> start() throws InterruptedException {
        ChildJvm worker = child;
        if (worker == null) {
            throw new IllegalStateException(
                    "this set does not know how a worker is started: say it before start, by"
                            + " worker(Main.class), worker(ChildJvm) or workerPath (No worker path"
                            + " set!)");
        }
        if (prefetch > 0 && jobsAtOnce > 1) {
            throw new IllegalStateException(
                    ("a worker that does several jobs at once gets none ahead: jobsAtOnce=%d,"
                            + " prefetch=%d: say one of the two")
                            .formatted(jobsAtOnce, prefetch));
        }
        ChildJvm reached = ChildAccess.worker(
                transport == null ? worker : worker.transport(transport), workers + spares);
        ChildAccess.checkEnds(reached); // here, not where each worker is started
        WorkerSet<Q, R> set = new WorkerSet<>(new SetOptions<>(reached, types, workers, jobsAtOnce,
                prefetch(), queueCapacity, busyPolicy, jobTimeout, timeoutAction, spares, firstJob,
                maxJobs, maxAge, maxMemory, Math.min(minWorkers, workers), idleTime,
                Set.copyOf(replacedAfter), restartLimit, restartInterval, listener, context));
        boolean isStarted = false;
        try {
            set.open();
            isStarted = true;
            return set;
        } finally {
            if (!isStarted) {
                set.close();
            }
        }
    }

    /// A worker that does several at once has no order of them, and an end goes with the first
    /// sending of a job, which could not be sent again.
    private int prefetch() {
        boolean isByPace = jobsAtOnce == 1 && !EndAccess.mayHaveEnds(Codec.of(types.requests()));
        return prefetch == SetOptions.BY_PACE && !isByPace ? 0 : prefetch;
    }
}
