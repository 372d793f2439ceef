package dev.ipcchannel.worker;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.internal.job.Affinity;
import dev.ipcchannel.internal.job.Quarantine;
import dev.ipcchannel.internal.job.Rethrow;
import dev.ipcchannel.internal.job.WaitingJobs;
import dev.ipcchannel.worker.Batch.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The queue of a set's jobs, with the decisions on them: what is refused, which worker gets which
/// job, how a job ends.
///
/// It knows no process and no thread: what has to be done is put off in the set's lock, inside of
/// which it is used.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class JobQueue<Q, R> {

    /// Between two looks at a worker that has jobs ahead: one that stands with a job at two of them
    /// loses those, so they wait no longer than twice that.
    static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(2_500);

    /// The same where no other worker could do them.
    private static final long IDLE_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final SetOptions<Q, R> options;
    private final Roster<Q, R> roster;
    private final SetLock lock;
    private final WaitingJobs<PendingJob<Q, R>, WorkerHandle<Q, R>> waiting = new WaitingJobs<>();
    private final Quarantine quarantine;
    private final JobCounts counts = new JobCounts();
    private long lastNumber; // of a job
    private long lastArrival = System.nanoTime(); // of a job
    private boolean isAheadWatched; // whether workers get on with what they have ahead
    private @Nullable RuntimeException refusal; // why no jobs are taken any more

    JobQueue(SetOptions<Q, R> options, Roster<Q, R> roster, Quarantine quarantine, SetLock lock) {
        this.options = options;
        this.roster = roster;
        this.quarantine = quarantine;
        this.lock = lock;
    }

    /// Takes a job in: a free worker gets it, or it waits for one, and [#distribute] is to follow.
    /// One whose time is over ends with that, and no worker gets it.
    ///
    /// @return false if no worker is free, and the queue is full
    /// @throws RuntimeException why it is refused
    boolean admit(PendingJob<Q, R> job) throws InterruptedException {
        checkAccepts(job);
        if (job.remainingNanos() == 0) {
            failAtWorker(job,
                    job.tooLate("none of it was left when the job was given to the set, and no"
                            + " worker got it", null));
            return true;
        }
        String key = job.options().key();
        Affinity<WorkerHandle<Q, R>> affinity = key == null ? null : waiting.affinity(key);
        if (job.givenNanos() - lastArrival > 0) { // threads come here in another order
            lastArrival = job.givenNanos();
        }
        job.takenIn(++lastNumber, lastArrival, affinity);
        if (affinity == null ? !waiting.areAnyOfAny() && isGivenToFree(job)
                : isGivenByKey(job, affinity)) {
            return true;
        }
        if (waiting.size() >= options.queueCapacity()) {
            return false;
        }
        waiting.add(job);
        if (affinity != null) {
            affinity.setLastRank(job.rank());
        }
        move(job, PendingJob.State.QUEUED);
        return true;
    }

    /// A worker takes no more jobs, or has ended one since: others may do what has waited for it.
    void release(WorkerHandle<Q, R> worker) {
        waiting.release(worker);
        distribute();
    }

    /// Gives the jobs that wait to workers that are free, unless they are to wait for others to go
    /// with.
    void distribute() {
        if (waiting.areAnyOfOne()) {
            roster.all().forEach(this::offer);
        }
        WorkerHandle<Q, R> worker = nextWorker();
        while (worker != null) {
            roster.withdraw(worker);
            offer(worker);
            worker = nextWorker();
        }
    }

    private @Nullable WorkerHandle<Q, R> nextWorker() {
        return waiting.areAnyOfAny() ? roster.next(waiting.size() - 1) : null;
    }

    private void checkAccepts(PendingJob<Q, R> job) throws InterruptedException {
        if (refusal != null) {
            throw Rethrow.again(refusal);
        }
        if (roster.most() == 0) {
            throw noWorker();
        }
        if (quarantine.has(job.task().data())) {
            throw new WorkerDied(
                    "this job is not tried any more: two workers have died with one that"
                            + " is equal to it: WorkerSet.restart lets it in again",
                    false, null, null);
        }
    }

    private WorkersBusy noWorker() {
        return refused("this set has no worker: add one");
    }

    /// The refusal of a job for which there is no room.
    ///
    /// @param why in a few words, with what to do
    WorkersBusy refused(String why) {
        return new WorkersBusy(("%s: workers=%d, busy=%d, queued=%d, limit=%d (No available workers"
                + " in this set!)").formatted(why, roster.size(), roster.busy(), waiting.size(),
                        options.queueCapacity()));
    }

    /// Whether a job for which there was no room is to be looked at again.
    boolean hasRoom() {
        return refusal != null || roster.most() == 0 || waiting.size() < options.queueCapacity()
                || (!waiting.areAnyOfAny() && roster.isAnyFree(0));
    }

    /// The job is done by the thread that gives it.
    void giveToCaller(PendingJob<Q, R> job) {
        move(job, PendingJob.State.IN_HAND);
    }

    /// Gives a job to the worker of its key, if that may get one more now; the first one of a key
    /// ties it to a worker.
    private boolean isGivenByKey(PendingJob<Q, R> job, Affinity<WorkerHandle<Q, R>> affinity) {
        if (affinity.isAnyWaiting()) {
            return false;
        }
        if (affinity.worker() == null) {
            waiting.tie(affinity, roster.forNewKey());
        }
        WorkerHandle<Q, R> worker = affinity.worker();
        if (worker == null || !worker.own().isEmpty() || !roster.mayGetMore(worker)
                || roster.areToGather(worker, 0) || !mayGoOn(job)) {
            return false;
        }
        giveHere(job, worker);
        affinity.setLastRank(job.rank());
        return true;
    }

    /// Whether a job comes to its worker after those of the same key that this has.
    private boolean mayGoOn(PendingJob<Q, R> job) {
        Affinity<WorkerHandle<Q, R>> affinity = job.affinity();
        boolean isSerial = options.jobsAtOnce() == 1;
        if (affinity == null || affinity.mayGoOn(isSerial)) {
            return true;
        }
        WorkerHandle<Q, R> worker = affinity.worker();
        if (worker != null) {
            worker.awaitSending(true); // and the last look after that
        }
        return affinity.mayGoOn(isSerial);
    }

    private boolean isGivenToFree(PendingJob<Q, R> job) {
        WorkerHandle<Q, R> worker = roster.next(0);
        if (worker == null) {
            return false;
        }
        giveHere(job, worker);
        return true;
    }

    /// The thread that gives the job to the set sends it.
    private void giveHere(PendingJob<Q, R> job, WorkerHandle<Q, R> worker) {
        give(List.of(job), worker, false); // first: where the heap has no room, it stays free
        roster.withdraw(worker);
        if (roster.mayGetMore(worker)) {
            roster.freeLast(worker); // the others first
        }
    }

    /// What may need memory comes first: where the heap has no room, nothing has changed.
    ///
    /// @param areSent whether they are sent as the lock is left, and not by the thread that gives
    /// them
    private void give(List<PendingJob<Q, R>> jobs, WorkerHandle<Q, R> worker, boolean areSent) {
        PendingJob.Owner<Q, R> owner = jobs.getFirst().owner();
        Batch<Q, R> batch = worker.take(jobs);
        boolean isGiven = false;
        try {
            if (options.isAheadByPace() && worker.running().size() > 1 && !isAheadWatched) {
                long nanos = lookNanos();
                lock.later(() -> owner.watchAhead(nanos));
                isAheadWatched = true;
            }
            if (areSent) {
                lock.later(() -> owner.send(batch));
            }
            isGiven = true;
        } finally {
            if (!isGiven) {
                batch.attempts().forEach(worker::giveBack);
            }
        }
        for (Attempt<Q, R> attempt : batch.attempts()) {
            PendingJob<Q, R> job = attempt.job();
            move(job, PendingJob.State.IN_HAND);
            job.assigned(attempt);
            Affinity<WorkerHandle<Q, R>> affinity = job.affinity();
            if (affinity != null) {
                waiting.tie(affinity, worker);
            }
        }
        roster.hasGot(worker);
    }

    /// A worker may get a job: it gets the next ones, or is free from now on.
    void offer(WorkerHandle<Q, R> worker) {
        worker.awaitSending(false);
        while (!waiting.isEmpty() && roster.mayGetMore(worker)
                && !roster.areToGather(worker, waiting.size())) {
            List<PendingJob<Q, R>> jobs = takeTogether(worker, roster.together(worker));
            if (jobs.isEmpty()) {
                break;
            }
            boolean areGiven = false;
            try {
                give(jobs, worker, true);
                areGiven = true;
            } finally {
                if (!areGiven) {
                    jobs.forEach(waiting::putBack);
                }
            }
        }
        if (roster.mayGetMore(worker)) {
            roster.freeFirst(worker); // its caches are warm
        }
    }

    /// The jobs for a worker that wait the longest, so many at most, as far as they go together;
    /// they wait no more. Those whose time is over, since their timers are late, end.
    private List<PendingJob<Q, R>> takeTogether(WorkerHandle<Q, R> worker, int most) {
        List<PendingJob<Q, R>> together = new ArrayList<>(Math.min(most, waiting.size()));
        boolean isOwnOnly = roster.isLeftToOther(worker, waiting.size() - 1);
        boolean goesOn = true;
        while (goesOn) {
            PendingJob<Q, R> job = waiting.first(worker, isOwnOnly, this::mayGoOn);
            if (job == null || (job.goesAlone() && !together.isEmpty())) {
                break;
            }
            if (job.remainingNanos() == 0) {
                failWaiting(job, "no worker was free");
                continue;
            }
            boolean _ = waiting.remove(job);
            together.add(job);
            goesOn = !job.goesAlone() && together.size() < most
                    && (options.jobsAtOnce() == 1 || job.affinity() == null);
        }
        return together;
    }

    /// The job goes from one state to the next, and is counted there.
    private void move(PendingJob<Q, R> job, PendingJob.State next) {
        if (!job.isEnded()) {
            counts.move(job.state(), next);
            job.become(next);
        }
    }

    /// Ends a job. A caller that gets true has it completed, outside of the lock.
    ///
    /// @return false if it has ended before: then it stays as it is
    boolean end(PendingJob<Q, R> job, PendingJob.State how, @Nullable R value,
            @Nullable Throwable failure) {
        if (job.isEnded()) {
            return false;
        }
        job.setResult(value, failure);
        if (how == PendingJob.State.COMPLETED) {
            counts.took(job.ageNanos());
        }
        lock.completions().begin();
        move(job, how);
        return true;
    }

    /// Ends a job that its worker may still have, unless it has ended before.
    void failAtWorker(PendingJob<Q, R> job, RuntimeException reason) {
        if (end(job, PendingJob.State.FAILED, null, reason)) {
            lock.completeLater(job);
        }
    }

    /// Ends a job that no worker has any more, unless it has ended before.
    void fail(PendingJob<Q, R> job, RuntimeException reason) {
        job.released();
        failAtWorker(job, reason);
    }

    /// The time of a job that waits is over.
    ///
    /// @param why no worker was free, in a few words
    void failWaiting(PendingJob<Q, R> job, String why) {
        boolean _ = waiting.remove(job);
        fail(job, job.tooLate(why, null));
    }

    /// The time of a job that a worker has is over, and it fails when it is known what that was
    /// doing.
    void expire(PendingJob<Q, R> job) {
        move(job, PendingJob.State.EXPIRED);
    }

    /// The caller has given a job up.
    ///
    /// @return false if it has ended before
    boolean giveUp(PendingJob<Q, R> job, @Nullable R value, @Nullable Throwable reason) {
        boolean wasWaiting = job.is(PendingJob.State.QUEUED);
        if (!end(job, PendingJob.State.CANCELLED, value, reason)) {
            return false;
        }
        if (wasWaiting) {
            boolean _ = waiting.remove(job);
            job.released();
        }
        return true;
    }

    /// Puts a job back to its former place, to be given to a worker by [#distribute]; or fails it
    /// where no worker can do it any more. One that has ended goes nowhere.
    void requeue(PendingJob<Q, R> job) {
        RuntimeException reason =
                refusal == null && roster.most() == 0 ? noWorker() : refusal;
        if (!job.is(PendingJob.State.IN_HAND)) {
            job.released();
        } else if (reason != null) {
            fail(job, reason);
        } else {
            waiting.putBack(job);
            move(job, PendingJob.State.QUEUED);
            job.unassigned();
        }
    }

    /// Nanoseconds until the next look at the workers that have jobs ahead.
    long lookNanos() {
        return roster.size() > 1 ? LOOK_NANOS : IDLE_LOOK_NANOS;
    }

    /// Nothing is ahead of a worker's job any more: the next one has it watched again.
    void endWatch() {
        isAheadWatched = false;
    }

    /// The set is closed while a worker has its jobs. Those whose time is over fail with that.
    void abandon(WorkerHandle<Q, R> worker, RuntimeException reason) {
        for (Attempt<Q, R> attempt : worker.running()) {
            if (!attempt.job().is(PendingJob.State.EXPIRED)) {
                failAtWorker(attempt.job(), reason);
            }
        }
    }

    /// Takes no more jobs, and fails those that wait. The first reason counts, but for the set's
    /// close.
    void close(RuntimeException reason) {
        if (refusal == null || reason instanceof EndClosed) { // that one is for ever
            refusal = reason;
        }
        failAllWaiting(reason);
    }

    /// There is no worker any more, by request: no job waits for one.
    void failAllWaiting() {
        failAllWaiting(noWorker());
    }

    private void failAllWaiting(RuntimeException reason) {
        waiting.takeAll(roster.all()).forEach(job -> fail(job, reason));
    }

    /// Takes jobs again, unless the set is closed.
    void reopen() {
        if (refusal instanceof WorkerDied) {
            refusal = null;
        }
    }

    /// A job is tried again that its worker had begun.
    void countRetried() {
        counts.retried();
    }

    /// For how long the first job of those that wait for any worker has done so, in nanoseconds; 0
    /// if there is none.
    long waitNanos() {
        PendingJob<Q, R> first = waiting.firstOfAny();
        return first == null ? 0 : first.ageNanos();
    }

    /// How many jobs wait.
    int size() {
        return waiting.size();
    }

    /// Whether no job waits or is in hand.
    boolean isIdle() {
        return counts.areOver() && roster.running() == 0;
    }

    /// @param restarts how many workers were replaced that had not been meant to end
    WorkerSetStats stats(long restarts) {
        return counts.stats(roster.size(), roster.count(WorkerSnapshot.State.ACTIVE),
                roster.count(WorkerSnapshot.State.SPARE), roster.busy(), restarts);
    }
}
