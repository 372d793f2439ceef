package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.call.RemoteFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One job of a set, from when it is given to it until its worker has ended it, which may be after
/// the job itself has ended: it was cancelled, say, and the worker goes on.
///
/// It ends once. What the set learns first, inside the desk's lock, decides how, and with that the
/// future and the count; what comes later is dropped. A job whose time is over before it has ended
/// fails with [dev.ipcchannel.TimedOut], whatever its worker still says or does; only its caller
/// may still cancel it, until that exception is made.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // workers are meant by identity
final class HostJob<Q, R> {

    private final Desk<Q, R> desk;
    private final Task.Work<Q> task;
    private final JobTerms<R> terms;
    private final JobFuture<R> future = new JobFuture<>(this);
    private final long givenNanos = System.nanoTime();

    // Written inside the desk's lock.
    private volatile JobState state = JobState.NEW;
    private @Nullable R answer; // these two before the state that says so
    private @Nullable Throwable failure;
    private volatile @Nullable Member<Q, R> member; // that has it in hand
    private int attempts;
    private int timesAhead;
    private boolean isLost; // nothing more comes of the call
    private @Nullable ScheduledFuture<?> timer;

    private volatile boolean hasStarted;
    private final AtomicReference<@Nullable ObservedCall<Outcome<R>>> call =
            new AtomicReference<>();

    HostJob(Desk<Q, R> desk, Task.Work<Q> task, JobTerms<R> terms) {
        this.desk = desk;
        this.task = task;
        this.terms = terms;
    }

    Task.Work<Q> task() {
        return task;
    }

    JobTerms<R> terms() {
        return terms;
    }

    JobFuture<R> future() {
        return future;
    }

    boolean is(JobState other) {
        return state == other;
    }

    /// The one place where its state changes. Inside the desk's lock.
    ///
    /// @return false if it has ended: then it stays as it is
    private boolean become(JobState next) {
        if (state.isEnd()) {
            return false;
        }
        desk.counts().move(state, next);
        state = next;
        return true;
    }

    void queued() {
        boolean _ = become(JobState.QUEUED);
        member = null;
    }

    /// It is that worker's now.
    void assigned(Member<Q, R> to) {
        inHand();
        member = to;
        attempts++;
        isLost = false;
        hasStarted = false;
        call.set(null);
    }

    /// It is that worker's, or is done by the thread that gives it.
    void inHand() {
        boolean _ = become(JobState.IN_HAND);
    }

    /// Its time is over, and it fails when it is known what its worker was doing.
    void expired() {
        boolean _ = become(JobState.EXPIRED);
    }

    /// Ends it. A caller that gets true has it completed by [Completions] outside of the lock.
    ///
    /// @return false if it has ended before
    boolean end(JobState how, @Nullable R value, @Nullable Throwable reason) {
        if (state.isEnd()) {
            return false;
        }
        answer = value;
        failure = reason;
        if (how == JobState.COMPLETED) {
            desk.counts().took(ageNanos());
        }
        desk.completions().begin();
        return become(how);
    }

    /// Completes the future of a job that has ended, unless that is done. By [Completions] alone.
    void settle() {
        if (state.isEnd()) { // before the look at what was written before it
            future.settle(answer, failure);
        }
    }

    /// It could not be sent, which is no attempt.
    void takenBack() {
        attempts--;
    }

    /// How often it was with a worker that died, or refused it, before it had come to it, with this
    /// time.
    int countAhead() {
        return ++timesAhead;
    }

    /// No worker has it any more, nor the queue.
    void released() {
        member = null;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Nullable
    Member<Q, R> member() {
        return member;
    }

    int attempts() {
        return attempts;
    }

    void lost() {
        isLost = true;
    }

    boolean isLost() {
        return isLost;
    }

    boolean hasStarted() {
        return hasStarted;
    }

    /// Nanoseconds since it was given to the set.
    long ageNanos() {
        return System.nanoTime() - givenNanos;
    }

    long remainingNanos() {
        long timeout = terms.timeoutNanos();
        return timeout == Long.MAX_VALUE ? timeout : Math.max(0, timeout - ageNanos());
    }

    boolean hasTimer() {
        return timer != null;
    }

    /// What rings when its time is over, until it is over itself. Inside the desk's lock.
    void setTimer(ScheduledFuture<?> alarm) {
        timer = alarm;
    }

    /// Does it in the calling thread. What is thrown comes out as it does of a worker.
    void doHere(JobFunction<Q, R> function) {
        try {
            R value = function.handle(task.data());
            if (value == null && task instanceof Task.Bidirectional<Q>) {
                throw Worker.noAnswer(function);
            }
            desk.doneHere(this, JobState.COMPLETED, value, null);
        } catch (InterruptedException interrupt) {
            desk.doneHere(this, JobState.CANCELLED, null, interrupt);
            Thread.currentThread().interrupt();
        } catch (Throwable thrown) { // errors too
            desk.doneHere(this, JobState.FAILED, null,
                    RemoteFailure.of(thrown).toException("this process"));
        }
    }

    /// It is on its way to that worker.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    void sent(Member<Q, R> to, ObservedCall<Outcome<R>> opened, boolean isInBackground) {
        note(to, opened); // before the look at what an end sets before it looks for the call
        if (state.isEnd() && member == to) {
            opened.cancel();
        } else if (isInBackground) {
            opened.receiveInBackground();
        }
    }

