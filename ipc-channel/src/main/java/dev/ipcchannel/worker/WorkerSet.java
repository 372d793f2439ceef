package dev.ipcchannel.worker;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.job.Failed;
import dev.ipcchannel.internal.job.Quarantine;
import dev.ipcchannel.internal.job.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
/// what takes long goes elsewhere, by the `…Async` forms for instance.
///
/// It works until it is closed: its threads keep it, so it is never found to be forgotten.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class WorkerSet<Q, R> implements AutoCloseable {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final SetLock lock;
    private final Roster<Q, R> roster;
    private final JobQueue<Q, R> queue;
    private final Staffing<Q, R> staffing;
    private final SetThreads threads;
    private final Supervisor<Q, R> supervisor;
    private final Dispatcher<Q, R> dispatcher;
    private final Drains<Q, R> drains;
    private final JobOptions<R> defaults;
    private final JobMapping<Q, R, R> mapping;

    WorkerSet(SetOptions<Q, R> options) {
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
        this.drains = new Drains<>(lock, queue, roster, threads);
        this.defaults = JobOptions.of(options.jobTimeout(), options.timeoutAction());
        this.mapping = JobMapping
                .of(new JobMapping.Target<>(dispatcher, options, this::size), defaults);
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

    private int size() {
        lock.enter();
        try {
            return roster.size();
        } finally {
            lock.exit();
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
            throw Failed.again(failure.getCause());
        }
    }

    /// Gives the set a job, waiting for no more than room to do so (see [BusyPolicy]). The job's
    /// data is turned into bytes when a worker gets it: it must not change before. To complete the
    /// future in any other way than the set does, by `cancel` for instance, cancels the job: its
    /// handler is interrupted, whatever the argument of `cancel`, and the worker is free when it
    /// has ended the job. If it does not end it within the time that the job was given, it is
    /// replaced where the job says so ([TimeoutAction#RESTART]).
    ///
    /// Whatever goes wrong after that completes the future: [dev.ipcchannel.WorkerDied],
    /// [dev.ipcchannel.TimedOut], [dev.ipcchannel.CallFailed] with what the worker has thrown,
    /// [dev.ipcchannel.CodecFailed] or [dev.ipcchannel.MessageTooLarge] if the data or the answer
    /// cannot travel, [EndClosed] if the set is closed meanwhile.
    ///
    /// @throws dev.ipcchannel.WorkersBusy if there was no room for it; nothing was done of it
    /// @throws dev.ipcchannel.WorkerDied if the set has given up (see
    /// [WorkerSetBuilder#restartLimit]), or two workers have died with such a job
    /// @throws EndClosed if the set is closed
    /// @throws InterruptedException if the thread is interrupted while it waits for room
    public CompletableFuture<R> send(Q data) throws InterruptedException {
        return send(data, defaults);
    }

    /// The same with a limit to the time for the answer, and what becomes of the worker when it
    /// passes. Where none of it is left, no worker gets the job. Throws what [#send(Object)]
    /// throws.
    public CompletableFuture<R> send(Q data, Duration timeout, TimeoutAction action)
            throws InterruptedException {
        Argument.given(timeout, "timeout");
        Argument.given(action, "action");
        return job(data).within(timeout, action).send();
    }

    /// Gives the set a job and waits for the answer. Throws what [#send(Object)] throws, and what
    /// would complete its future.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; the job is
    /// cancelled
    public R call(Q data) throws InterruptedException {
        return call(data, defaults);
    }

    /// The same with a limit to the time for the answer, and what becomes of the worker when it
    /// passes: where that is to be replaced, the dump of its threads takes up to three seconds
    /// more. Where none of it is left, no worker gets the job. Throws what [#call(Object)] throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if the answer did not come in time
    public R call(Q data, Duration timeout, TimeoutAction action) throws InterruptedException {
        Argument.given(timeout, "timeout");
        Argument.given(action, "action");
        return job(data).within(timeout, action).call();
    }

    /// Gives the set a job without an answer, waiting for no more than room to do so. Whether it
    /// was done is not reported. Throws what [#send(Object)] throws.
    public void tell(Q data) throws InterruptedException {
        tell(data, defaults);
    }

    /// A job of which more is to be said.
    public JobBuilder<Q, R> job(Q data) {
        return new JobBuilder<>(this, Argument.given(data, "data"), defaults);
    }

    /// The answers to a stream of jobs, in their order. [JobMapping] says what such a stream does,
    /// and has more options.
    public Stream<R> map(Stream<? extends Q> jobs) {
        return mapping.map(jobs);
    }

    /// The answers to a stream of jobs, as they come; see [JobMapping].
    public Stream<R> mapUnordered(Stream<? extends Q> jobs) {
        return mapping.unordered().map(jobs);
    }

    /// Hands the answers to a stream of jobs to `consumer`, in their order, on the calling thread,
    /// and closes the stream; see [JobMapping].
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; the jobs that are
    /// open are cancelled
    public void forEach(Stream<? extends Q> jobs, Consumer<? super R> consumer)
            throws InterruptedException {
        mapping.forEach(jobs, consumer);
    }

    /// A mapping of streams of jobs of which more is to be said: `words.gather(workers.mapping())`.
    public JobMapping<Q, R, R> mapping() {
        return mapping;
    }

    CompletableFuture<R> send(Q data, JobOptions<R> options) throws InterruptedException {
        return dispatcher.send(new Task.Bidirectional<>(Argument.given(data, "data")), options);
    }

    R call(Q data, JobOptions<R> options) throws InterruptedException {
        return dispatcher.call(new Task.Bidirectional<>(Argument.given(data, "data")), options);
    }

    void tell(Q data, JobOptions<R> options) throws InterruptedException {
        CompletableFuture<R> _ = dispatcher
                .send(new Task.Unidirectional<>(Argument.given(data, "data")), options);
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

    /// Waits until no job waits or is in hand, the futures of all are complete, and what depends on
    /// them and runs as they are completed has returned; but for what is in a `drain` or [#close]
    /// of this set itself. Dependents that run in a thread which waits in a future's `get` are that
    /// thread's.
    ///
    /// @return false if that did not come within `timeout`
    /// @throws InterruptedException if the thread is interrupted while it waits
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
