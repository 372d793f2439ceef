package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.worker.Batch.Attempt;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The supervisor of a set's workers: it starts, watches and ends the processes, as [Staffing] has
/// decided, and brings it what becomes of them. Starting and ending a process is done by threads of
/// its own, outside of the set's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Supervisor<Q, R> implements Staffing.Orders<Q, R> {

    /// So long a thread that receives may wait for a processor. What a dead worker has sent and was
    /// not received by then counts as begun.
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// The process that does the job of a worker that is gone has the processors first, before all
    /// processes are looked through for what that one has left, and before a new spare is started.
    private static final long CLEANING_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SPARE_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int LOOKS_AN_IDLE_TIME = 8;

    private final SetOptions<Q, R> options;
    private final SetLock lock;
    private final JobQueue<Q, R> queue;
    private final JobRecovery<Q, R> recovery;
    private final Roster<Q, R> roster;
    private final SetThreads threads;
    private final Staffing<Q, R> staffing;
    private final WorkerEvents<Q, R> events;

    Supervisor(SetOptions<Q, R> options, SetLock lock, JobQueue<Q, R> queue,
            JobRecovery<Q, R> recovery, Roster<Q, R> roster, SetThreads threads) {
        this.options = options;
        this.lock = lock;
        this.queue = queue;
        this.recovery = recovery;
        this.roster = roster;
        this.threads = threads;
        this.staffing = new Staffing<>(options, queue, roster, lock, this);
        this.events = new WorkerEvents<>(options, queue, recovery, staffing, roster, lock);
    }

    Staffing<Q, R> staffing() {
        return staffing;
    }

    WorkerEvents<Q, R> events() {
        return events;
    }

    @Override
    public void start(boolean isSpare, long delayNanos) {
        long delay = Math.max(delayNanos, isSpare ? SPARE_DELAY_NANOS : 0);
        if (delay == 0) {
            threads.start(this::startOne);
        } else {
            var _ = threads.decideAfter(delay, this::startLate);
        }
    }

    @Override
    public void grow(long delayNanos) {
        var _ = threads.decideAfter(delayNanos, staffing::grow);
    }

    @Override
    public void measure(WorkerHandle<Q, R> worker, long delayNanos) {
        var _ = threads.timer().schedule(() -> threads.elsewhere(() -> measureNow(worker)),
                delayNanos, TimeUnit.NANOSECONDS);
    }

    /// Outside the lock: the kernel may take its time.
    private void measureNow(WorkerHandle<Q, R> worker) {
        long bytes = worker.process().privateMemory();
        lock.run(() -> events.measured(worker, bytes));
    }

    /// Has idle workers ended from now on, if some are to be.
    void watchIdle() {
        Duration limit = options.idleTime();
        if (limit != null) {
            long nanos = TimeUnit.NANOSECONDS.convert(limit);
            long interval = Math.max(1, nanos / LOOKS_AN_IDLE_TIME);
            var _ = threads.timer().scheduleWithFixedDelay(
                    () -> threads.decide(() -> staffing.endIdle(nanos)), interval, interval,
                    TimeUnit.NANOSECONDS);
        }
    }

    private void startLate() {
        if (staffing.beginStart()) {
            threads.start(this::startOne);
        }
    }

    /// Outside the lock, on a thread of its own.
    private void startOne() {
        if (!isStartWanted()) {
            return;
        }
        try {
            started(ChildWorker.start(options, this::hasJobs));
        } catch (InterruptedException _) { // by close
            startFailed(null);
        } catch (RuntimeException failure) {
            startFailed(failure);
        } catch (Error failure) { // no memory for a thread, say
            startFailed(new IllegalStateException("a worker could not be started: " + failure,
                    failure));
        }
    }

    private boolean isStartWanted() {
        lock.enter();
        try {
            return staffing.beginStart();
        } finally {
            lock.exit();
        }
    }

    private boolean hasJobs() {
        lock.enter();
        try {
            return queue.size() > 0;
        } finally {
            lock.exit();
        }
    }

    private void startFailed(@Nullable RuntimeException failure) {
        threads.decideHere(() -> staffing.startFailed(failure));
    }

    private void started(WorkerProcess<Q, R> process) {
        threads.decideHere(() -> {
            WorkerHandle<Q, R> worker = staffing.started(process);
            if (!staffing.isClosed()) {
                setAgeLimit(worker);
                lock.later(() -> attend(worker));
            }
        });
    }

    private void setAgeLimit(WorkerHandle<Q, R> worker) {
        Duration age = options.maxAge();
        if (age != null) {
            worker.setAgeAlarm(
                    threads.decideAfter(TimeUnit.NANOSECONDS.convert(age),
                            () -> staffing.renew(worker, "maxAge=" + ShownTime.of(age))));
        }
    }

    /// Subscribes to a worker's end, and to what it says of its JVM. Outside the lock.
    private void attend(WorkerHandle<Q, R> worker) {
        WorkerProcess<Q, R> process = worker.process();
        process.leaveToHooksWhile(() -> isNeededAtExit(worker));
        process.onExit(() -> threads.decideHere(() -> events.lost(worker)));
        process.onFailure(failure -> threads.elsewhere( // the thread that reads serves many
                () -> lock.run(() -> events.goesAway(worker, failure))));
    }

    private boolean isNeededAtExit(WorkerHandle<Q, R> worker) {
        lock.enter();
        try {
            return events.isNeededAtExit(worker);
        } finally {
            lock.exit();
        }
    }

    @Override
    public void end(WorkerHandle<Q, R> worker) {
        threads.end(() -> {
            try {
                worker.process().stop();
            } finally {
                buried(worker, true, null);
            }
        });
    }

    @Override
    public void bury(WorkerHandle<Q, R> worker, boolean wasPlanned) {
        threads.end(() -> buryNow(worker, wasPlanned));
    }

    @Override
    public void bury(Attempt<Q, R> overdue) {
        WorkerHandle<Q, R> worker = overdue.worker();
        threads.end(() -> {
            ChildReport report = worker.process().reportWithThreads();
            threads.decideHere(() -> {
                try {
                    recovery.failExpired(overdue, report);
                } finally {
                    bury(worker, false);
                }
            });
        });
    }

    /// Outside the lock.
    private void buryNow(WorkerHandle<Q, R> worker, boolean wasPlanned) {
        WorkerProcess<Q, R> process = worker.process();
        String failure = null;
        try {
            if (!process.awaitItsEnd()) {
                process.kill();
            }
            awaitLastWords(worker);
            process.caller().close();
            failure = process.failure();
            boolean hasFailed = failure != null;
            // These do not wait for the rest.
            threads.decideHere(() -> recovery.rescue(worker, hasFailed));
            LockSupport.parkNanos(CLEANING_DELAY_NANOS);
            process.kill(); // what it has left
        } catch (InterruptedException _) {
            // the thread is ours: nothing interrupts it
        } finally {
            buried(worker, wasPlanned, failure);
        }
    }

    /// Answers that it gave before its end may still be on their way.
    private void awaitLastWords(WorkerHandle<Q, R> worker) throws InterruptedException {
        lock.enter();
        try {
            if (!lock.await(() -> worker.running().stream().allMatch(Attempt::isOver),
                    LAST_WORDS_NANOS)) {
                recovery.keepWhatIsUnheard(worker);
            }
        } finally {
            lock.exit();
        }
    }

    private void buried(WorkerHandle<Q, R> worker, boolean wasPlanned, @Nullable String failure) {
        ChildReport report = worker.process().report();
        threads.decideHere(() -> events.buried(worker, wasPlanned, report, failure));
    }

    /// Replaces all workers, one after the other, so that the others go on. Outside the lock.
    ///
    /// @throws TimedOut if that was not done within `timeout`
    void renewAll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        List<WorkerHandle<Q, R>> old;
        int number;
        int missing;
        lock.enter();
        try {
            old = roster.all();
            number = staffing.lastNumber();
            missing = Math.max(0, roster.size() - old.size());
            recovery.forgiveJobs();
            staffing.startAfresh();
        } finally {
            lock.exit();
        }
        for (int i = 0; i < old.size(); i++) {
            WorkerHandle<Q, R> worker = old.get(i);
            lock.run(() -> staffing.renew(worker, "a restart of the set"));
            if (!awaitReplaced(worker, ++number, deadline)) {
                throw notReplaced(worker, timeout,
                        ", replaced=%d of %d".formatted(i, old.size()));
            }
        }
        if (!awaitReplaced(null, number + missing, deadline)) {
            throw notReplaced(null, timeout, "");
        }
    }

    /// Outside the lock.
    ///
    /// @param worker that is not gone, or in whose place there is none
    /// @param progress how many were replaced within the time, as it is shown
    private TimedOut notReplaced(@Nullable WorkerHandle<Q, R> worker, Duration timeout,
            String progress) {
        String what;
        lock.enter();
        try {
            if (worker == null || !roster.has(worker)) {
                what = "not all that are to be there are ready" + staffing.lastTrouble();
            } else if (worker.running().isEmpty()) {
                what = worker.shown() + " is asked to end, and is not gone yet";
            } else {
                what = worker.shown() + " stays busy with a job that it had, and ends after that:"
                        + " cancel the job, or give jobs a time limit with TimeoutAction.RESTART";
            }
        } finally {
            lock.exit();
        }
        return new TimedOut("not all workers of this set were replaced within the time given:"
                + " timeout=" + ShownTime.of(timeout) + progress + ": " + what);
    }

    /// Waits until a worker is gone, and all are there that are to be. Where replacements are
    /// slowed down, since no JVM lasts, they are never there at the same time: then until one of
    /// that `number` was ready. Outside the lock.
    ///
    /// @return false if that did not come in time
    private boolean awaitReplaced(@Nullable WorkerHandle<Q, R> worker, int number,
            Deadline deadline) throws InterruptedException {
        lock.enter();
        try {
            while (isAwaited(worker, number)) {
                if (deadline.isPast()) {
                    return false;
                }
                if (!threads.help()) {
                    boolean _ = lock.await(
                            () -> threads.hasUnstarted() || !isAwaited(worker, number),
                            deadline.remainingNanos());
                }
            }
            return true;
        } finally {
            lock.exit();
        }
    }

    private boolean isAwaited(@Nullable WorkerHandle<Q, R> worker, int number) {
        return !staffing.isOver() && !roster.isGoingDown()
                && ((worker != null && roster.has(worker)) || isOneMissing(number));
    }

    private boolean isOneMissing(int number) {
        return roster.count(State.ACTIVE) < roster.size()
                && (staffing.lastNumber() < number || !staffing.isSlowedDown());
    }

    /// Takes no jobs any more, fails those in hand and ends all workers. Outside the lock; waits
    /// for their ends.
    void close(RuntimeException reason) {
        threads.decideHere(() -> {
            if (staffing.close(reason)) {
                threads.interruptStarters();
            }
        });
        threads.close();
    }
}
