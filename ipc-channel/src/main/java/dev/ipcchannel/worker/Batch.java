package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.job.Affinity;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Rethrow;
import dev.ipcchannel.internal.job.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A batch of jobs in the hands of a worker: the call by which they go there together, and by which
/// what becomes of each comes back, in their order.
///
/// To a worker that takes batches they go with numbers, of which its mark is the one that it has
/// begun last, also of a worker that is dead. Where there are no marks, it says before each job,
/// with the results of those before, that it begins it. To any other one job goes alone, and the
/// worker says by a message that it has begun it.
///
/// Longer than most files: what is known of a job by its batch's number, mark and place stands here
/// together.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Batch<Q, R> implements CallObserver<Outcome<R>>, Affinity.Message {

    /// The epoch of jobs without a mark, and the number of one that goes alone without one.
    static final long NONE = 0;

    private static final long UNSENT = Long.MAX_VALUE; // after all that were sent
    private static final long UNKNOWN = 0; // before all, since it may be

    private final WorkerHandle<Q, R> worker;
    private final long first;
    private final long epoch;
    private final List<Attempt<Q, R>> attempts;
    private int settled; // so many have a result; inside the set's lock
    private long lastNanos; // of a job alone, before the next one
    private volatile boolean hasStarted; // a job alone
    private volatile @Nullable ObservedCall<Outcome<R>> call;
    private volatile boolean isWithdrawn;
    private boolean isGivenBack; // what was not begun; inside the set's lock
    private volatile boolean isInterrupted;
    private volatile long order = UNSENT; // among those that its worker was sent
    private volatile int sentJobs = 1;
    private volatile boolean isSent;

    /// @param first the number of the first job
    /// @param epoch the mark of this side as it is now, or [#NONE]
    Batch(WorkerHandle<Q, R> worker, List<PendingJob<Q, R>> jobs, long first, long epoch) {
        this.worker = worker;
        this.first = first;
        this.epoch = epoch;
        this.attempts = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            attempts.add(new Attempt<>(jobs.get(i), this, i));
        }
    }

    /// A try of a job: the job in the hands of one worker, as one of a batch. What comes of it once
    /// the job has another attempt, or none, is dropped.
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    @SuppressWarnings("ReferenceEquality") // attempts are meant by identity
    static final class Attempt<Q, R> {

        private final PendingJob<Q, R> job;
        private final Batch<Q, R> batch;
        private final int index; // in the batch
        private boolean isOver; // nothing more comes of it; inside the set's lock
        private boolean isKept; // inside the set's lock
        private volatile boolean isUnsent;

        Attempt(PendingJob<Q, R> job, Batch<Q, R> batch, int index) {
            this.job = job;
            this.batch = batch;
            this.index = index;
        }

        PendingJob<Q, R> job() {
            return job;
        }

        Batch<Q, R> batch() {
            return batch;
        }

        WorkerHandle<Q, R> worker() {
            return batch.worker();
        }

        /// Whether the job is still in the hands of that worker, by this try.
        boolean isCurrent() {
            return job.attempt() == this;
        }

        /// Whether the worker has the job, by this try, and it has not ended otherwise.
        boolean isInHand() {
            return isCurrent() && job.is(PendingJob.State.IN_HAND);
        }

        /// Whether the worker has begun the job.
        boolean hasStarted() {
            return isKept || batch.hasBegun(index);
        }

        /// Whether it is the job that the worker has begun last, and may be at.
        boolean isAtMark() {
            return batch.isNumbered() ? batch.worker.lastBegun() == number()
                    : batch.hasBegun(index);
        }

        /// The number by which the worker says that it has begun it.
        private long number() {
            return batch.first + index;
        }

        /// Whether the worker may have begun the job, as its mark says right after the end of an
        /// epoch: else it never will. A job that stays with it then stays until it says what has
        /// become of it, whatever the mark is later.
        ///
        /// @param mark the worker's
        /// @param order of the batch that contains it; see [Batch#orderOf]
        boolean isKept(long mark, long order) {
            isKept = isKept || batch.mayHaveBegun(index, mark, order);
            return isKept;
        }

        /// The worker may have begun the job, and it is not known.
        void setKept() {
            isKept = true;
        }

        /// Whether the worker, which does one job at a time, has another one to do before it: jobs
        /// that two threads give at once may come to it in the other order.
        boolean isAhead() {
            if (hasStarted()) {
                return false;
            }
            boolean isFirst = worker().running().getFirst() == this;
            return !isFirst || worker().running().stream().anyMatch(Attempt::hasStarted);
        }

        /// It is not in the message of its batch, since its data cannot be written.
        void setUnsent() {
            isUnsent = true;
        }

        boolean isUnsent() {
            return isUnsent;
        }

        void setOver() {
            isOver = true;
        }

        boolean isOver() {
            return isOver;
        }

        @Override
        public String toString() {
            return "Attempt[%s, %s]".formatted(worker(), hasStarted() ? "begun" : "not begun");
        }
    }

    WorkerHandle<Q, R> worker() {
        return worker;
    }

    List<Attempt<Q, R>> attempts() {
        return attempts;
    }

    /// The job alone as a task for its worker.
    Task<Q> taskOfOne() {
        Task.Work<Q> work = only().job().task();
        return isMarked() ? new Task.Marked<>(first, epoch,
                work instanceof Task.Bidirectional<Q>, work.data()) : work;
    }

    /// The caller by which it goes to the worker: that has the headers of a job alone; those of
    /// several stand in their [dev.ipcchannel.internal.job.Row].
    Caller<Task<Q>, Outcome<R>> caller() {
        Caller<Task<Q>, Outcome<R>> caller = worker.process().caller();
        Headers headers = isOfOne() ? only().job().headers() : Headers.NONE;
        return headers.isEmpty() ? caller
                : caller.withContext(ContextCarrier.of(headers.values()));
    }

    /// The number of the first job.
    long first() {
        return first;
    }

    long epoch() {
        return epoch;
    }

    /// So many of its jobs, from the first on, are in its message.
    void setSentJobs(int count) {
        sentJobs = count;
    }

    int sentJobs() {
        return sentJobs;
    }

    /// Whether its jobs have numbers, of which its worker's mark is one, and end when the epoch
    /// does.
    boolean isMarked() {
        return epoch != NONE;
    }

    /// Whether its jobs have numbers: of each it is known whether its worker has begun it.
    boolean isNumbered() {
        return first != NONE;
    }

    /// Whether there is one job in it.
    boolean isOfOne() {
        return attempts.size() == 1;
    }

    private Attempt<Q, R> only() {
        return attempts.getFirst();
    }

    /// It is sent, before the worker can see it and before the next one is.
    ///
    /// @param place among those that the worker was sent, from 1
    void setOrder(long place) {
        order = place;
    }

    /// It was not sent after all.
    void setUnsent() {
        order = UNSENT;
    }

    /// Whether the worker may have it, as far as is known here.
    boolean mayBeThere() {
        return order != UNSENT;
    }

    /// It is in the channel, without those that were too long to go with the others.
    void setSent() {
        isSent = true;
    }

    @Override
    public boolean isSent() {
        return isSent;
    }

    /// It is sent at a time of which it is not known what comes before it.
    void setOrderUnknown() {
        order = UNKNOWN;
    }

    private boolean contains(long mark) {
        return mark - first >= 0 && mark - first < attempts.size();
    }

    /// The place of the batch that contains a worker's mark, among the jobs that the worker has:
    /// all before it are done, and their results may be on the way. Where it has that one no more,
    /// it has said what has become of those before as well.
    static <Q, R> long orderOf(long mark, Iterable<Attempt<Q, R>> running) {
        for (Attempt<Q, R> attempt : running) {
            Batch<Q, R> batch = attempt.batch();
            if (batch.isMarked() && batch.contains(mark)) {
                return batch.order == UNKNOWN ? UNSENT : batch.order;
            }
        }
        return UNKNOWN;
    }

    /// Whether the worker reports each job that it begins, and gives back what it has not begun
    /// only if it is asked.
    boolean reportsBegun() {
        return isNumbered() && !isMarked();
    }

    /// Notes the worker's report that it begins the first job without a result.
    ///
    /// @return false if it has no such job, or is not to report it
    boolean beginNext() {
        if (!reportsBegun() || isGivenBack || settled >= attempts.size()) {
            return false;
        }
        worker.begins(first + settled);
        return true;
    }

    /// Notes the worker's report that it begins no more of the batch.
    ///
    /// @return false if it is not to report that
    boolean giveBack() {
        isGivenBack = reportsBegun();
        return isGivenBack;
    }

    /// Whether the worker begins no more of it, so that an interrupt meets the job that it is at,
    /// and no other.
    boolean isGivenBack() {
        return isGivenBack;
    }

    private boolean mayHaveBegun(int index, long mark, long orderOfMark) {
        return contains(mark) ? index <= mark - first : order < orderOfMark;
    }

    /// Whether the worker has begun the job at that index: of a worker that is gone the truth, once
    /// all that it has said was received. While it lives, the results of a batch may be on the way
    /// that it has done before the one at its mark.
    boolean hasBegun(int index) {
        if (hasStarted || index < settled) {
            return true;
        }
        long last = isNumbered() ? worker.lastBegun() - first : -1;
        return index <= last && last < attempts.size();
    }

    /// The next job gets its result.
    ///
    /// @return null if each has one
    @Nullable
    Attempt<Q, R> settleNext() {
        return settled == attempts.size() ? null : attempts.get(settled++);
    }

    /// Those that have no result.
    List<Attempt<Q, R>> unsettled() {
        return attempts.subList(settled, attempts.size());
    }

    /// A job alone is answered, so it was begun.
    void setStarted() {
        hasStarted = true;
    }

    /// How long the job before this one took the worker, as it has said; 0 if it has not.
    long lastNanos() {
        return hasStarted ? lastNanos : 0;
    }

    /// The call by which a job alone goes to the worker; null while it is not opened, or where
    /// several go by it.
    @Nullable
    ObservedCall<Outcome<R>> callOfOne() {
        return isOfOne() ? call : null;
    }

    /// The worker is asked to give a job alone back, unless it has begun it.
    void withdraw() {
        isWithdrawn = true;
    }

    /// Whether the worker was asked to give it back.
    boolean isWithdrawn() {
        return isWithdrawn;
    }

    /// The jobs are on their way to the worker.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    void sent(ObservedCall<Outcome<R>> opened, boolean isInBackground) {
        call = opened; // before the look at what an end sets before it looks for the call
        if (isOfOne() && only().job().isEnded() && only().isCurrent()) {
            opened.cancel();
            return;
        }
        if (isInBackground) {
            opened.receiveInBackground();
        }
        if (isWithdrawn) { // this and the next are set before a look for the call
            opened.withdraw();
        }
        if (isInterrupted) {
            opened.interrupt();
        }
    }

    /// Notifies the worker, after a job alone has ended, that its answer is not wanted.
    void cancelCall() {
        ifOpen(ObservedCall::cancel);
    }

    /// Has the worker interrupt the job that it has begun.
    void interruptCall() {
        isInterrupted = true; // before the look for the call: see sent
        ifOpen(ObservedCall::interrupt);
    }

    /// Whether the worker was asked to interrupt one.
    boolean isInterrupted() {
        return isInterrupted;
    }

    /// Asks the worker for a job alone, unless it has begun it.
    void withdrawCall() {
        ifOpen(ObservedCall::withdraw);
    }

    private void ifOpen(Consumer<ObservedCall<Outcome<R>>> action) {
        ObservedCall<Outcome<R>> open = call;
        if (open != null) {
            action.accept(open);
        }
    }

    /// Receives what comes of it on the calling thread, for a moment: see
    /// [ObservedCall#receiveWhile].
    void receiveWhile(BooleanSupplier isWanted, Duration limit) throws InterruptedException {
        ObservedCall<Outcome<R>> open = call;
        if (open != null) {
            open.receiveWhile(isWanted, limit);
        }
    }

    /// Has what comes of it received although the thread that waits for it is about to wait for
    /// something else.
    void receiveInBackground() {
        ifOpen(ObservedCall::receiveInBackground);
    }

    /// Drops what has come of the call, with the channels in it.
    void drop(Outcome<R> words) {
        worker.process().caller().drop(words);
    }

    private PendingJob.Owner<Q, R> owner() {
        return only().job().owner();
    }

    @Override
    public void onPart(Outcome<R> part) {
        switch (part) {
            case Outcome.Started<R>(long nanos, boolean takesBatches) -> {
                lastNanos = nanos; // before the word that it has begun
                hasStarted = true;
                if (takesBatches) {
                    worker.setTakesBatches();
                }
            }
            case Outcome.Results<R> results -> owner().results(this, results);
            case Outcome.Step<R>(long done, long total, String note) -> {
                if (only().isCurrent()) {
                    only().job().options().say(new Progress(done, total, note));
                }
            }
            case Outcome.Answer<R> _ -> drop(part); // which is no part
            case Outcome.Value<R>(R value) -> {
                if (!only().isCurrent() || !only().job().options().isPartTaken(value)) {
                    drop(part);
                }
            }
        }
    }

    @Override
    public void onUnreadablePart(RuntimeException failure) {
        owner().broken(this, failure);
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        owner().ended(this, last);
    }

    @Override
    public void onFailure(RuntimeException failure) {
        owner().failed(this, failure instanceof CallFailed call ? named(call) : failure);
    }

    /// A call knows the process, and not what it is in the set. A thread that waits gets a copy of
    /// the exception with a stack of its own.
    private CallFailed named(CallFailed failure) {
        CallFailed named = Rethrow.again(failure, worker.shown());
        named.setStackTrace(failure.getStackTrace());
        return named;
    }

    @Override
    public String toString() {
        return "Batch[first=%d, jobs=%d, settled=%d, %s]".formatted(first, attempts.size(), settled,
                worker);
    }
}