    /// A thread that was slow to say so must not hide the call to a later worker: it may come
    /// first, but then that one's overwrites it.
    private void note(Member<Q, R> to, ObservedCall<Outcome<R>> opened) {
        boolean isFirst = member == to && call.compareAndSet(null, opened);
        if (!isFirst && member == to) {
            call.set(opened);
        }
    }

    /// Its caller has given it up, and has completed the future with this. Its worker is notified,
    /// if it has one.
    ///
    /// @return false if it has ended before
    boolean giveUp(@Nullable R value, @Nullable Throwable reason) {
        boolean isFirst = desk.givenUp(this, value, reason);
        try {
            if (isFirst) {
                cancelCall();
            } else {
                desk.completions().begin(); // the thread that was first may not have come to it
            }
        } finally {
            desk.completions().complete(this);
        }
        return isFirst;
    }

    /// Has its answer received although the thread that waits for it is about to wait for something
    /// else.
    void receiveInBackground() {
        ObservedCall<Outcome<R>> open = call.get();
        if (open != null) {
            open.receiveInBackground();
        }
    }

    /// Notifies its worker, after it has ended, that its answer is not wanted.
    void cancelCall() {
        ObservedCall<Outcome<R>> open = call.get();
        if (open != null) {
            open.cancel();
        }
    }

    /// A part has come, from that worker.
    void heard(Member<Q, R> from, Outcome<R> part) {
        if (member != from) {
            from.caller().drop(part);
            return;
        }
        switch (part) {
            case Outcome.Started<R> _ -> hasStarted = true;
            case Outcome.Step<R>(long done, long total, String note) ->
                    terms.onProgress().accept(new Progress(done, total, note));
            case Outcome.Value<R>(R value) -> {
                Consumer<R> taker = terms.onPart();
                if (taker != null) {
                    taker.accept(value);
                } else {
                    from.caller().drop(part);
                }
            }
        }
    }

    /// A part that cannot be read has come from that worker, which is notified that no more is
    /// wanted.
    void broken(Member<Q, R> from, RuntimeException failure) {
        desk.broken(this, from, failure);
    }

    /// That worker has ended it.
    ///
    /// @param last the answer, if there is one
    void ended(Member<Q, R> from, @Nullable Outcome<R> last) {
        boolean isTaken = false;
        if (task instanceof Task.Bidirectional<Q>
                && last instanceof Outcome.Value<R>(R value)) {
            isTaken = desk.ended(this, from, value, null);
        } else if (task instanceof Task.Unidirectional<Q> || state.isEnd()) {
            boolean _ = desk.ended(this, from, null, null); // whose answer is not wanted
        } else {
            boolean _ = desk.ended(this, from, null, new CallFailed(from.shown(),
                    IllegalStateException.class.getName(), "the job has ended without an answer:"
                            + " have its loop call JobReply.send",
                    List.of()));
        }
        if (last != null && !isTaken) {
            from.caller().drop(last);
        }
    }

    /// That worker has no answer to it, or is gone.
    void failed(Member<Q, R> from, RuntimeException reason) {
        desk.failed(this, from, reason);
    }

    /// Waits for the answer, and receives it here if the job went to its worker from this thread.
    R await() throws InterruptedException {
        try {
            ObservedCall<Outcome<R>> open = call.get();
            if (open != null) {
                awaitCall(open);
            }
            return future.isDone() ? future.join() : awaitFuture();
        } catch (CompletionException | ExecutionException failure) {
            throw Failed.again(failure.getCause());
        } catch (InterruptedException interrupt) {
            future.cancel(false);
            throw interrupt;
        }
    }

    private void awaitCall(ObservedCall<Outcome<R>> open) throws InterruptedException {
        if (terms.timeout() == null) {
            open.await();
        } else if (!open.await(Duration.ofNanos(remainingNanos()))) {
            open.receiveInBackground(); // the worker's news are still to be heard
        }
    }

    private R awaitFuture() throws InterruptedException, ExecutionException {
        if (terms.timeout() == null) {
            return future.get();
        }
        try {
            return future.get(remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            desk.expire(this);
            return future.get(); // soon
        }
    }
}
