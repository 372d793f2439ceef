package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.job.Affinity;
import dev.ipcchannel.internal.job.Quarantine;
import dev.ipcchannel.worker.Batch.Attempt;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The decisions on jobs whose worker is gone, or is to go: which of them another one gets, and how
/// the others end. It knows no process and no thread, and is used inside the set's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class JobRecovery<Q, R> {

    private static final int MAX_TIMES_AHEAD = 3;

    private final SetOptions<Q, R> options;
    private final JobQueue<Q, R> queue;
    private final Roster<Q, R> roster;
    private final Quarantine quarantine;
    private final SetLock lock;

    JobRecovery(SetOptions<Q, R> options, JobQueue<Q, R> queue, Roster<Q, R> roster,
            Quarantine quarantine, SetLock lock) {
        this.options = options;
        this.queue = queue;
        this.roster = roster;
        this.quarantine = quarantine;
        this.lock = lock;
    }

    /// A worker has done a job: what workers died of before had another cause.
    void absolve(PendingJob<Q, R> job) {
        quarantine.absolve(job.task().data());
    }

    /// Jobs that workers died of are tried again.
    void forgiveJobs() {
        quarantine.clear();
    }

    /// Whether a worker had not come to a job when it failed with what it is replaced after. A job
    /// that each worker refuses would otherwise go round for ever, and keep all others waiting.
    boolean mayGoToAnother(Attempt<Q, R> attempt, RuntimeException failure) {
        if (attempt.hasStarted() || !attempt.job().is(PendingJob.State.IN_HAND)) {
            return false;
        }
        boolean isLast = !mayGoToAnother(attempt);
        if (isLast) {
            lock.later(() -> Log.warningOfPeer(
                    "a job fails, since each worker that got it refused it"
                            + " before it had begun it: see what the worker does as it starts",
                    failure));
        }
        return !isLast;
    }

    /// Whether a job that a worker has given back may go to another one, which is the case a few
    /// times.
    boolean mayGoToAnother(Attempt<Q, R> attempt) {
        return attempt.job().countAhead() <= MAX_TIMES_AHEAD;
    }

    /// A worker has not begun a job, and never will. One whose time is over meanwhile stays with
    /// it, and ends with it.
    void takeBack(Attempt<Q, R> attempt) {
        putBack(attempt);
        queue.distribute();
    }

    /// The same for some.
    void takeBack(List<Attempt<Q, R>> attempts) {
        attempts.forEach(this::putBack);
        queue.distribute();
    }

    private void putBack(Attempt<Q, R> attempt) {
        PendingJob<Q, R> job = attempt.job();
        if (job.is(PendingJob.State.EXPIRED)) {
            attempt.setOver();
        } else {
            attempt.worker().giveBack(attempt);
            job.takenBack();
            queue.requeue(job);
        }
    }

    /// Its worker is about to be killed for a job whose time is over.
    void failExpired(Attempt<Q, R> attempt, ChildReport report) {
        if (attempt.worker().remove(attempt)) {
            PendingJob<Q, R> job = attempt.job();
            queue.fail(job, job.tooLate("its worker is killed and replaced", report));
        }
    }

    /// A worker is gone: those of its jobs that another one may do are put back to their places in
    /// the queue.
    ///
    /// @param hasFailed whether it has said that its JVM is in doubt
    void rescue(WorkerHandle<Q, R> worker, boolean hasFailed) {
        keepWhatMayBeBegun(worker);
        List<Attempt<Q, R>> rescued = new ArrayList<>();
        for (Attempt<Q, R> attempt : worker.running()) {
            PendingJob<Q, R> job = attempt.job();
            boolean mayBeAhead =
                    hasFailed || attempt.batch().isNumbered() || isAhead(attempt);
            if (mayBeAhead && wasAhead(attempt)) {
                job.takenBack();
                rescued.add(attempt);
            } else {
                blame(attempt);
                if (mayBeTriedAgain(job) && job.remainingNanos() > 0) {
                    queue.countRetried();
                    rescued.add(attempt);
                }
            }
        }
        rescued.forEach(attempt -> queue.requeue(attempt.job()));
        worker.removeAll(rescued);
        queue.distribute();
    }

    /// Results may be lost that a worker has sent: what it was sent before the batch at its mark
    /// counts as begun.
    void keepWhatMayBeBegun(WorkerHandle<Q, R> worker) {
        long mark = worker.lastBegun();
        long order = Batch.orderOf(mark, worker.running());
        for (Attempt<Q, R> attempt : worker.running()) {
            boolean _ = attempt.batch().isMarked() && attempt.isKept(mark, order);
        }
    }

    /// Not all was received in time that a worker which is gone has said: the word that it has
    /// begun a job may be lost, unless it was a mark.
    void keepWhatIsUnheard(WorkerHandle<Q, R> worker) {
        for (Attempt<Q, R> attempt : worker.running()) {
            Batch<Q, R> batch = attempt.batch();
            if (!attempt.isOver() && !batch.isMarked() && batch.mayBeThere()) {
                attempt.setKept();
            }
        }
    }

    /// Whether a worker had a job ahead, or may have had.
    boolean isAhead(Attempt<Q, R> attempt) {
        return options.isAheadByPace() ? attempt.isAhead() : options.prefetch() > 0;
    }

    /// Whether a worker has a job ahead by its pace.
    boolean isAheadByPace(Attempt<Q, R> attempt) {
        return options.isAheadByPace() && attempt.isAhead();
    }

    /// Asks workers that stand with a job for those that they have ahead: another one may do them.
    ///
    /// @return false if no worker has any ahead
    boolean withdrawFromStanding() {
        boolean isAnyAhead = false;
        for (WorkerHandle<Q, R> worker : roster.all()) {
            if (worker.running().size() > 1) {
                isAnyAhead = true;
                worker.look();
                if (worker.isStanding() && isAnotherActive(worker)) {
                    recall(worker);
                }
            }
        }
        queue.distribute(); // what has waited for one that stands
        return isAnyAhead;
    }

    /// Takes the jobs back that a worker has not begun: where its mark says which, at once, since
    /// it begins none of them any more. For others it is asked.
    ///
    /// A batch that was sent before the one at the mark stays whole: it is done, and its results,
    /// which the worker has sent before it began another, may not have been received.
    void recall(WorkerHandle<Q, R> worker) {
        worker.endEpoch();
        long mark = worker.lastBegun(); // once, and after that: what comes later is not begun
        long order = Batch.orderOf(mark, worker.running());
        List<Attempt<Q, R>> notBegun = new ArrayList<>();
        // The last first: of two jobs of a key the earlier one must not be back alone.
        for (Attempt<Q, R> attempt : worker.running().reversed()) {
            if (!attempt.batch().isMarked()) {
                if (attempt.isAhead()) {
                    withdraw(attempt.batch());
                }
            } else if (!attempt.isKept(mark, order)) {
                notBegun.add(attempt);
                if (attempt.batch().isOfOne()) { // for the thread that may wait in its call
                    withdraw(attempt.batch());
                }
            } else {
                hold(attempt); // the one at the mark may come back yet, since it was not begun
            }
        }
        takeBack(notBegun);
    }

    private boolean isAnotherActive(WorkerHandle<Q, R> worker) {
        return roster.count(State.ACTIVE) > (worker.is(State.ACTIVE) ? 1 : 0);
    }

    /// Asks a worker for what it has not begun of a batch.
    void withdraw(Batch<Q, R> batch) {
        if (!batch.isWithdrawn()) {
            batch.withdraw();
            batch.attempts().forEach(JobRecovery::hold);
            lock.later(batch::withdrawCall);
        }
    }

    /// A job may come back from its worker, so the next ones of its key wait until that is known.
    private static void hold(Attempt<?, ?> attempt) {
        Affinity<?> affinity = attempt.isCurrent() ? attempt.job().affinity() : null;
        if (affinity != null) {
            affinity.hold();
        }
    }

    /// Whether a job was only waiting at its worker, so that nothing was done of it. One that is
    /// always there when a worker dies is no such job.
    private static boolean wasAhead(Attempt<?, ?> attempt) {
        return !attempt.hasStarted() && !attempt.job().is(PendingJob.State.EXPIRED)
                && attempt.job().countAhead() <= MAX_TIMES_AHEAD;
    }

    /// Only the job that the worker was at: those before it in a batch are done, and their results
    /// lost.
    private void blame(Attempt<Q, R> attempt) {
        Object data = attempt.job().task().data();
        if (attempt.isAtMark() && quarantine.blame(data)) {
            lock.notifyLater(listener -> listener.onQuarantined(data));
        }
    }

    private boolean mayBeTriedAgain(PendingJob<Q, R> job) {
        return job.options().isIdempotent() && job.attempts() < 2
                && job.is(PendingJob.State.IN_HAND)
                && !quarantine.has(job.task().data()) && roster.most() > 0;
    }

    /// A worker is gone with that job, and no other does it.
    ///
    /// @param failure of its JVM, where it has said so
    void bereave(Attempt<Q, R> attempt, ChildReport report, @Nullable String failure) {
        PendingJob<Q, R> job = attempt.job();
        boolean isLate = job.is(PendingJob.State.EXPIRED)
                || (mayBeTriedAgain(job) && job.remainingNanos() == 0);
        queue.fail(job, isLate ? job.tooLate("its worker has died", report)
                : death(attempt, report, failure));
    }

    private WorkerDied death(Attempt<Q, R> attempt, ChildReport report,
            @Nullable String failure) {
        return new WorkerDied(
                "%s ended with a job that it had %s%s: %s (This worker is offline): %s".formatted(
                        attempt.worker().shown(), attempt.hasStarted() ? "begun" : "not begun",
                        failure == null ? "" : ", after an error of its JVM (" + failure + ")",
                        remedy(attempt), report),
                attempt.hasStarted(), report, null);
    }

    private String remedy(Attempt<Q, R> attempt) {
        boolean isIdempotent = attempt.job().options().isIdempotent();
        if (quarantine.has(attempt.job().task().data())) {
            return "it is not tried any more, since two workers have died with one that is equal to"
                    + " it: WorkerSet.restart lets it in again";
        }
        if (roster.most() == 0) {
            return "the set has no other worker: add one"
                    + (attempt.hasStarted() && !isIdempotent
                            ? ", and send it again if it may be done twice"
                            : ", and send it again");
        }
        if (!attempt.hasStarted()) {
            return "send it again";
        }
        return isIdempotent ? "it may be done twice, but this was its last try"
                : "it is not tried again: if the job may be done twice, send it by"
                        + " WorkerSet.job(data).idempotent(), and another worker does it";
    }
}
