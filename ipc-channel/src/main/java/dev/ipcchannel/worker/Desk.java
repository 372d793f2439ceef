package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The queue of a set's jobs, from where they go to workers that have a hand free.
///
/// One lock covers the jobs, and the workers as the [Crew] has them. Whatever may wait, or is the
/// user's (codecs, what depends on a future), runs outside of it: what has to follow is put off
/// with [#later] until [#exit].
///
/// Longer than other files: the ways of a job from the queue to its end stand here, to be checked
/// as one.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // workers are meant by identity
final class Desk<Q, R> {

    private static final int MAX_TIMES_AHEAD = 3;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration COMPLETION_PATIENCE = Duration.ofSeconds(10);

    private final SetTerms<Q, R> terms;
    private final Crew<Q, R> crew;
    private final ScheduledThreadPoolExecutor timer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition(); // in the queue, or a worker
    private final Condition changed = lock.newCondition(); // anything that others wait for

    // Inside the lock.
    private final ArrayDeque<HostJob<Q, R>> queue = new ArrayDeque<>();
    private final FreeHands<Q, R> free = new FreeHands<>();
    private final Quarantine quarantine = new Quarantine();
    private final JobCounts counts = new JobCounts();
    private final AfterUnlock afterUnlock = new AfterUnlock();
    private final Completions completions = new Completions(this);
    private @Nullable RuntimeException over; // why no jobs are taken any more
    private int waiting; // threads that wait for room
    private int waitingInside; // threads that wait for completions, inside of one

