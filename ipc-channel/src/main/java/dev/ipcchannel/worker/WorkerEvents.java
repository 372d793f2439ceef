package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.worker.Batch.Attempt;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The decisions on what an event means for a worker and its jobs: the end of a job, a time that is
/// over, an error of its JVM, its end.
///
/// It knows no process and no thread: what has to be done is an order, or put off in the set's
/// lock, inside of which it is used.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class WorkerEvents<Q, R> {

    /// Between two looks at the memory of a worker.
    private static final long MEASURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int FEW_JOBS = 10; // a worker that has grown too large by then began so

    private final SetOptions<Q, R> options;
    private final JobQueue<Q, R> queue;
    private final JobRecovery<Q, R> recovery;
    private final Staffing<Q, R> staffing;
    private final Roster<Q, R> roster;
    private final SetLock lock;

    WorkerEvents(SetOptions<Q, R> options, JobQueue<Q, R> queue, JobRecovery<Q, R> recovery,
            Staffing<Q, R> staffing, Roster<Q, R> roster, SetLock lock) {
        this.options = options;
        this.queue = queue;
        this.recovery = recovery;
        this.staffing = staffing;
        this.roster = roster;
        this.lock = lock;
    }

    /// There was no room in the channel to a worker for a batch.
    ///
    /// @return whether that was to go ahead of another one, and is taken back
    boolean noRoom(Batch<Q, R> batch) {
        List<Attempt<Q, R>> inHand = inHand(batch);
        if (inHand.isEmpty() || !recovery.isAheadByPace(inHand.getFirst())) {
            return inHand.isEmpty();
        }
        limitAhead(batch.worker(), inHand);
        return true;
    }

    /// Those that the worker has by this batch, without a result.
    private List<Attempt<Q, R>> current(Batch<Q, R> batch) {
        return batch.unsettled().stream().filter(Attempt::isCurrent).toList();
    }

    private List<Attempt<Q, R>> inHand(Batch<Q, R> batch) {
        return batch.unsettled().stream().filter(Attempt::isInHand).toList();
    }

    /// Takes jobs back for which there is no room at their worker.
    private void limitAhead(WorkerHandle<Q, R> worker, List<Attempt<Q, R>> jobs) {
        // Of those that are left, one is no more ahead.
        worker.pace().limit(Math.max(0, worker.running().size() - jobs.size() - 1));
        recovery.takeBack(jobs);
    }

    /// The last jobs of a batch were not sent with it, since together they are too long.
    void cut(Batch<Q, R> batch) {
        List<Attempt<Q, R>> rest =
                batch.attempts().subList(batch.sentJobs(), batch.attempts().size()).stream()
                        .filter(Attempt::isInHand).toList();
        limitAhead(batch.worker(), rest);
    }

    /// A job could not be sent. What is its own fault fails it; of a worker that is gone it is
    /// taken back. A channel's end in the data may be closed as well, and that is not the worker's
    /// fault.
    ///
    /// @return whether it is the worker's fault, or the job is not that worker's any more
    boolean isWorkersFault(Attempt<Q, R> attempt, Throwable failure) {
        WorkerHandle<Q, R> worker = attempt.worker();
        if (!attempt.isCurrent()) {
            return true; // it was buried with that worker, and may be another one's
        }
        boolean isWorkers = failure instanceof Disconnected
                || (failure instanceof EndClosed && worker.is(State.GONE));
        if (isWorkers) {
            recovery.takeBack(attempt);
            lost(worker);
        }
        return isWorkers;
    }

    /// A batch of several could not be sent, which may be the fault of one: each goes alone.
    void separate(Batch<Q, R> batch) {
        List<Attempt<Q, R>> jobs = inHand(batch);
        jobs.forEach(attempt -> attempt.job().setAlone());
        limitAhead(batch.worker(), jobs);
        released(batch.worker());
    }

    /// A worker has ended a job before it has begun it.
    ///
    /// @return whether it was asked for that: then another one may get it
    boolean isGivenBack(Attempt<Q, R> attempt) {
        if (!attempt.batch().isWithdrawn() || !attempt.isInHand()) {
            return false;
        }
        recovery.takeBack(attempt);
        released(attempt.worker());
        return true;
    }

    /// The jobs that end with the call of their batch: one that went alone; of several those that
    /// were begun, or may have been; all where their worker is replaced after that.
    List<Attempt<Q, R>> endingWith(Batch<Q, R> batch, RuntimeException failure) {
        if (batch.isOfOne() || options.isReplacedAfter(failure)) {
            return List.copyOf(batch.unsettled());
        }
        recovery.keepWhatMayBeBegun(batch.worker());
        return batch.unsettled().stream()
                .filter(attempt -> attempt.hasStarted() && !attempt.isUnsent()).toList();
    }

    /// Takes the report of a worker without a mark on what it does with the next jobs of a batch.
    ///
    /// @return false if the report cannot be true, so that the worker is given up
    boolean isAccepted(Batch<Q, R> batch, Outcome.Next next) {
        boolean isAccepted = switch (next) {
            case UNCHANGED -> true;
            case BEGUN -> batch.beginNext();
            case GIVEN_BACK -> isGivenBack(batch);
        };
        if (!isAccepted) {
            lost(batch.worker());
        }
        return isAccepted;
    }

    /// A worker begins no more of a batch. The job that it has begun is interrupted if it has ended
    /// meanwhile, which meets no other one now.
    private boolean isGivenBack(Batch<Q, R> batch) {
        if (!batch.giveBack()) {
            return false;
        }
        List<Attempt<Q, R>> left = current(batch);
        if (left.stream().anyMatch(attempt -> attempt.isAtMark() && attempt.job().isEnded())) {
            lock.later(batch::interruptCall);
        }
        recovery.takeBack(left.stream().filter(attempt -> !attempt.hasStarted()).toList());
        return true;
    }

    /// A worker has ended a batch: what has no result it has not begun.
    void over(Batch<Q, R> batch) {
        List<Attempt<Q, R>> left = current(batch);
        boolean isOwnChoice = batch.isMarked() ? batch.worker().isOfThisEpoch(batch)
                : !batch.isWithdrawn(); // and not ours
        left.stream().filter(attempt -> isOwnChoice && !recovery.mayGoToAnother(attempt))
                .forEach(attempt -> queue.failAtWorker(attempt.job(), new CallFailed(
                        batch.worker().shown(), IllegalStateException.class.getName(),
                        "the worker has given the job back without beginning it, again and again",
                        List.of())));
        recovery.takeBack(left);
    }

    /// A job has ended that its worker may still have: that is to leave it, or not to begin it.
    void stop(Attempt<Q, R> attempt) {
        Batch<Q, R> batch = attempt.batch();
        if (batch.isOfOne()) {
            lock.later(batch::cancelCall);
            return;
        }
        recovery.recall(attempt.worker()); // an interrupt meets no other job then
        if (attempt.isCurrent() && attempt.isAtMark()) {
            if (batch.isMarked() || batch.isGivenBack()) {
                lock.later(batch::interruptCall);
            } else {
                recovery.withdraw(batch); // also where no job is left after it
            }
        }
        released(attempt.worker());
    }

    /// Jobs cannot go on, since a part of their answers cannot be read. Their worker has them until
    /// it has ended them.
    void broken(Batch<Q, R> batch, RuntimeException failure) {
        inHand(batch).forEach(attempt -> queue.failAtWorker(attempt.job(), failure));
    }

    /// Nothing more comes of a call but the worker's end.
    void lost(Batch<Q, R> batch) {
        List<Attempt<Q, R>> left = current(batch);
        left.forEach(Attempt::setOver);
        if (!left.isEmpty()) {
            lost(batch.worker());
        }
    }

    /// A worker has ended a job; [#released] is to follow. One whose time is over before stays with
    /// it until that has become its end.
    ///
    /// @param failure null if the worker has done it
    /// @return whether the job has ended with that
    boolean ended(Attempt<Q, R> attempt, @Nullable R answer, @Nullable RuntimeException failure) {
        PendingJob<Q, R> job = attempt.job();
        WorkerHandle<Q, R> worker = attempt.worker();
        if (!attempt.isCurrent()) {
            return false; // it is not that worker's any more
        }
        if (job.is(PendingJob.State.EXPIRED)) {
            attempt.setOver();
            return false;
        }
        boolean isReplaced = options.isReplacedAfter(failure);
        if (failure != null && isReplaced && recovery.mayGoToAnother(attempt, failure)) {
            replace(worker, failure); // before it had come to the job
            recovery.takeBack(attempt);
            return false;
        }
        worker.ended(attempt);
        measure(worker);
        if (worker.running().isEmpty() && attempt.hasStarted() && !isReplaced) {
            // They are not the reason of a later death. Not where it had not begun the job, nor
            // where it is replaced because of it.
            worker.process().forgetErrorLines();
        }
        job.released();
        boolean hasEnded = queue.end(job,
                failure == null ? PendingJob.State.COMPLETED : PendingJob.State.FAILED,
                answer, failure);
        if (failure != null && isReplaced) {
            replace(worker, failure);
        } else if (failure == null || failure instanceof CallFailed) {
            staffing.noteSuccess();
        }
        if (failure == null && hasEnded) {
            recovery.absolve(job);
        }
        return hasEnded;
    }

    private void measure(WorkerHandle<Q, R> worker) {
        if (options.maxMemory() < Long.MAX_VALUE && worker.is(State.ACTIVE)) {
            long delay = worker.beginMeasuring(MEASURE_NANOS);
            if (delay >= 0) {
                staffing.orders().measure(worker, delay);
            }
        }
    }

    /// The memory of a worker was measured: one with too much is replaced, and others do what it
    /// has not begun.
    void measured(WorkerHandle<Q, R> worker, long bytes) {
        worker.endMeasuring();
        if (bytes > options.maxMemory() && worker.is(State.ACTIVE) && !roster.isGoingDown()) {
            staffing.noteReplaced();
            // First: it is not to get back what it gives back.
            staffing.leaveService(worker, "maxMemory=%d, memory=%d"
                    .formatted(options.maxMemory(), bytes));
            if (worker.taken() < FEW_JOBS) {
                warnOfLimit(worker);
            }
            recovery.recall(worker);
            released(worker);
            staffing.balance();
        }
    }

    private void warnOfLimit(WorkerHandle<Q, R> worker) {
        String what = "worker=%d, jobs=%d, %s: raise maxMemory, or give it a smaller heap"
                .formatted(worker.snapshot().number(), worker.taken(), worker.reason());
        lock.later(() -> Log.warning("a worker is replaced for its memory after its first jobs",
                what));
    }

    /// The time of a job is over: if it has not ended, that is its end. One that has may still hold
    /// its worker.
    void expire(PendingJob<Q, R> job) {
        Attempt<Q, R> attempt = job.attempt();
        if (job.is(PendingJob.State.QUEUED)) {
            queue.failWaiting(job, "no worker was free" + staffing.lastTrouble());
        } else if (attempt != null && endsWithItsWorker(attempt)) {
            queue.expire(job);
            if (!attempt.worker().is(State.GONE)) { // else the job goes with it
                staffing.drop(attempt.worker());
                staffing.orders().bury(attempt);
            }
        } else if (attempt != null && queue.end(job, PendingJob.State.FAILED, null,
                job.tooLate(attempt.worker().shown() + (attempt.hasStarted() ? " goes on"
                        : " had not come to it"), null))) {
            stop(attempt);
            lock.completeLater(job);
        }
    }

    /// Whether its worker is gone, or is to go since the time of this job is over.
    private boolean endsWithItsWorker(Attempt<Q, R> attempt) {
        return attempt.worker().is(State.GONE)
                || (attempt.job().options().action() == TimeoutAction.RESTART
                        && (attempt.isAtMark()
                                || (!attempt.hasStarted() && !recovery.isAhead(attempt))));
    }

    /// A job has left its worker, which takes the next one, or goes.
    void released(WorkerHandle<Q, R> worker) {
        if (worker.is(State.ACTIVE) && roster.isWornOut(worker)) {
            staffing.retire(worker, "maxJobs=" + options.maxJobs());
            staffing.balance();
        } else if (worker.is(State.ACTIVE)) {
            queue.offer(worker);
        } else if (worker.is(State.RETIRING)) {
            queue.release(worker);
            if (worker.running().isEmpty()) {
                staffing.end(worker);
            }
        }
    }

    /// This JVM goes down, and the worker is about to be asked to end, unless the set has jobs.
    ///
    /// @return false if the set has none: then that worker gets none any more
    boolean isNeededAtExit(WorkerHandle<Q, R> worker) {
        if (!queue.isIdle()) {
            return true;
        }
        if (worker.isInService()) {
            staffing.leaveService(worker, "this JVM exits");
        }
        return false;
    }

    /// A worker has said that an error has left its JVM in doubt.
    void goesAway(WorkerHandle<Q, R> worker, String failure) {
        if (worker.isInService()) {
            warnOfFailure(worker, failure);
            replace(worker, failure);
            released(worker);
        }
    }

    /// Its jobs fail with it as well, where it had some.
    private void warnOfFailure(WorkerHandle<Q, R> worker, String failure) {
        WorkerSnapshot one = worker.snapshot();
        String what = "worker=%d, pid=%d: %s".formatted(one.number(), one.pid(), failure);
        lock.later(
                () -> Log.warning("a worker is replaced, since an error has left its JVM in doubt",
                        what));
    }

    /// An error has left the JVM of a worker in doubt: another one takes its place, and it ends
    /// once it has done what else it has.
    private void replace(WorkerHandle<Q, R> worker, RuntimeException failure) {
        replace(worker, failure instanceof CallFailed call ? call.remoteType()
                : failure.toString());
    }

    /// @param error that has left it so
    private void replace(WorkerHandle<Q, R> worker, String error) {
        if (worker.isInService()) {
            staffing.noteReplaced();
            staffing.leaveService(worker, Printable.of(error));
            worker.setInDoubt();
            limitThoseInDoubt();
            staffing.balance();
        }
    }

    /// As many as there are workers may go on with what they have besides these: a job that has
    /// lost its thread never ends, and its worker would stay for ever.
    private void limitThoseInDoubt() {
        List<WorkerHandle<Q, R>> inDoubt = roster.all().stream()
                .filter(worker -> worker.is(State.RETIRING) && worker.isInDoubt()
                        && !worker.running().isEmpty())
                .toList();
        if (inDoubt.size() > Math.max(1, roster.size())) {
            lost(inDoubt.getFirst());
        }
    }

    /// A worker is gone, or no good any more. The first call counts.
    void lost(WorkerHandle<Q, R> worker) {
        if (!worker.is(State.GONE)) {
            boolean wasPlanned = worker.is(State.RETIRING);
            staffing.drop(worker);
            staffing.orders().bury(worker, wasPlanned);
        }
    }

    /// Nothing is left of a worker but its report.
    ///
    /// @param wasPlanned whether it was to end anyhow
    /// @param failure of its JVM, where it has said so: then its end was none of its own choice,
    /// and has the rate of those that are planned
    void buried(WorkerHandle<Q, R> worker, boolean wasPlanned, ChildReport report,
            @Nullable String failure) {
        roster.remove(worker);
        worker.cancelAgeAlarm(); // which would keep all of it until then
        WorkerSnapshot last = worker.snapshot();
        List<Attempt<Q, R>> left = List.copyOf(worker.running());
        worker.removeAll(left);
        queue.release(worker);
        if (!wasPlanned && !staffing.isClosed()) {
            staffing.noteDeath(worker, report, failure);
            if (failure != null) {
                warnOfFailure(worker, failure);
            }
        }
        staffing.balance();
        left.forEach(attempt -> recovery.bereave(attempt, report, failure));
        boolean isPlanned = wasPlanned || failure != null;
        lock.notifyLater(listener -> listener.onEnded(last, report, isPlanned));
    }
}
