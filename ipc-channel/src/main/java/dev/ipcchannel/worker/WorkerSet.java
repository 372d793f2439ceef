package dev.ipcchannel.worker;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.job.Quarantine;
import dev.ipcchannel.internal.job.Rethrow;
import dev.ipcchannel.internal.job.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// A set of processes that do jobs: a job goes to one that is free, and one that dies is replaced.
///
/// ```java
/// try (var workers = WorkerSet.builder(HostMessage.class, Integer.class)
///         .worker(ArithmeticWorker.class).workerCount(4).start()) {
///     System.out.println("Result -> " + workers.call(new HostMessage.Add(6, 7)));
/// }
/// ```
///
/// Any number of threads may use it. A job that is in the hands of a worker when that dies fails
/// with [dev.ipcchannel.WorkerDied], unless it is [JobBuilder#idempotent]: then another worker gets
/// it, once. A job that was in hand twice when a worker died is not tried again, nor is one that is
/// equal to it, until [#restart].
///
/// What depends on a future, and a listener to progress, runs on a thread that receives answers:
/// what takes long goes elsewhere, by the `…Async` forms for instance. If a dependent takes more
/// than some ten milliseconds, another thread receives and completes in its place; a listener keeps
/// back what else its worker says until it returns.
///
/// It works until it is closed: its threads keep it, so it is never found to be forgotten.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class WorkerSet<Q, R> implements JobService<Q, R> {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final SetLock lock;
    private final Roster<Q, R> roster;
    private final JobQueue<Q, R> queue;
    private final Staffing<Q, R> staffing;
    private final SetThreads threads;
    private final Supervisor<Q, R> supervisor;
    private final Dispatcher<Q, R> dispatcher;
    private final Drains drains;
    private final int atOnce; // jobs of a worker
    private final JobOptions<R> defaults;
    private final JobMapping<Q, R, R> mapping;

    WorkerSet(SetOptions<Q, R> options) {
        this.atOnce = options.jobsAtOnce();
        this.roster = new Roster<>(options, ChildAccess::isEnding);
        this.lock = new SetLock(options.listener(), this::hasRoom);
        Quarantine quarantine = new Quarantine();
        this.queue = new JobQueue<>(options, roster, quarantine, lock);
        JobRecovery<Q, R> recovery = new JobRecovery<>(options, queue, roster, quarantine, lock);
        this.threads = new SetThreads(lock);
        this.supervisor = new Supervisor<>(options, lock, queue, recovery, roster, threads);
        this.staffing = supervisor.staffing();
        this.dispatcher = new Dispatcher<>(options, lock, queue, recovery, staffing,
                supervisor.events(), threads);
        this.drains = new Drains(lock, queue, threads);
        this.defaults = JobOptions.of(options.jobTimeout(), options.timeoutAction());
        this.mapping = JobMapping.of(new Streams(options), defaults);
    }

    /// A set, to be described by its builder.
    public static <Q, R> WorkerSetBuilder<Q, R> builder(Class<Q> data, Class<R> answers) {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        return builder(TypeToken.of(data), TypeToken.of(answers));
    }

    /// The same for generic types.
    public static <Q, R> WorkerSetBuilder<Q, R> builder(TypeToken<Q> data,
            TypeToken<R> answers) {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        return new WorkerSetBuilder<>(data, answers);
    }

    private boolean hasRoom() {
        return queue.hasRoom();
    }

    /// This set as the target of streams of jobs.
    private final class Streams implements JobMapping.Target<Q, R> {

        private final SetOptions<Q, R> options;

        Streams(SetOptions<Q, R> options) {
            this.options = options;
        }

        @Override
        public CompletableFuture<R> send(Q data, JobOptions<R> job) throws InterruptedException {
            return dispatcher.send(new Task.Bidirectional<>(data), job,
                    BusyPolicy.waitUpTo(FOREVER));
        }

        @Override
        public int jobsAtOnce() {
            return WorkerSet.this.jobsAtOnce();
        }

        @Override
        public void drop(List<R> answers) {
            Codec<R> codec = Codec.of(options.types().answers());
            answers.forEach(answer -> EndAccess.drop(codec, answer));
        }
    }

    /// By which its jobs are given, for tests.
    Dispatcher<Q, R> dispatcher() {
        return dispatcher;
    }

    /// Its threads, for tests.
    SetThreads threads() {
        return threads;
    }

    /// Has the workers started, and does not wait for them.
    void begin() {
        lock.enter();
        try {
            staffing.balance();
            supervisor.watchIdle();
        } finally {
            lock.exit();
        }
    }

    /// Starts the workers and waits for the first.
    void open() throws InterruptedException {
        begin();
        try {
            staffing.firstReady().get();
        } catch (ExecutionException failure) {
            throw Rethrow.again(failure.getCause());
        }
    }

    /// As [JobService#send(Object)] says; if there is no room, the set's [BusyPolicy] decides.
    /// After a cancel the worker is free when it has ended the job.
    ///
    /// @throws dev.ipcchannel.WorkerDied if the set has given up (see
    /// [WorkerSetBuilder#restartLimit]), or two workers have died with such a job
    @Override
    public CompletableFuture<R> send(Q data, JobOptions<R> options) throws InterruptedException {
        Argument.given(options, "options");
        return dispatcher.send(new Task.Bidirectional<>(Argument.given(data, "data")), options);
    }

    @Override
    public R call(Q data, JobOptions<R> options) throws InterruptedException {
        Argument.given(options, "options");
        return dispatcher.call(new Task.Bidirectional<>(Argument.given(data, "data")), options);
    }

    @Override
    public void tell(Q data, JobOptions<R> options) throws InterruptedException {
        CompletableFuture<?> _ = perform(data, options);
    }

    /// Gives the set a job without an answer, as [#tell] does, and reports its end: the future
    /// completes with null when the job is done, and as that of [#send(Object)] otherwise.
    public CompletableFuture<?> perform(Q data, JobOptions<R> options)
            throws InterruptedException {
        Argument.given(options, "options");
        return dispatcher.send(new Task.Unidirectional<>(Argument.given(data, "data")), options);
    }

    /// How many jobs its workers do at once, at this moment.
    public int jobsAtOnce() {
        lock.enter();
        try {
            return roster.size() * atOnce;
        } finally {
            lock.exit();
        }
    }

    /// With the time limit of the set.
    @Override
    public JobOptions<R> defaults() {
        return defaults;
    }

    @Override
    public JobMapping<Q, R, R> mapping() {
        return mapping;
    }

    /// One more worker. Returns before it is ready. A set that has given up tries again.
    ///
    /// @throws EndClosed if the set is closed
    public void add() {
        resize(1);
    }

    /// One worker less, down to none, which fails the jobs that wait
    /// ([dev.ipcchannel.WorkersBusy]): one that is idle if there is one, else one that then ends
    /// when it has done what it has in hand. Returns before it is gone. Where none is left, jobs
    /// that wait fail with [dev.ipcchannel.WorkersBusy], and new ones are refused so, until [#add].
    ///
    /// @throws EndClosed if the set is closed
    public void remove() {
        resize(-1);
    }

    /// Inside the lock.
    private void checkOpen() {
        if (staffing.isClosed()) {
            throw new EndClosed("this set of workers was closed");
        }
    }

    private void resize(int change) {
        lock.enter();
        try {
            checkOpen();
            staffing.resize(change);
        } finally {
            lock.exit();
        }
    }

    /// Replaces all workers, one after the other, each when it has done what it has in hand, and
    /// waits until the last new one is ready, or was before it had to be replaced itself; the
    /// others go on meanwhile. A set that has given up tries again, and jobs that are not tried any
    /// more may be. Replaces none while this JVM goes down.
    ///
    /// @throws EndClosed if the set is closed
    /// @throws InterruptedException if the thread is interrupted while it waits; then some are
    /// replaced
    public void restart() throws InterruptedException {
        restart(FOREVER);
    }

    /// The same with a limit to the time for all of it. A worker that has a job by then keeps it,
    /// gets no other, and is replaced when that has ended; those after it stay as they are. Throws
    /// what [#restart()] throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if not all were replaced within `timeout`
    public void restart(Duration timeout) throws InterruptedException {
        Argument.given(timeout, "timeout");
        lock.enter();
        try {
            checkOpen();
        } finally {
            lock.exit();
        }
        supervisor.renewAll(timeout);
    }

    /// Waits until all workers are ready, spares as well.
    ///
    /// @return false if they were not within `timeout`, or the set has given up or is closed
    /// @throws InterruptedException if the thread is interrupted while it waits
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        Argument.given(timeout, "timeout");
        lock.enter();
        try {
            boolean _ = lock.await(() -> staffing.isComplete() || staffing.isOver(),
                    TimeUnit.NANOSECONDS.convert(timeout));
            return staffing.isComplete();
        } finally {
            lock.exit();
        }
    }

    /// As [JobService#drain] says; but for what is in a `drain` or [#close] of this set itself.
    /// Dependents that run in a thread which waits in a future's `get` are that thread's.
    @Override
    public boolean drain(Duration timeout) throws InterruptedException {
        Argument.given(timeout, "timeout");
        return drains.drain(timeout);
    }

    /// The workers that there are, with those that are about to end.
    public List<WorkerSnapshot> workers() {
        lock.enter();
        try {
            return roster.all().stream().map(WorkerHandle::snapshot).toList();
        } finally {
            lock.exit();
        }
    }

    /// What the set has done and has in hand.
    public WorkerSetStats stats() {
        lock.enter();
        try {
            return queue.stats(staffing.restarts());
        } finally {
            lock.exit();
        }
    }

    /// Ends the set: jobs that wait or are in hand fail with [EndClosed], and the workers are asked
    /// to end, then killed (see [dev.ipcchannel.child.ChildJvm#grace]). Returns when they are gone
    /// and what depends on the futures has returned, as in [#drain]; for the latter it waits ten
    /// seconds, no longer. To let jobs end first, call [#drain] before. The second and later closes
    /// wait for that as well.
    @Override
    public void close() {
        drains.close(
                () -> supervisor.close(new EndClosed("this set of workers was closed")));
    }

    @Override
    public String toString() {
        WorkerSetStats stats = stats();
        return "WorkerSet[size=%d, active=%d, busy=%d, queued=%d, done=%d]".formatted(
                stats.size(), stats.active(), stats.busy(), stats.queued(), stats.completed());
    }
}
