package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.worker.Batch.Attempt;
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

    private final BusyPolicy<Q, R> busyPolicy;
    private final ContextCarrier context;
    private volatile Headers lastHeaders = Headers.NONE; // jobs often have the same
    private final BatchCodec<Q, R> batchCodec;
    private final SetLock lock;
    private final JobQueue<Q, R> queue;
    private final JobRecovery<Q, R> recovery;
    private final Staffing<Q, R> staffing;
    private final WorkerEvents<Q, R> events;
    private final SetThreads threads;

    Dispatcher(SetOptions<Q, R> options, SetLock lock, JobQueue<Q, R> queue,
            JobRecovery<Q, R> recovery, Staffing<Q, R> staffing, WorkerEvents<Q, R> events,
            SetThreads threads) {
        this.busyPolicy = options.busyPolicy();
        this.context = options.context();
        this.batchCodec = new BatchCodec<>(options.types());
        this.lock = lock;
        this.queue = queue;
        this.recovery = recovery;
        this.staffing = staffing;
        this.events = events;
        this.threads = threads;
    }

    /// Gives the set a job, waiting for no more than room to do so.
    CompletableFuture<R> send(Task.Work<Q> task, JobOptions<R> options)
            throws InterruptedException {
        return send(task, options, busyPolicy);
    }

    /// The same, by a policy of its own for when there is no room.
    CompletableFuture<R> send(Task.Work<Q> task, JobOptions<R> options, BusyPolicy<Q, R> policy)
            throws InterruptedException {
        PendingJob<Q, R> job = job(task, options);
        submit(job, false, policy);
        return job.future();
    }

    /// A job that is about to be given, by the calling thread.
    PendingJob<Q, R> job(Task.Work<Q> task, JobOptions<R> options) {
        Headers last = lastHeaders;
        Headers headers = last.next(context.headers());
        if (!headers.equals(last)) {
            lastHeaders = headers;
        }
        return new PendingJob<>(this, task, options, headers);
    }

    /// The same, and waits for the answer, which this thread receives where the job goes to a
    /// worker at once.
    R call(Task.Work<Q> task, JobOptions<R> options) throws InterruptedException {
        PendingJob<Q, R> job = job(task, options);
        job.keepPrivate();
        submit(job, true);
        return job.await();
    }

    /// Takes a job in by the set's policy.
    ///
    /// @param isAwaited whether the calling thread waits for the answer right after it
    void submit(PendingJob<Q, R> job, boolean isAwaited) throws InterruptedException {
        submit(job, isAwaited, busyPolicy);
    }

    /// Takes a job in: to a worker, into the queue, or by the policy for when there is no room.
    ///
    /// @param isAwaited whether the calling thread waits for the answer right after it
    private void submit(PendingJob<Q, R> job, boolean isAwaited, BusyPolicy<Q, R> policy)
            throws InterruptedException {
        Attempt<Q, R> attempt = null;
        boolean isAdmitted;
        lock.enter();
        try {
            isAdmitted = queue.admit(job);
            while (!isAdmitted && awaitRoom(job, policy)) {
                isAdmitted = queue.admit(job);
            }
            attempt = job.attempt(); // by which this thread sends it
            if (!isAdmitted) {
                queue.giveToCaller(job);
            } else if (job.is(PendingJob.State.QUEUED)) {
                staffing.onQueued();
                setTimer(job);
                queue.distribute();
            } else if (attempt != null && !isAwaited) {
                setTimer(job);
            }
        } finally {
            lock.exit();
        }
        if (attempt != null) {
            send(attempt.batch(), !isAwaited);
        } else if (!isAdmitted
                && policy instanceof BusyPolicy.CallerRuns<Q, R>(JobFunction<Q, R> function)) {
            doHere(job, function);
        }
    }

    /// Acts by the policy. Inside the lock.
    ///
    /// @return false if the caller is to do the job
    private boolean awaitRoom(PendingJob<Q, R> job, BusyPolicy<Q, R> policy)
            throws InterruptedException {
        return switch (policy) {
            case BusyPolicy.CallerRuns<Q, R> _ -> false;
            case BusyPolicy.Reject<Q, R> _ ->
                    throw queue.refused("no worker of this set is free: wait for answers, or give"
                            + " it more workers or a longer queue");
            case BusyPolicy.Wait<Q, R>(var timeout) -> {
                long nanos = Math.min(TimeUnit.NANOSECONDS.convert(timeout) - job.ageNanos(),
                        job.remainingNanos());
                boolean hasRoom = lock.awaitRoom(nanos, job.affinity() != null);
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
        if (job.options().timeout() != null && !staffing.isClosed()) {
            job.setTimer(
                    threads.decideAfter(job.remainingNanos(), () -> events.expire(job)));
        }
    }

    @Override
    public void expire(PendingJob<Q, R> job) {
        lock.run(() -> events.expire(job));
    }

    /// Does a job in the calling thread. What is thrown comes out as it does of a worker.
    private void doHere(PendingJob<Q, R> job, JobFunction<Q, R> function) {
        try {
            R value = function.handle(job.task().data());
            if (value == null && job.task() instanceof Task.Bidirectional<Q>) {
                throw Worker.noAnswer(function);
            }
            doneHere(job, PendingJob.State.COMPLETED, value, null);
        } catch (InterruptedException interrupt) {
            doneHere(job, PendingJob.State.CANCELLED, null, interrupt);
            Thread.currentThread().interrupt();
        } catch (Throwable thrown) { // errors too
            doneHere(job, PendingJob.State.FAILED, null,
                    RemoteFailure.of(thrown).toException("this process"));
        }
    }

    private void doneHere(PendingJob<Q, R> job, PendingJob.State how, @Nullable R value,
            @Nullable Throwable failure) {
        boolean hasEnded;
        lock.enter();
        try {
            hasEnded = queue.end(job, how, value, failure);
        } finally {
            lock.exit();
        }
        if (hasEnded) {
            lock.completions().complete(job);
        }
    }

    @Override
    public void send(Batch<Q, R> batch) {
        send(batch, true);
    }

    /// Never waits: it may be called by a thread that receives for others. What depends on jobs
    /// that end here, since their time is over, say, runs elsewhere.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    private void send(Batch<Q, R> batch, boolean isInBackground) {
        try {
            Task<Q> task = batch.isOfOne() ? batch.taskOfOne()
                    : batchCodec.encode(batch, this::unsendable);
            if (task == null) {
                return;
            }
            ObservedCall<Outcome<R>> call = batch.worker().trySend(task, batch);
            if (call == null) {
                noRoom(batch, task);
                return;
            }
            batch.sent(call, isInBackground);
            if (batch.sentJobs() < batch.attempts().size()) {
                cut(batch);
            }
            setSent(batch);
        } catch (RuntimeException | Error failure) {
            // Elsewhere: what follows may be the next job's sending and failure, and so on.
            threads.elsewhere(() -> notSent(batch, failure));
        }
    }

    private void setSent(Batch<Q, R> batch) {
        batch.setSent();
        if (batch.worker().isSendingAwaited()) {
            threads.decide(() -> queue.offer(batch.worker()));
        }
    }

    private void unsendable(Attempt<Q, R> attempt, Throwable failure) {
        threads.elsewhere(() -> notSent(attempt, failure));
    }

    /// What is too long to go with the others waits in the queue again.
    private void cut(Batch<Q, R> batch) {
        threads.decide(() -> events.cut(batch));
    }

    /// What was to go ahead waits in the queue instead.
    private void noRoom(Batch<Q, R> batch, Task<Q> task) {
        boolean[] isTakenBack = new boolean[1];
        threads.decide(() -> isTakenBack[0] = events.noRoom(batch));
        if (!isTakenBack[0]) {
            threads.elsewhere(() -> sendWaiting(batch, task));
        }
    }

    @Override
    public void watchAhead(long nanos) {
        boolean isScheduled = false;
        try {
            var _ = threads.timer().schedule(this::lookAhead, nanos, TimeUnit.NANOSECONDS);
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
        lock.run(() -> queue.endWatch());
    }

    private void lookAhead() {
        long[] next = {JobQueue.LOOK_NANOS}; // also where a look has failed
        try {
            threads.decide(() -> next[0] = withdrawFromStanding());
        } finally {
            if (next[0] > 0) {
                watchAhead(next[0]);
            }
        }
    }

    /// Inside the lock.
    ///
    /// @return nanoseconds until the next look; 0 if there is nothing to look at
    private long withdrawFromStanding() {
        if (recovery.withdrawFromStanding()) {
            return queue.lookNanos();
        }
        queue.endWatch();
        return 0;
    }

    private void sendWaiting(Batch<Q, R> batch, Task<Q> task) {
        batch.setOrderUnknown(); // first: others may be sent while this one waits
        try {
            batch.sent(batch.caller().observe(task, batch), true);
            setSent(batch);
        } catch (InterruptedException | RuntimeException | Error failure) {
            notSent(batch, failure);
        }
    }

    private void notSent(Batch<Q, R> batch, Throwable failure) {
        boolean isAnyones = batch.isOfOne() || failure instanceof Disconnected
                || failure instanceof EndClosed;
        if (isAnyones) {
            batch.attempts().forEach(attempt -> notSent(attempt, failure));
            return;
        }
        lock.run(() -> events.separate(batch));
    }

    private void notSent(Attempt<Q, R> attempt, Throwable failure) {
        lock.enter();
        try {
            if (!events.isWorkersFault(attempt, failure)) {
                boolean _ = isEndedBy(attempt, null,
                        failure instanceof RuntimeException unsendable ? unsendable
                                : new CodecFailed("a job could not be sent: " + failure, failure));
                events.released(attempt.worker());
            }
        } finally {
            lock.exit();
        }
    }

    /// Inside the lock.
    ///
    /// @return whether the job has ended with that
    private boolean isEndedBy(Attempt<Q, R> attempt, @Nullable R answer,
            @Nullable RuntimeException failure) {
        boolean hasEnded = events.ended(attempt, answer, failure);
        if (hasEnded) {
            lock.completeLater(attempt.job());
        }
        return hasEnded;
    }

    @Override
    public void results(Batch<Q, R> batch, Outcome.Results<R> results) {
        results(batch, results, false);
    }

    /// The worker gets its next jobs first; then what depends on these runs.
    private void results(Batch<Q, R> batch, Outcome.Results<R> results, boolean areLast) {
        List<BatchCodec.Result<R>> read;
        try {
            read = batchCodec.decode(batch, results);
        } catch (ProtocolViolation violation) {
            failed(batch, violation);
            return;
        }
        boolean areSettled = false;
        lock.enter();
        try {
            settle(batch, read, results.nanos());
            if (events.isAccepted(batch, results.next())) {
                if (areLast) {
                    events.over(batch);
                }
                events.released(batch.worker());
                areSettled = true;
            }
        } finally {
            if (!areSettled) { // else what comes next would be taken for other jobs
                events.lost(batch);
            }
            lock.exit(batch.worker().process().caller());
        }
    }

    private void settle(Batch<Q, R> batch, List<BatchCodec.Result<R>> results, long nanos) {
        int settled = 0;
        for (BatchCodec.Result<R> result : results) {
            Attempt<Q, R> attempt = batch.settleNext();
            if (attempt == null) {
                break; // the worker says more than it was asked
            }
            if (!attempt.isUnsent()) {
                boolean _ = isEndedBy(attempt, result.answer(), result.failure(attempt));
            }
            settled++;
        }
        if (settled > 0) {
            batch.worker().pace().ended(nanos, settled);
        }
    }

    @Override
    public void ended(Batch<Q, R> batch, @Nullable Outcome<R> last) {
        if (last instanceof Outcome.Results<R> results) {
            results(batch, results, true);
            return;
        }
        Attempt<Q, R> attempt = batch.attempts().getFirst();
        boolean isTaken = false;
        lock.enter();
        try {
            if (!batch.isOfOne()) {
                events.over(batch);
            } else if (last == null && !attempt.hasStarted() && events.isGivenBack(attempt)) {
                return;
            } else {
                long nanos = batch.lastNanos();
                if (last instanceof Outcome.Answer<R> answer) {
                    batch.setStarted();
                    nanos = answer.nanos();
                }
                isTaken = isAnswered(attempt, last);
                batch.worker().pace().ended(nanos, 1);
            }
            events.released(batch.worker());
        } finally {
            lock.exit(batch.worker().process().caller());
        }
        if (last != null && !isTaken) {
            batch.drop(last);
        }
    }

    private static <R> @Nullable R answer(@Nullable Outcome<R> last) {
        return switch (last) {
            case Outcome.Value<R>(R value) -> value;
            case Outcome.Answer<R>(_, R value) -> value;
            case null, default -> null;
        };
    }

    /// Ends a job that went alone. Inside the lock.
    ///
    /// @return whether the job has ended with that answer
    private boolean isAnswered(Attempt<Q, R> attempt, @Nullable Outcome<R> last) {
        PendingJob<Q, R> job = attempt.job();
        boolean isWanted = job.task() instanceof Task.Bidirectional<Q>;
        R answer = isWanted ? answer(last) : null;
        RuntimeException failure =
                !isWanted || answer != null || job.isEnded() ? null : BatchCodec.noAnswer(attempt);
        return isEndedBy(attempt, answer, failure) && answer != null;
    }

    @Override
    public void broken(Batch<Q, R> batch, RuntimeException failure) {
        lock.enter();
        try {
            events.broken(batch, failure);
        } finally {
            lock.exit(batch.worker().process().caller());
        }
    }

    /// What the worker says of jobs is the jobs'; anything else is the worker's end, and they go
    /// with it.
    @Override
    public void failed(Batch<Q, R> batch, RuntimeException failure) {
        boolean isJobs = failure instanceof CallFailed || failure instanceof CodecFailed
                || failure instanceof MessageTooLarge || failure instanceof ResourceExhausted
                || (failure instanceof IpcException unreadable && unreadable.head() != null);
        lock.enter();
        try {
            if (isJobs) {
                for (Attempt<Q, R> attempt : events.endingWith(batch, failure)) {
                    boolean _ = isEndedBy(attempt, null, failure);
                }
                events.over(batch);
                events.released(batch.worker());
            } else {
                events.lost(batch);
            }
        } finally {
            lock.exit(batch.worker().process().caller());
        }
    }

    @Override
    public boolean giveUp(PendingJob<Q, R> job, @Nullable R value, @Nullable Throwable reason) {
        Completions completions = lock.completions();
        boolean isFirst = isGivenUp(job, value, reason);
        try {
            if (!isFirst) {
                completions.begin(); // the thread that was first may not have come to it
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
            Attempt<Q, R> attempt = job.attempt();
            if (isFirst && attempt != null) {
                if (!job.hasTimer()) {
                    setTimer(job);
                }
                events.stop(attempt);
            }
            return isFirst;
        } finally {
            lock.exit();
        }
    }
}
