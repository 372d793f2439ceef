package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The dispatcher of a set's jobs: it takes them in, waits where there is no room, sends each to
/// the worker that [JobQueue] has chosen, watches its time, and brings back what becomes of it. Any
/// thread may use it, outside of the set's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Dispatcher<Q, R> implements PendingJob.Owner<Q, R> {

    /// A job that another worker may do waits no longer than that, and a few milliseconds until its
    /// worker sees that it is asked for.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final BusyPolicy<Q, R> busyPolicy;
    private final SetLock lock;
    private final JobQueue<Q, R> queue;
    private final JobRecovery<Q, R> recovery;
    private final Staffing<Q, R> staffing;
    private final WorkerEvents<Q, R> events;
    private final SetThreads threads;

    Dispatcher(BusyPolicy<Q, R> busyPolicy, SetLock lock, JobQueue<Q, R> queue,
            JobRecovery<Q, R> recovery, Staffing<Q, R> staffing, WorkerEvents<Q, R> events,
            SetThreads threads) {
        this.busyPolicy = busyPolicy;
        this.lock = lock;
        this.queue = queue;
        this.recovery = recovery;
        this.staffing = staffing;
        this.events = events;
        this.threads = threads;
    }

    /// Gives the set a job, waiting for no more than room to do so.
    CompletableFuture<R> send(Task.Work<Q> task, JobTerms<R> terms) throws InterruptedException {
        PendingJob<Q, R> job = new PendingJob<>(this, task, terms);
        submit(job, false);
        return job.future();
    }

    /// The same, and waits for the answer, which this thread receives where the job goes to a
    /// worker at once.
    R call(Task.Work<Q> task, JobTerms<R> terms) throws InterruptedException {
        PendingJob<Q, R> job = new PendingJob<>(this, task, terms);
        submit(job, true);
        return job.await();
    }

    /// Takes a job in: to a worker, into the queue, or by the policy for when there is no room.
    ///
    /// @param isAwaited whether the calling thread waits for the answer right after it
    void submit(PendingJob<Q, R> job, boolean isAwaited) throws InterruptedException {
        Attempt<Q, R> attempt = null;
        boolean isAdmitted;
        lock.enter();
        try {
            isAdmitted = queue.admit(job);
            while (!isAdmitted && awaitRoom(job)) {
                isAdmitted = queue.admit(job);
            }
            attempt = job.attempt();
            if (!isAdmitted) {
                queue.giveToCaller(job);
            } else if (job.is(JobState.QUEUED)) {
                staffing.onQueued();
                setTimer(job);
            } else if (attempt != null && !isAwaited) {
                setTimer(job);
            }
        } finally {
            lock.exit();
        }
        if (attempt != null) {
            send(attempt, !isAwaited);
        } else if (!isAdmitted
                && busyPolicy instanceof BusyPolicy.CallerRuns<Q, R>(JobFunction<Q, R> function)) {
            doHere(job, function);
        }
    }

    /// Acts by the policy. Inside the lock.
    ///
    /// @return false if the caller is to do the job
    private boolean awaitRoom(PendingJob<Q, R> job) throws InterruptedException {
        return switch (busyPolicy) {
            case BusyPolicy.CallerRuns<Q, R> _ -> false;
            case BusyPolicy.Reject<Q, R> _ ->
                    throw queue.refused("no worker of this set is free: wait for answers, or give"
                            + " it more workers or a longer queue");
            case BusyPolicy.Wait<Q, R>(var timeout) -> {
                long nanos = Math.min(TimeUnit.NANOSECONDS.convert(timeout) - job.ageNanos(),
                        job.remainingNanos());
                boolean hasRoom = lock.awaitRoom(nanos);
                if (job.remainingNanos() == 0) {
                    throw job.tooLate("there was no room for it", null);
                }
                if (!hasRoom) {
                    throw queue.refused("no worker of this set became free within the time given:"
                            + " timeout=" + ShownTime.of(timeout) + ": give it more workers or a"
                            + " longer queue, or wait longer");
                }
                yield true;
            }
        };
    }

    /// Inside the lock.
    private void setTimer(PendingJob<Q, R> job) {
        if (job.terms().timeout() != null && !staffing.isClosed()) {
            job.setTimer(threads.timer().schedule(() -> expire(job), job.remainingNanos(),
                    TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public void expire(PendingJob<Q, R> job) {
        lock.enter();
        try {
            events.expire(job);
        } finally {
            lock.exit();
        }
    }

    /// Does a job in the calling thread. What is thrown comes out as it does of a worker.
    private void doHere(PendingJob<Q, R> job, JobFunction<Q, R> function) {
        try {
            R value = function.handle(job.task().data());
            if (value == null && job.task() instanceof Task.Bidirectional<Q>) {
                throw Worker.noAnswer(function);
            }
            doneHere(job, JobState.COMPLETED, value, null);
        } catch (InterruptedException interrupt) {
            doneHere(job, JobState.CANCELLED, null, interrupt);
            Thread.currentThread().interrupt();
        } catch (Throwable thrown) { // errors too
            doneHere(job, JobState.FAILED, null,
                    RemoteFailure.of(thrown).toException("this process"));
        }
    }

    private void doneHere(PendingJob<Q, R> job, JobState how, @Nullable R value,
            @Nullable Throwable failure) {
        boolean isNews;
        lock.enter();
        try {
            isNews = queue.end(job, how, value, failure);
        } finally {
            lock.exit();
        }
        if (isNews) {
            lock.completions().complete(job);
        }
    }

    @Override
    public void send(Attempt<Q, R> attempt) {
        send(attempt, true);
    }

    /// Never waits: it may be called by a thread that receives for others.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    private void send(Attempt<Q, R> attempt, boolean isInBackground) {
        try {
            ObservedCall<Outcome<R>> call = attempt.worker().process().caller()
                    .tryObserve(attempt.job().task(), attempt);
            if (call == null) {
                noRoom(attempt);
            } else {
                attempt.sent(call, isInBackground);
            }
        } catch (RuntimeException | Error failure) {
            // Elsewhere: what follows may be the next job's sending and failure, and so on.
            threads.elsewhere(() -> notSent(attempt, failure));
        }
    }

    /// What was to go ahead waits in the queue instead.
    private void noRoom(Attempt<Q, R> attempt) {
        boolean isTakenBack;
        lock.enter();
        try {
            isTakenBack = events.noRoom(attempt);
        } finally {
            lock.exit();
        }
        if (!isTakenBack) {
            threads.elsewhere(() -> sendWaiting(attempt));
        }
    }

    @Override
    public void watchAhead() {
        boolean isScheduled = false;
        try {
            var _ = threads.timer().schedule(this::lookAhead, LOOK_NANOS, TimeUnit.NANOSECONDS);
            isScheduled = true;
        } catch (RejectedExecutionException _) {
            // The set is closed.
        } finally {
            if (!isScheduled) {
                endWatch();
            }
        }
    }

    private void endWatch() {
        lock.enter();
        try {
            queue.endWatch();
        } finally {
            lock.exit();
        }
    }

    private void lookAhead() {
        boolean goesOn = true; // also where a look has failed
        try {
            goesOn = isAnyAhead();
        } finally {
            if (goesOn) {
                watchAhead();
            }
        }
    }

    private boolean isAnyAhead() {
        lock.enter();
        try {
            boolean isAny = recovery.withdrawFromStanding();
            if (!isAny) {
                queue.endWatch();
            }
            return isAny;
        } finally {
            lock.exit();
        }
    }

    private void sendWaiting(Attempt<Q, R> attempt) {
        try {
            attempt.sent(attempt.worker().process().caller().observe(attempt.job().task(), attempt),
                    true);
        } catch (InterruptedException | RuntimeException | Error failure) {
            notSent(attempt, failure);
        }
    }

    private void notSent(Attempt<Q, R> attempt, Throwable failure) {
        boolean isJobs;
        lock.enter();
        try {
            isJobs = !events.isWorkersFault(attempt, failure);
        } finally {
            lock.exit();
        }
        if (isJobs) {
            boolean _ = ended(attempt, null,
                    failure instanceof RuntimeException unsendable ? unsendable
                            : new CodecFailed("a job could not be sent: " + failure, failure));
        }
    }

    @Override
    public void ended(Attempt<Q, R> attempt, @Nullable Outcome<R> last) {
        boolean isTaken = false;
        PendingJob<Q, R> job = attempt.job();
        if (last == null && !attempt.hasStarted() && isGivenBack(attempt)) {
            return;
        }
        if (job.task() instanceof Task.Bidirectional<Q>
                && last instanceof Outcome.Value<R>(R value)) {
            isTaken = ended(attempt, value, null);
        } else if (job.task() instanceof Task.Unidirectional<Q> || job.isEnded()) {
            boolean _ = ended(attempt, null, null); // whose answer is not wanted
        } else {
            boolean _ = ended(attempt, null, new CallFailed(attempt.worker().shown(),
                    IllegalStateException.class.getName(), "the job has ended without an answer:"
                            + " have its loop call JobReply.send",
                    List.of()));
        }
        if (last != null && !isTaken) {
            attempt.drop(last);
        }
    }

    /// Whether the worker has not begun a job that it was asked for: then another one may get it.
    private boolean isGivenBack(Attempt<Q, R> attempt) {
        lock.enter();
        try {
            return events.isGivenBack(attempt);
        } finally {
            lock.exit();
        }
    }

    /// The worker gets its next job first; then what depends on this one runs.
    ///
    /// @param failure null if the worker has done it
    /// @return whether the job has ended with that
    private boolean ended(Attempt<Q, R> attempt, @Nullable R answer,
            @Nullable RuntimeException failure) {
        PendingJob<Q, R> job = attempt.job();
        boolean isNews;
        boolean isToComplete;
        lock.enter();
        try {
            isNews = events.ended(attempt, answer, failure);
            // After others' code, which may wait for it, it would be too late.
            isToComplete = isNews && !lock.isOthersCodePutOff();
            if (isNews && !isToComplete) {
                lock.completeLater(job);
            }
        } finally {
            lock.exit();
        }
        if (isToComplete) {
            lock.completions().complete(job);
        }
        return isNews;
    }

    @Override
    public void broken(Attempt<Q, R> attempt, RuntimeException failure) {
        lock.enter();
        try {
            events.broken(attempt, failure);
        } finally {
            lock.exit();
        }
    }

    /// What the worker says of the job is the job's; anything else is the worker's end, and the job
    /// goes with it.
    @Override
    public void failed(Attempt<Q, R> attempt, RuntimeException failure) {
        boolean isJobs = failure instanceof CallFailed || failure instanceof CodecFailed
                || failure instanceof MessageTooLarge || failure instanceof ResourceExhausted
                || (failure instanceof IpcException unreadable && unreadable.head() != null);
        if (isJobs) {
            boolean _ = ended(attempt, null, failure);
            return;
        }
        lock.enter();
        try {
            events.lost(attempt);
        } finally {
            lock.exit();
        }
    }

    @Override
    public boolean giveUp(PendingJob<Q, R> job, @Nullable R value, @Nullable Throwable reason) {
        Completions completions = lock.completions();
        boolean isFirst = isGivenUp(job, value, reason);
        try {
            Attempt<Q, R> attempt = job.attempt();
            if (!isFirst) {
                completions.begin(); // the thread that was first may not have come to it
            } else if (attempt != null) {
                attempt.cancelCall();
            }
        } finally {
            completions.complete(job);
        }
        return isFirst;
    }

    /// If a worker has it, it still has no more time than it was given.
    private boolean isGivenUp(PendingJob<Q, R> job, @Nullable R value,
            @Nullable Throwable reason) {
        lock.enter();
        try {
            boolean isFirst = queue.giveUp(job, value, reason);
            if (isFirst && job.attempt() != null && !job.hasTimer()) {
                setTimer(job);
            }
            return isFirst;
        } finally {
            lock.exit();
        }
    }
}
