package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.base.WorkFuture;
import dev.ipcchannel.internal.job.Affinity;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Rethrow;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.internal.job.WaitingJobs;
import dev.ipcchannel.worker.Batch.Attempt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A job of a set, from when it is given to it until its worker has ended it, which may be after
/// the job itself has ended: it was cancelled, say, and the worker goes on.
///
/// It ends once. What the set learns first, inside its lock, decides how, and with that the future
/// and the count; what comes later is dropped. A job whose time is over before it has ended fails
/// with [TimedOut], whatever its worker still says or does; only its caller may still cancel it,
/// until that exception is made.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class PendingJob<Q, R> implements WaitingJobs.Job<WorkerHandle<Q, R>> {

    private final Owner<Q, R> owner;
    private final Task.Work<Q> task;
    private final JobOptions<R> options;
    private final Headers headers;
    private final Answer<R> future = new Answer<>(this);
    private final long givenNanos = System.nanoTime();

    // Written inside the set's lock.
    private volatile State state = State.NEW;
    private @Nullable R answer; // these two before the state that says so
    private @Nullable Throwable failure;
    private volatile @Nullable Attempt<Q, R> attempt;
    private int attempts;
    private int timesAhead;
    private long number; // among those that the set has taken in
    private long rank;
    private @Nullable Affinity<WorkerHandle<Q, R>> affinity;
    private boolean isAlone;
    private boolean isPrivate; // written before it is given
    private @Nullable ScheduledFuture<?> timer;

    PendingJob(Owner<Q, R> owner, Task.Work<Q> task, JobOptions<R> options, Headers headers) {
        this.owner = owner;
        this.task = task;
        this.options = options;
        this.headers = headers;
    }

    /// The state of a job, in one word, by which it is counted.
    enum State {

        /// It is about to be given to the set.
        NEW,

        /// It waits for a worker.
        QUEUED,

        /// A worker has it, or the thread that gave it.
        IN_HAND,

        /// The same, but its time is over: it fails with that as soon as it is known what its
        /// worker was doing.
        EXPIRED,

        /// There is an answer. This state and the next two are for ever.
        COMPLETED,

        /// There is an exception.
        FAILED,

        /// The thread that waited for it has given it up, or its future was completed by hand.
        CANCELLED;

        boolean isEnd() {
            return this == COMPLETED || this == FAILED || this == CANCELLED;
        }
    }

    /// The set, as its jobs and the calls of their attempts see it. All of these are called outside
    /// of its lock. What depends on a future may run in those by which a job ends.
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    interface Owner<Q, R> {

        /// Sends a batch to the worker that it was given to, and never waits. No thread waits in
        /// the call.
        void send(Batch<Q, R> batch);

        /// Some jobs of a batch have their results.
        void results(Batch<Q, R> batch, Outcome.Results<R> results);

        /// The worker has ended a batch.
        ///
        /// @param last the last results, or the answer to a job alone, if there is one
        void ended(Batch<Q, R> batch, @Nullable Outcome<R> last);

        /// A part of what has come of a batch cannot be read. The worker is notified that no more
        /// is wanted.
        void broken(Batch<Q, R> batch, RuntimeException failure);

        /// The worker has no answer to a batch, or is gone.
        void failed(Batch<Q, R> batch, RuntimeException failure);

        /// Looks from time to time whether workers get on with the jobs that they have, from when
        /// the first one has some ahead.
        ///
        /// @param nanos until the first look
        void watchAhead(long nanos);

        /// The time of the job is over.
        void expire(PendingJob<Q, R> job);

        /// The caller has given the job up, and has completed its future with this.
        ///
        /// @return false if the job has ended before
        boolean giveUp(PendingJob<Q, R> job, @Nullable R value, @Nullable Throwable reason);
    }

    /// The answer to a job. To complete it by hand cancels the job, unless that has ended before:
    /// then the future is completed with what became of it.
    ///
    /// @param <R> the type of the answers
    private static final class Answer<R> extends WorkFuture<R> {

        private final PendingJob<?, R> job;

        Answer(PendingJob<?, R> job) {
            this.job = job;
        }

        @Override
        protected boolean giveUp(@Nullable R value, @Nullable Throwable failure) {
            return job.giveUp(value, failure);
        }

        /// The worker that has the job says what comes of it: the waiting thread receives that.
        @Override
        protected void help(Deadline limit) throws InterruptedException {
            Attempt<?, R> current = job.attempt();
            if (current != null) {
                current.batch().receiveWhile(() -> !isDone(), limit.remaining());
            }
        }
    }

    Owner<Q, R> owner() {
        return owner;
    }

    Task.Work<Q> task() {
        return task;
    }

    JobOptions<R> options() {
        return options;
    }

    /// The headers of its context, from the thread that gave it.
    Headers headers() {
        return headers;
    }

    CompletableFuture<R> future() {
        return future;
    }

    State state() {
        return state;
    }

    boolean is(State other) {
        return state == other;
    }

    boolean isEnded() {
        return state.isEnd();
    }

    /// By [JobQueue] alone, which counts it.
    void become(State next) {
        state = next;
    }

    /// The thread that gives it waits for it, and no other has its future.
    void keepPrivate() {
        isPrivate = true;
    }

    /// Whether nothing depends on its future but the thread that waits for it.
    boolean isPrivate() {
        return isPrivate;
    }

    /// It is about to end with this.
    void setResult(@Nullable R value, @Nullable Throwable reason) {
        answer = value;
        failure = reason;
    }

    /// Completes the future of a job that has ended, unless that is done. By [Completions] alone.
    void settle() {
        if (state.isEnd()) { // before the look at what was written before it
            future.settle(answer, failure);
        }
    }

    private boolean giveUp(@Nullable R value, @Nullable Throwable reason) {
        return owner.giveUp(this, value, reason);
    }

    /// Waits for the answer, and receives it here if the job went to its worker alone, from this
    /// thread.
    R await() throws InterruptedException {
        try {
            Attempt<Q, R> current = attempt;
            ObservedCall<Outcome<R>> call = current == null ? null : current.batch().callOfOne();
            if (call != null) {
                awaitCall(call);
            }
            return future.isDone() ? future.join() : awaitFuture();
        } catch (CompletionException | ExecutionException failure) {
            throw Rethrow.again(failure.getCause());
        } catch (InterruptedException interrupt) {
            future.cancel(false);
            throw interrupt;
        }
    }

    private void awaitCall(ObservedCall<Outcome<R>> call) throws InterruptedException {
        if (options.timeout() == null) {
            call.await();
        } else if (!call.await(Duration.ofNanos(remainingNanos()))) {
            call.receiveInBackground(); // the worker still has something to say
        }
    }

    private R awaitFuture() throws InterruptedException, ExecutionException {
        if (options.timeout() == null) {
            return future.get();
        }
        try {
            return future.get(remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            owner.expire(this);
            return future.get(); // soon
        }
    }

    /// By which it is in the hands of a worker; null if none has it.
    @Nullable
    Attempt<Q, R> attempt() {
        return attempt;
    }

    void assigned(Attempt<Q, R> next) {
        attempt = next;
        attempts++;
    }

    /// No worker has it: it waits for one again.
    void unassigned() {
        attempt = null;
    }

    /// How often a worker got it, and may have begun it.
    int attempts() {
        return attempts;
    }

    /// It was not begun, which is no attempt.
    void takenBack() {
        attempts--;
    }

    /// It goes to a worker alone, since it could not be sent with others.
    void setAlone() {
        isAlone = true;
    }

    /// Whether it goes to a worker alone: so does one that reports before its end, and one that a
    /// worker may have died of.
    boolean goesAlone() {
        return isAlone || attempts > 0 || options.isObserved();
    }

    /// How often it was with a worker that died, or refused it, before it had come to it, with this
    /// time.
    int countAhead() {
        return ++timesAhead;
    }

    /// No worker has it any more, nor the queue.
    void released() {
        attempt = null;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    boolean hasTimer() {
        return timer != null;
    }

    /// What rings when its time is over, until it is over itself.
    void setTimer(ScheduledFuture<?> alarm) {
        timer = alarm;
    }

    /// The set has taken it in.
    ///
    /// @param place a number that counts up
    /// @param arrival a time that counts up as well
    /// @param ofKey the affinity of its key; null if it has none
    void takenIn(long place, long arrival, @Nullable Affinity<WorkerHandle<Q, R>> ofKey) {
        number = place;
        affinity = ofKey;
        rank = arrival - headStart();
        if (ofKey != null) {
            rank = ofKey.rank(rank);
        }
    }

    @Override
    public long rank() {
        return rank;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public long headStart() {
        return options.priority() * JobOptions.PRIORITY_NANOS;
    }

    @Override
    public @Nullable Affinity<WorkerHandle<Q, R>> affinity() {
        return affinity;
    }

    /// When it was given to the set, in nanoseconds of [System#nanoTime].
    long givenNanos() {
        return givenNanos;
    }

    /// Nanoseconds since it was given to the set.
    long ageNanos() {
        return System.nanoTime() - givenNanos;
    }

    long remainingNanos() {
        long timeout = options.timeoutNanos();
        return timeout == Long.MAX_VALUE ? timeout : Math.max(0, timeout - ageNanos());
    }

    /// Its end if its time is over.
    ///
    /// @param why it was not answered, in a few words
    TimedOut tooLate(String why, @Nullable ChildReport report) {
        Duration timeout = options.timeout();
        return new TimedOut(("a job was not answered within the time given: timeout=%s: %s (Failed"
                + " to receive response in time)%s").formatted(
                        ShownTime.of(timeout == null ? Duration.ZERO : timeout), why,
                        report == null ? "" : ": " + report),
                report, null);
    }
}
