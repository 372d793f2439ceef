package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.internal.job.Failed;
import dev.ipcchannel.internal.job.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A try of a job: the job in the hands of one worker, with the call by which it is there. What the
/// call says once the job has another attempt, or none, is dropped.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // attempts are meant by identity
final class Attempt<Q, R> implements CallObserver<Outcome<R>> {

    private final PendingJob<Q, R> job;
    private final WorkerHandle<Q, R> worker;
    private long lastNanos; // before the next one
    private volatile boolean hasStarted;
    private volatile @Nullable ObservedCall<Outcome<R>> call;
    private volatile boolean isWithdrawn;
    private boolean isOver; // nothing more comes of the call; inside the set's lock

    Attempt(PendingJob<Q, R> job, WorkerHandle<Q, R> worker) {
        this.job = job;
        this.worker = worker;
    }

    PendingJob<Q, R> job() {
        return job;
    }

    WorkerHandle<Q, R> worker() {
        return worker;
    }

    /// Whether the job is still in the hands of that worker, by this try.
    boolean isCurrent() {
        return job.attempt() == this;
    }

    /// Whether the worker has begun the job.
    boolean hasStarted() {
        return hasStarted;
    }

    /// How long the job before this one took the worker, as it has said; 0 if it has not.
    long lastNanos() {
        return hasStarted ? lastNanos : 0;
    }

    /// The call by which the job goes to the worker; null while it is not opened.
    @Nullable
    ObservedCall<Outcome<R>> call() {
        return call;
    }

    /// The worker is asked to give the job back, unless it has begun it.
    void withdraw() {
        isWithdrawn = true;
    }

    /// Whether the worker was asked to give the job back.
    boolean isWithdrawn() {
        return isWithdrawn;
    }

    /// Whether the worker, which does one job at a time, has another one to do before it: jobs that
    /// two threads give at once may come to it in the other order.
    boolean isAhead() {
        if (hasStarted) {
            return false;
        }
        boolean isFirst = worker.running().indexOf(this) == 0;
        return !isFirst || worker.running().stream().anyMatch(Attempt::hasStarted);
    }

    void setOver() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }

    /// The job is on its way to the worker.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    void sent(ObservedCall<Outcome<R>> opened, boolean isInBackground) {
        call = opened; // before the look at what an end sets before it looks for the call
        if (job.isEnded() && isCurrent()) {
            opened.cancel();
            return;
        }
        if (isInBackground) {
            opened.receiveInBackground();
        }
        if (isWithdrawn) { // who withdraws sets this first, and looks for the call then
            opened.withdraw();
        }
    }

    /// Notifies the worker, after the job has ended, that its answer is not wanted.
    void cancelCall() {
        ObservedCall<Outcome<R>> open = call;
        if (open != null) {
            open.cancel();
        }
    }

    /// Asks the worker for the job, unless it has begun it.
    void withdrawCall() {
        ObservedCall<Outcome<R>> open = call;
        if (open != null) {
            open.withdraw();
        }
    }

    /// Has its answer received although the thread that waits for it is about to wait for something
    /// else.
    void receiveInBackground() {
        ObservedCall<Outcome<R>> open = call;
        if (open != null) {
            open.receiveInBackground();
        }
    }

    /// Drops what has come of the call, with the channels in it.
    void drop(Outcome<R> words) {
        worker.process().caller().drop(words);
    }

    @Override
    public void onPart(Outcome<R> part) {
        if (!isCurrent()) {
            drop(part);
            return;
        }
        JobTerms<R> terms = job.terms();
        switch (part) {
            case Outcome.Started<R>(long nanos) -> {
                lastNanos = nanos; // before the word that it has begun
                hasStarted = true;
            }
            case Outcome.Step<R>(long done, long total, String note) ->
                    terms.onProgress().accept(new Progress(done, total, note));
            case Outcome.Value<R>(R value) -> {
                Consumer<R> taker = terms.onPart();
                if (taker != null) {
                    taker.accept(value);
                } else {
                    drop(part);
                }
            }
        }
    }

    @Override
    public void onUnreadablePart(RuntimeException failure) {
        job.owner().broken(this, failure);
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        job.owner().ended(this, last);
    }

    @Override
    public void onFailure(RuntimeException failure) {
        job.owner().failed(this, failure instanceof CallFailed call ? named(call) : failure);
    }

    /// A call knows the process, and not what it is in the set. A thread that waits gets a copy of
    /// the exception with a stack of its own.
    private CallFailed named(CallFailed failure) {
        CallFailed named = Failed.again(failure, worker.shown());
        named.setStackTrace(failure.getStackTrace());
        return named;
    }

    @Override
    public String toString() {
        return "Attempt[%s, %s]".formatted(worker, hasStarted ? "begun" : "not begun");
    }
}