    Desk(SetTerms<Q, R> terms) {
        this.terms = terms;
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("ipc-channel worker timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        int _ = timer.prestartAllCoreThreads(); // it is there when there are no more threads
        this.crew = new Crew<>(terms, this);
    }

    Crew<Q, R> crew() {
        return crew;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    void enter() {
        lock.lock();
    }

    /// Leaves the lock, and does what was put off.
    void exit() {
        assert lock.getHoldCount() == 1 : "what was put off would run inside the lock";
        AfterUnlock rest = null;
        try {
            rest = afterUnlock.isEmpty() ? null : afterUnlock.take();
        } finally {
            lock.unlock(); // in any case: the next one to leave does what is left
        }
        if (rest != null) {
            rest.run(completions);
        }
    }

    /// Puts something off until the lock is left.
    void later(Runnable action) {
        afterUnlock.add(action);
    }

    /// Tells the listener something when the lock is left, and all that was put off is done.
    void tell(Consumer<WorkerListener> what) {
        afterUnlock.tell(terms.listener(), what);
    }

    Condition changed() {
        return changed;
    }

    Completions completions() {
        return completions;
    }

    JobCounts counts() {
        return counts;
    }

    /// Takes a job in: to a worker, into the queue, or by the policy for when there is no room.
    ///
    /// @param isAwaited whether the calling thread waits for the answer right behind it
    void submit(HostJob<Q, R> job, boolean isAwaited) throws InterruptedException {
        Member<Q, R> member = null;
        boolean isForCaller = false;
        enter();
        try {
            while (true) {
                checkAccepts(job);
                member = queue.isEmpty() ? assign(job) : null;
                if (member != null) {
                    break;
                }
                if (queue.size() < terms.queueCapacity()) {
                    queue.addLast(job);
                    job.queued();
                    crew.onQueued();
                    break;
                }
                if (!awaitRoom(job)) {
                    isForCaller = true;
                    job.inHand();
                    break;
                }
            }
            if (!isForCaller && (!isAwaited || member == null)) {
                setTimer(job);
            }
        } finally {
            letNextIn();
            exit();
        }
        if (member != null) {
            new Attempt<>(job, member).send(this, !isAwaited);
        } else if (isForCaller && terms
                .busyPolicy() instanceof BusyPolicy.CallerRuns<Q, R>(JobFunction<Q, R> function)) {
            job.doHere(function);
        }
    }

    /// The calling thread has done a job itself.
    void doneHere(HostJob<Q, R> job, JobState how, @Nullable R answer,
            @Nullable Throwable failure) {
        boolean isNews;
        enter();
        try {
            isNews = job.end(how, answer, failure);
            changed.signalAll();
        } finally {
            exit();
        }
        if (isNews) {
            completions.complete(job);
        }
    }

    private void checkAccepts(HostJob<Q, R> job) throws InterruptedException {
        if (over != null) {
            throw Failed.again(over);
        }
        if (crew.size() == 0) {
            throw empty();
        }
        if (quarantine.has(job.task().data())) {
            throw new WorkerDied(
                    "this job is not tried any more: two workers have died with one that"
                            + " is equal to it: WorkerSet.restart lets it in again",
                    false, null, null);
        }
    }

    private WorkersBusy empty() {
        return refused("this set has no worker: add one");
    }

    private WorkersBusy busy() {
        return refused("no worker of this set is free: wait for answers, or give it more workers or"
                + " a longer queue");
    }

    private WorkersBusy refused(String what) {
        return new WorkersBusy(("%s: workers=%d, busy=%d, queued=%d, limit=%d (No available workers"
                + " in this set!)").formatted(what, crew.size(), crew.busy(), queue.size(),
                        terms.queueCapacity()));
    }

    /// Acts by the policy.
    ///
    /// @return false if the caller is to do the job
    private boolean awaitRoom(HostJob<Q, R> job) throws InterruptedException {
        return switch (terms.busyPolicy()) {
            case BusyPolicy.CallerRuns<Q, R> _ -> false;
            case BusyPolicy.Reject<Q, R> _ ->
                    throw busy();
            case BusyPolicy.Wait<Q, R>(var timeout) -> {
                long nanos = Math.min(TimeUnit.NANOSECONDS.convert(timeout) - job.ageNanos(),
                        job.remainingNanos());
                waiting++;
                try {
                    while (nanos > 0 && !hasRoom()) {
                        nanos = room.awaitNanos(nanos);
                    }
                } finally {
                    waiting--;
                }
                if (!hasRoom()) {
                    throw job.remainingNanos() == 0 ? tooLate(job, "there was no room for it", null)
                            : refused("no worker of this set became free within the time given:"
                                    + " timeout=" + ShownTime.of(timeout) + ": give it more"
                                    + " workers or a longer queue, or wait longer");
                }
                yield true;
            }
        };
    }

    /// There may be room for more than one thread, and the one that was woken may have left it.
    private void letNextIn() {
        if (waiting > 0 && hasRoom()) {
            room.signal();
        }
    }

    /// Whether a job that waits is to be looked at again.
    private boolean hasRoom() {
        return over != null || crew.size() == 0 || queue.size() < terms.queueCapacity()
                || (queue.isEmpty() && !free.isEmpty());
    }

    /// Inside the lock.
    private void setTimer(HostJob<Q, R> job) {
        if (job.terms().timeout() != null && !crew.isClosed()) {
            job.setTimer(timer.schedule(() -> expire(job), job.remainingNanos(),
                    TimeUnit.NANOSECONDS));
        }
    }

    /// Gives a job to a worker that has a hand free.
    ///
    /// @return null if none has
    private @Nullable Member<Q, R> assign(HostJob<Q, R> job) {
        Member<Q, R> member = free.pollLeastBusy();
        if (member != null) {
            member.take(job);
            if (hasHandFree(member)) {
                free.addLast(member); // the others first
            }
        }
        return member;
    }

    private boolean hasHandFree(Member<Q, R> member) {
        return member.hasHandFree(terms.hands(), terms.maxJobs());
    }

    /// A worker may have a hand free: it gets the next jobs, or is remembered. Inside the lock.
    void offer(Member<Q, R> member) {
        while (hasHandFree(member) && !queue.isEmpty()) {
            HostJob<Q, R> job = queue.removeFirst();
            member.take(job);
            later(() -> new Attempt<>(job, member).send(this, true));
            if (waiting > 0) {
                room.signal();
            }
        }
        if (hasHandFree(member)) {
            free.addFirst(member); // its caches are warm
            if (waiting > 0) {
                room.signal();
            }
        }
    }

    /// A worker gets no more jobs. Inside the lock.
    void withdraw(Member<Q, R> member) {
        free.remove(member);
    }

    /// A worker that has nothing to do; null if all have. Inside the lock.
    @Nullable
    Member<Q, R> idle() {
        return free.idle();
    }

    /// Has something done by a thread of its own, which may wait. Outside the lock. Where no thread
    /// can be started it waits for one: the timer's has others to wake.
    void elsewhere(Runnable action) {
        try {
            Thread _ = Thread.startVirtualThread(action);
        } catch (OutOfMemoryError _) {
            retryElsewhere(action);
        }
    }

    private void retryElsewhere(Runnable action) {
        try {
            var _ = timer.schedule(() -> elsewhere(action), RETRY_NANOS, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // The set is closed, and all its jobs have ended.
        }
    }

    /// What is the job's own fault fails it; of a worker that is gone it is taken back. A channel's
    /// end in the data may be closed as well, and that is not the worker's fault.
    void notSent(Member<Q, R> member, HostJob<Q, R> job, Throwable failure) {
        enter();
        try {
            boolean isWorkersFault = failure instanceof Disconnected
                    || (failure instanceof EndClosed && member.is(WorkerSnapshot.State.GONE));
            if (job.member() != member) {
                return; // it was buried with that worker, and may be another one's
            }
            if (isWorkersFault) {
                takeBack(job, member);
                crew.lost(member);
                return;
            }
        } finally {
            exit();
        }
        boolean _ =
                ended(job, member, null, failure instanceof RuntimeException unsendable ? unsendable
                        : new CodecFailed("a job could not be sent: " + failure, failure));
    }

    /// Its worker was gone before it had the job. One whose time is over meanwhile stays with it,
    /// and ends with it. Inside the lock.
    private void takeBack(HostJob<Q, R> job, Member<Q, R> member) {
        if (job.is(JobState.EXPIRED)) {
            job.lost();
            changed.signalAll();
        } else {
            boolean _ = member.remove(job);
            job.takenBack();
            requeue(job);
        }
    }

    /// Puts a job before all others; or fails it where no worker can do it any more. One that has
    /// ended goes nowhere. Inside the lock.
    private void requeue(HostJob<Q, R> job) {
        RuntimeException reason = over == null && crew.size() == 0 ? empty() : over;
        if (!job.is(JobState.IN_HAND)) {
            job.released();
        } else if (reason != null) {
            fail(job, reason);
        } else {
            job.queued();
            queue.addFirst(job);
            Member<Q, R> member = free.pollLeastBusy();
            if (member != null) {
                offer(member);
            }
        }
    }

    /// Ends a job that no worker has any more, unless it has ended before. Inside the lock.
    private void fail(HostJob<Q, R> job, RuntimeException reason) {
        job.released();
        failInHand(job, reason);
    }

    /// Ends a job that its worker may still have, unless it has ended before. Inside the lock.
    private void failInHand(HostJob<Q, R> job, RuntimeException reason) {
        if (job.end(JobState.FAILED, null, reason)) {
            afterUnlock.addEnded(job);
        }
    }

    /// A worker has ended a job: it has a hand free. One whose time is over before stays with it
    /// until that has become its end.
    ///
    /// @param failure null if the worker has done it
    /// @return whether the job has ended with that
    boolean ended(HostJob<Q, R> job, Member<Q, R> member, @Nullable R answer,
            @Nullable RuntimeException failure) {
        boolean isNews;
        boolean isToComplete;
        enter();
        try {
            if (job.member() != member) {
                return false; // it is not that worker's any more
            }
            if (job.is(JobState.EXPIRED)) {
                job.lost();
                changed.signalAll();
                return false;
            }
            boolean isReplaced = terms.isReplacedAfter(failure);
            if (failure != null && isReplaced && mayGoToAnother(job, failure)) {
                crew.replace(member); // before it had come to the job
                takeBack(job, member);
                crew.released(member);
                return false;
            }
            member.ended(job, isReplaced);
            job.released();
            isNews = job.end(failure == null ? JobState.COMPLETED : JobState.FAILED, answer,
                    failure);
            if (isReplaced) {
                crew.replace(member);
            } else if (failure == null || failure instanceof CallFailed) {
                crew.succeeded();
            }
            if (failure == null && isNews) {
                quarantine.absolve(job.task().data());
            }
            crew.released(member);
            if (crew.isWatched()) {
                changed.signalAll();
            }
            // After others' code, which may wait for it, it would be too late.
            isToComplete = isNews && !afterUnlock.hasOthersCode();
            if (isNews && !isToComplete) {
                afterUnlock.addEnded(job);
            }
        } finally {
            exit();
        }
        if (isToComplete) {
            completions.complete(job);
        }
        return isNews;
    }

    /// Whether a worker had not come to a job when it failed with what it is replaced after. A job
    /// that each worker refuses would otherwise go round for ever, and keep all others waiting.
    /// Inside the lock.
    private boolean mayGoToAnother(HostJob<Q, R> job, RuntimeException failure) {
        if (job.hasStarted() || !job.is(JobState.IN_HAND)) {
            return false;
        }
        boolean isLast = job.countAhead() > MAX_TIMES_AHEAD;
        if (isLast) {
            later(() -> Log.warningOfPeer("a job fails, since each worker that got it refused it"
                    + " before it had begun it: see what the worker does as it starts", failure));
        }
        return !isLast;
    }

    /// A job cannot go on, since a part of its answer cannot be read. Its worker has it until it
    /// has ended it.
    void broken(HostJob<Q, R> job, Member<Q, R> member, RuntimeException failure) {
        enter();
        try {
            if (job.member() == member && job.is(JobState.IN_HAND)) {
                failInHand(job, failure);
                changed.signalAll();
            }
        } finally {
            exit();
        }
    }

    /// There is no answer. What the worker says of the job is the job's; anything else is the
    /// worker's end, and the job is its.
    void failed(HostJob<Q, R> job, Member<Q, R> member, RuntimeException failure) {
        boolean isJobs = failure instanceof CallFailed || failure instanceof CodecFailed
                || failure instanceof MessageTooLarge || failure instanceof ResourceExhausted
                || (failure instanceof IpcException unreadable && unreadable.head() != null);
        if (isJobs) {
            boolean _ = ended(job, member, null, failure);
            return;
        }
        enter();
        try {
            if (job.member() == member) {
                job.lost();
                changed.signalAll();
                crew.lost(member);
            }
        } finally {
            exit();
        }
    }

    /// A worker is gone with these jobs: puts those before all others that another one may do.
    /// Inside the lock.
    ///
    /// @param hasFailed whether it has said that its JVM is in doubt
    /// @return those
    List<HostJob<Q, R>> rescued(List<HostJob<Q, R>> jobs, boolean hasFailed) {
        List<HostJob<Q, R>> rescued = new ArrayList<>();
        for (HostJob<Q, R> job : jobs) {
            Object data = job.task().data();
            if ((hasFailed || terms.prefetch() > 0) && wasAhead(job)) {
                job.takenBack();
                rescued.add(job);
                continue;
            }
            if (job.hasStarted() && quarantine.blame(data)) {
                tell(listener -> listener.onQuarantined(data));
            }
            if (mayBeTriedAgain(job) && job.remainingNanos() > 0) {
                counts.retried();
                rescued.add(job);
            }
        }
        rescued.reversed().forEach(this::requeue);
        return rescued;
    }

    private boolean mayBeTriedAgain(HostJob<Q, R> job) {
        return job.terms().isIdempotent() && job.attempts() < 2 && job.is(JobState.IN_HAND)
                && !quarantine.has(job.task().data()) && crew.size() > 0;
    }

    /// A worker is gone with that job, which nobody else does. Inside the lock.
    ///
    /// @param death tells what has become of the worker
    void bereaved(HostJob<Q, R> job, WorkerDied death) {
        boolean isLate = job.is(JobState.EXPIRED)
                || (mayBeTriedAgain(job) && job.remainingNanos() == 0);
        fail(job, isLate
                ? tooLate(job, "its worker has died", death.report())
                : death);
    }

    /// Whether a job was only waiting at its worker, so that nothing was done of it. One that is
    /// always there when a worker dies is no such job.
    private boolean wasAhead(HostJob<Q, R> job) {
        return !job.hasStarted() && !job.is(JobState.EXPIRED)
                && job.countAhead() <= MAX_TIMES_AHEAD;
    }

    /// The time of a job is over: if it has not ended, that is its end. One that has may still hold
    /// its worker.
    void expire(HostJob<Q, R> job) {
        enter();
        try {
            Member<Q, R> member = job.member();
            if (job.is(JobState.QUEUED)) {
                leaveQueue(job);
                fail(job, tooLate(job, "no worker was free" + crew.lastTrouble(), null));
            } else if (member != null && endsWithItsWorker(job, member)) {
                job.expired();
                crew.killForTimeout(member, job);
            } else if (member != null
                    && job.end(JobState.FAILED, null, tooLate(job, member.shown()
                            + (job.hasStarted() ? " goes on" : " had not come to it"), null))) {
                later(job::cancelCall);
                afterUnlock.addEnded(job);
            }
        } finally {
            exit();
        }
    }

    /// Whether its worker is gone, or is to go since the time of this job is over.
    private boolean endsWithItsWorker(HostJob<Q, R> job, Member<Q, R> member) {
        return member.is(WorkerSnapshot.State.GONE)
                || (job.terms().action() == TimeoutAction.RESTART
                        && (job.hasStarted() || terms.prefetch() == 0));
    }

    /// The worker of a job whose time is over is about to be killed. Inside the lock.
    void expired(HostJob<Q, R> job, Member<Q, R> member, ChildReport report) {
        if (member.remove(job)) {
            fail(job, tooLate(job, "its worker is killed and replaced", report));
        }
    }

    TimedOut tooLate(HostJob<Q, R> job, String what, @Nullable ChildReport report) {
        Duration timeout = job.terms().timeout();
        return new TimedOut(("a job was not answered within the time given: timeout=%s: %s (Failed"
                + " to receive response in time)%s").formatted(
                        ShownTime.of(timeout == null ? Duration.ZERO : timeout), what,
                        report == null ? "" : ": " + report),
                report, null);
    }

    /// The caller has given a job up. If a worker has it, it still has no more time than it
    /// was given.
    ///
    /// @return false if it has ended before
    boolean givenUp(HostJob<Q, R> job, @Nullable R value, @Nullable Throwable reason) {
        enter();
        try {
            boolean wasQueued = job.is(JobState.QUEUED);
            if (!job.end(JobState.CANCELLED, value, reason)) {
                return false;
            }
            if (wasQueued) {
                leaveQueue(job);
                job.released();
            } else if (job.member() != null && !job.hasTimer()) {
                setTimer(job);
            }
            return true;
        } finally {
            exit();
        }
    }

    private void leaveQueue(HostJob<Q, R> job) {
        boolean _ = queue.remove(job);
        room.signal();
        changed.signalAll();
    }

    /// The set is closed while a worker has these. Those whose time is over fail with that. Inside
    /// the lock.
    void abandon(List<HostJob<Q, R>> jobs, RuntimeException reason) {
        for (HostJob<Q, R> job : jobs) {
            if (!job.is(JobState.EXPIRED)) {
                failInHand(job, reason);
            }
        }
    }

    /// Takes no more jobs, and fails those that wait. Inside the lock. The first reason counts, but
    /// for the set's close.
    void end(RuntimeException reason) {
        if (over == null || reason instanceof EndClosed) { // that one is for ever
            over = reason;
        }
        failQueue(reason);
    }

    /// There is no worker any more, by request: waits for one end. Inside the lock.
    void failQueue() {
        failQueue(empty());
    }

    private void failQueue(RuntimeException reason) {
        queue.forEach(job -> fail(job, reason));
        queue.clear();
        room.signalAll();
        changed.signalAll();
    }

    /// Takes jobs again, unless the set is closed. Inside the lock.
    void reopen() {
        if (over instanceof WorkerDied) {
            over = null;
        }
    }

    /// Whether a job is not tried any more. Inside the lock.
    boolean isInQuarantine(HostJob<Q, R> job) {
        return quarantine.has(job.task().data());
    }

    /// Takes jobs again that are not tried any more. Inside the lock.
    void forgiveJobs() {
        quarantine.clear();
    }

    /// Waits until no job waits or is in hand, and no future is being completed.
    ///
    /// @return false if that did not come within `timeout`
    boolean drain(Duration timeout) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(timeout);
        beginWait();
        enter();
        try {
            while (!isQuiet() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return isQuiet();
        } finally {
            endWait();
            exit();
        }
    }

    /// Inside the lock, by a thread after [#beginWait].
    private boolean isQuiet() {
        return counts.areOver() && crew.running() == 0 && completions.areOver();
    }

    /// The calling thread is about to wait for all jobs, or for all completions. Inside of a
    /// completion, it must not keep others from what it does otherwise: it may be the one that
    /// receives from workers, or the timer's. Outside the lock.
    void beginWait() {
        completions.completeRest();
        enter();
        try {
            boolean isInside = completions.beginWait(); // all of it, or none
            crew.watch();
            if (isInside) {
                waitingInside++;
                handOver();
            }
        } finally {
            exit();
        }
    }

    /// The calling thread leaves to others what it would do for the set. Inside the lock.
    private void handOver() {
        boolean isDone = false;
        try {
            resizeTimer();
            later(crew.handOver());
            isDone = true;
        } finally {
            if (!isDone) { // no memory for it: the thread does not come to its wait
                endWait();
            }
        }
    }

    /// The timer has one thread more for each that waits and may be its own. Where none can be
    /// started, what is due waits for a thread of it that returns. Inside the lock.
    private void resizeTimer() {
        try {
            timer.setCorePoolSize(1 + waitingInside);
        } catch (OutOfMemoryError failure) {
            later(() -> Log.warning("a set of workers has no second thread for time limits while"
                    + " what depends on a future drains it: they may be late", failure));
        }
    }

    /// Inside the lock.
    void endWait() {
        crew.unwatch();
        if (completions.endWait()) {
            waitingInside--;
            resizeTimer();
        }
    }

    /// Waits for the completions, but not for ever: what depends on one may wait for the calling
    /// thread. Inside the lock, by a thread after [#beginWait].
    void awaitCompletions() {
        boolean isInterrupted = false;
        Deadline deadline = Deadline.after(COMPLETION_PATIENCE);
        while (!completions.areOver() && !deadline.isPast()) {
            try {
                long _ = changed.awaitNanos(deadline.remainingNanos());
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (!completions.areOver()) {
            later(() -> Log.warning("what depends on the futures of a set that is closed has not"
                    + " returned", "waited=%d s".formatted(COMPLETION_PATIENCE.toSeconds())));
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether jobs wait or are in hand. Inside the lock.
    boolean hasJobs() {
        return !counts.areOver() || crew.running() > 0;
    }

    /// How many jobs wait. Inside the lock.
    int queued() {
        return queue.size();
    }

    /// Whether jobs wait. Outside the lock.
    boolean hasQueue() {
        enter();
        try {
            return !queue.isEmpty();
        } finally {
            exit();
        }
    }

    WorkerSetStats stats() {
        enter();
        try {
            return counts.stats(crew.size(), crew.count(WorkerSnapshot.State.ACTIVE),
                    crew.count(WorkerSnapshot.State.SPARE), crew.busy(), crew.restarts());
        } finally {
            exit();
        }
    }
}
