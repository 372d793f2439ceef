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
import org.jspecify.annotations.Nullable;

/// One job of a set, from when it is given to it until its worker has ended it, which may be after
/// its future is done.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // workers are meant by identity
final class HostJob<Q, R> {

    /// Where it is.
    enum Place {
        NOWHERE, QUEUE, WORKER, OVER
    }

    private final Desk<Q, R> desk;
    private final Task.Work<Q> task;
    private final JobTerms<R> terms;
    private final JobFuture<R> future = new JobFuture<>(this::giveUp);
    private final long givenNanos = System.nanoTime();

    // Written inside the desk's lock.
    private Place place = Place.NOWHERE;
    private volatile @Nullable Member<Q, R> member; // that has it in hand
    private int attempts;
    private int timesAhead;
    private boolean isLost; // nothing more comes of the call
    private @Nullable ScheduledFuture<?> timer;

    private volatile boolean hasStarted;
    private volatile boolean isGivenUp;
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

    Place place() {
        return place;
    }

    void queued() {
        place = Place.QUEUE;
        member = null;
    }

    /// It is that worker's now.
    void assigned(Member<Q, R> to) {
        place = Place.WORKER;
        member = to;
        attempts++;
        isLost = false;
        hasStarted = false;
        call.set(null);
    }

    /// It could not be sent, which is no attempt.
    void takenBack() {
        attempts--;
    }

    /// How often it was with a worker that died before it had come to it, with this time.
    int countAhead() {
        return ++timesAhead;
    }

    void over() {
        place = Place.OVER;
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
    ///
    /// @return whether there is an answer
    @SuppressWarnings("NullAway") // the answer may be null where nobody wants it
    boolean doHere(JobFunction<Q, R> function) {
        try {
            return future.answer(function.handle(task.data()));
        } catch (InterruptedException interrupt) {
            fail(interrupt);
            Thread.currentThread().interrupt();
        } catch (Throwable failure) { // errors too
            fail(RemoteFailure.of(failure).toException());
        }
        return false;
    }

    /// It is on its way to that worker.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    void sent(Member<Q, R> to, ObservedCall<Outcome<R>> opened, boolean isInBackground) {
        note(to, opened); // before the look at what giveUp sets before it looks for the call
        if (isGivenUp) {
            opened.cancel();
        } else if (isInBackground) {
            opened.receiveInBackground();
        }
    }

    /// A thread that was slow to say so must not hide the call to a later worker: it may come first, but
    /// then that one's overwrites it.
    private void note(Member<Q, R> to, ObservedCall<Outcome<R>> opened) {
        boolean isFirst = member == to && call.compareAndSet(null, opened);
        if (!isFirst && member == to) {
            call.set(opened);
        }
    }

    /// Nobody waits for it any more; its worker is told, if it has one.
    private void giveUp() {
        desk.givenUp(this);
        cancelCall();
    }

    /// The same, by the set.
    void cancelCall() {
        isGivenUp = true;
        ObservedCall<Outcome<R>> open = call.get();
        if (open != null) {
            open.cancel();
        }
    }

    /// A part has come, from that worker.
    void heard(Member<Q, R> from, Outcome<R> part) {
        if (member != from) {
            return;
        }
        switch (part) {
            case Outcome.Started<R> _ -> hasStarted = true;
            case Outcome.Step<R>(long done, long total, String note) ->
                    terms.onProgress().accept(new Progress(done, total, note));
            case Outcome.Value<R>(R value) -> terms.onPart().accept(value);
        }
    }

    /// That worker has ended it.
    ///
    /// @param last the answer, if there is one
    void ended(Member<Q, R> from, @Nullable Outcome<R> last) {
        if (!desk.ended(this, from, null)) {
            return;
        }
        if (last instanceof Outcome.Value<R>(R value)) {
            answer(value);
        } else if (task instanceof Task.Unidirectional<Q>) {
            answerNothing();
        } else {
            fail(new CallFailed("dev.ipcchannel.worker.Worker",
                    "the worker has ended the job without an answer", List.of()));
        }
    }

    /// That worker has no answer to it, or is gone.
    void failed(Member<Q, R> from, RuntimeException failure) {
        desk.failed(this, from, failure);
    }

    private void answer(R value) {
        boolean _ = future.answer(value);
    }

    @SuppressWarnings("NullAway") // of a job whose answer nobody wants
    private void answerNothing() {
        boolean _ = future.answer(null);
    }

    /// There is no answer. Outside of the desk's lock: what depends on the future runs here.
    void fail(Throwable failure) {
        boolean _ = future.fail(failure);
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
