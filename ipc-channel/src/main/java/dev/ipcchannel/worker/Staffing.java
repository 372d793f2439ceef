package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.job.Restarts;
import dev.ipcchannel.worker.Batch.Attempt;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The decisions on how many workers a set has: [#balance] compares what is there with what is to
/// be there, and has workers started, promotes or retires. What happens to a worker is decided in
/// [WorkerEvents].
///
/// It knows no process and no thread: what has to be done is an order, or put off in the set's
/// lock, inside of which it is used.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Staffing<Q, R> {

    private static final String FEWER = "fewer workers are wanted";

    /// So long a job has waited before another worker is started for it: in a moment one that is
    /// there may be free, and a JVM takes longer than that to start.
    static final long GROWTH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final SetOptions<Q, R> options;
    private final JobQueue<Q, R> queue;
    private final Roster<Q, R> roster;
    private final SetLock lock;
    private final Orders<Q, R> orders;
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
    private final Restarts restarts;
    private int starting; // now or after a delay
    private boolean isGrowthDue; // whether a look for that is ordered
    private int lastNumber;
    private boolean isClosed;
    private @Nullable String givenUp; // why no more workers are started
    private @Nullable RuntimeException lastFailure; // of a start, until one succeeds
    private @Nullable ChildReport lastDeath;

    Staffing(SetOptions<Q, R> options, JobQueue<Q, R> queue, Roster<Q, R> roster, SetLock lock,
            Orders<Q, R> orders) {
        this.options = options;
        this.queue = queue;
        this.roster = roster;
        this.lock = lock;
        this.orders = orders;
        this.restarts = new Restarts(options.restartLimit(), options.restartInterval());
        if (roster.size() == 0) {
            boolean _ = firstReady.complete(null); // no start is waited for
        }
    }

    /// The orders for processes. Each of these is called inside the set's lock and returns at once.
    /// What it has brought about comes by one call of [#started] or [#startFailed], perhaps after
    /// [#beginStart], of [WorkerEvents#buried], of [#grow] or of [WorkerEvents#measured].
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    interface Orders<Q, R> {

        /// Starts a worker.
        ///
        /// @param isSpare whether it is to stand by
        /// @param delayNanos before that
        void start(boolean isSpare, long delayNanos);

        /// Calls [#grow] after a while.
        void grow(long delayNanos);

        /// Measures the memory of a worker after a while, and calls [WorkerEvents#measured].
        void measure(WorkerHandle<Q, R> worker, long delayNanos);

        /// Asks a worker that has no job to end.
        void end(WorkerHandle<Q, R> worker);

        /// Makes sure that a worker is gone, receives what it has sent and sees to its jobs.
        ///
        /// @param wasPlanned whether it was to end anyhow
        void bury(WorkerHandle<Q, R> worker, boolean wasPlanned);

        /// The same with a worker that goes on with a job whose time is over: its threads are asked
        /// for first.
        void bury(Attempt<Q, R> overdue);
    }

    /// Completes when the first worker is ready, at once where none is to be, or fails when none
    /// could be started before.
    CompletableFuture<Void> firstReady() {
        return firstReady;
    }

    Orders<Q, R> orders() {
        return orders;
    }

    boolean isClosed() {
        return isClosed;
    }

    /// Whether no more are started.
    boolean isOver() {
        return isClosed || givenUp != null;
    }

    /// Whether all are there that are to be.
    boolean isComplete() {
        return roster.count(State.ACTIVE) == roster.size() && roster.count(State.SPARE) == spares();
    }

    /// The number of the last worker that was started: they count from 1 on.
    int lastNumber() {
        return lastNumber;
    }

    /// Whether replacements are slowed down, since no JVM lasts.
    boolean isSlowedDown() {
        return restarts.isSlowedDown();
    }

    /// How many workers were replaced that had not been meant to end.
    long restarts() {
        return restarts.count();
    }

    /// Why there may be no worker, to be put after a sentence; empty if the last start was none
    /// that failed.
    String lastTrouble() {
        RuntimeException failure = lastFailure;
        return failure == null ? "" : ", the last start of one failed: " + failure.getMessage();
    }

    private int spares() {
        return roster.size() == 0 ? 0 : options.spares();
    }

    /// Brings what is there to what is to be there.
    void balance() {
        if (isClosed) {
            return;
        }
        promote();
        for (int excess = roster.count(State.ACTIVE) - roster.size(); excess > 0; excess--) {
            retire(roster.mostIdle(), FEWER);
        }
        for (int excess = roster.count(State.SPARE) - spares(); excess > 0; excess--) {
            WorkerHandle<Q, R> spare = roster.first(State.SPARE);
            if (spare != null) {
                retire(spare, FEWER);
            }
        }
        while (givenUp == null && inService() + starting < wanted()) {
            scheduleStart();
        }
        if (givenUp != null && roster.count(State.ACTIVE) == 0 && starting == 0) {
            queue.close(new WorkerDied(givenUp, false, lastDeath, lastFailure));
        }
    }

    private int inService() {
        return roster.count(State.ACTIVE) + roster.count(State.SPARE);
    }

    /// How many are to be there: while this JVM goes down, no more are started than there are jobs
    /// in the queue, for which a hook may wait.
    private int wanted() {
        return isToEnd() ? Math.min(roster.size(), inService() + queue.size())
                : roster.size() + spares();
    }

    /// Whether this JVM goes down; but a caller that opens a set first gets the failure that none
    /// can be started.
    private boolean isToEnd() {
        return roster.isGoingDown() && firstReady.isDone();
    }

    private void scheduleStart() {
        starting++;
        orders.start(roster.count(State.ACTIVE) == roster.size(),
                Math.max(restarts.replacementDelayNanos(System.nanoTime()),
                        restarts.delayNanos()));
    }

    /// A worker whose start was ordered is about to be started, which may have waited long.
    ///
    /// @return false if it is not to be any more: then its start is over
    boolean beginStart() {
        boolean isWanted = !isClosed && !(isToEnd() && queue.size() == 0);
        if (!isWanted) {
            starting--;
        }
        return isWanted;
    }

    /// Gives spares the places that are free.
    private void promote() {
        for (WorkerHandle<Q, R> worker : roster.all()) {
            if (worker.is(State.SPARE) && roster.count(State.ACTIVE) < roster.size()) {
                worker.become(State.ACTIVE);
                queue.offer(worker);
            }
        }
    }

    /// A worker is ready.
    WorkerHandle<Q, R> started(WorkerProcess<Q, R> process) {
        starting--;
        WorkerHandle<Q, R> worker = new WorkerHandle<>(++lastNumber, process);
        roster.add(worker);
        if (isClosed) {
            retire(worker, "the set is closed");
            return worker;
        }
        lastFailure = null;
        balance();
        if (worker.is(State.SPARE)) {
            lock.later(process::warmUp);
        }
        boolean _ = firstReady.complete(null); // nothing depends on it that would run here
        WorkerSnapshot ready = worker.snapshot();
        lock.notifyLater(listener -> listener.onStarted(ready));
        return worker;
    }

    /// A worker could not be started.
    ///
    /// @param failure null if its start was interrupted by the close
    void startFailed(@Nullable RuntimeException failure) {
        starting--;
        if (isClosed || failure == null) {
            return;
        }
        lastFailure = failure;
        lock.notifyLater(listener -> listener.onStartFailed(failure));
        if (firstReady.completeExceptionally(failure) || firstReady.isCompletedExceptionally()) {
            return; // the caller that opens the set closes it
        }
        noteRestart("the last start failed: " + failure.getMessage());
        balance();
    }

    /// A worker has ended that was not meant to.
    ///
    /// @param failure of its JVM, where it has said so: then it has the rate of those that are
    /// replaced
    void noteDeath(WorkerHandle<Q, R> worker, ChildReport report, @Nullable String failure) {
        lastDeath = report;
        if (failure == null) {
            noteRestart("the last one: child=" + worker.process().commandLine() + ", " + report);
        } else {
            noteReplaced();
        }
    }

    /// A worker is replaced by plan, after an error.
    void noteReplaced() {
        restarts.noteReplaced(System.nanoTime(), roster.size());
    }

    /// A worker has done a job: what failed before has nothing to do with what comes.
    void noteSuccess() {
        restarts.succeeded();
    }

    private void noteRestart(String why) {
        if (!restarts.note(System.nanoTime()) && givenUp == null) {
            String reason =
                    ("the workers of this set end too often, so no more are started: mend what ends"
                            + " them, then call WorkerSet.restart: %s: %s")
                            .formatted(restarts.describe(), why);
            givenUp = reason;
            lock.notifyLater(listener -> {
                Log.warning("a set of workers has given up", reason);
                listener.onGivenUp(reason);
            });
        }
    }

    /// A job has come into the queue. While this JVM goes down, there may be no worker to do it.
    void onQueued() {
        if (roster.isGoingDown()) {
            balance();
        } else if (roster.size() < roster.most() && !isGrowthDue) {
            isGrowthDue = true;
            orders.grow(GROWTH_NANOS);
        }
    }

    /// Starts workers that had ended since they were idle, if jobs have waited for a while.
    void grow() {
        isGrowthDue = false;
        if (isClosed || queue.size() == 0) {
            return;
        }
        if (queue.waitNanos() >= GROWTH_NANOS) {
            int missing = Math.max(0, queue.size() - starting);
            roster.setSize(Math.min(roster.most(), roster.size() + missing));
            balance();
        }
        onQueued(); // for the next look
    }

    /// Ends workers that have had nothing to do for long, those that have done the fewest jobs
    /// first: others have something in their caches. As many as are to stay are ready meanwhile.
    void endIdle(long idleNanos) {
        List<WorkerHandle<Q, R>> idle = roster.all().stream()
                .filter(worker -> worker.is(State.ACTIVE) && worker.lookIdle() >= idleNanos)
                .sorted(Comparator.comparingLong(WorkerHandle::taken)).toList();
        for (WorkerHandle<Q, R> worker : idle) {
            if (roster.count(State.ACTIVE) > options.minWorkers()
                    && roster.size() > options.minWorkers()) {
                roster.setSize(roster.size() - 1);
                retire(worker, "it was idle");
            }
        }
        balance();
    }

    /// A worker is to be replaced.
    ///
    /// @param reason in a few words
    void renew(WorkerHandle<Q, R> worker, String reason) {
        if (!roster.isGoingDown() && worker.isInService()) {
            retire(worker, reason);
            balance();
        }
    }

    /// A worker gets no more jobs, and ends when it has done those that it has.
    ///
    /// @param reason in a few words
    void retire(WorkerHandle<Q, R> worker, String reason) {
        leaveService(worker, reason);
        if (worker.running().isEmpty()) {
            end(worker);
        }
        queue.release(worker);
    }

    /// A worker gets no more jobs.
    ///
    /// @param reason in a few words
    void leaveService(WorkerHandle<Q, R> worker, String reason) {
        roster.withdraw(worker);
        worker.become(State.RETIRING);
        worker.setReason(reason);
    }

    void end(WorkerHandle<Q, R> worker) {
        worker.become(State.GONE);
        orders.end(worker);
    }

    /// A worker is gone. A spare has its place at once; that others are started has to wait until
    /// it is known why it is gone.
    void drop(WorkerHandle<Q, R> worker) {
        roster.withdraw(worker);
        worker.become(State.GONE);
        if (!isClosed) {
            promote();
            queue.release(worker);
        }
    }

    /// So many workers more, or less.
    void resize(int change) {
        roster.setMost(Math.max(0, roster.most() + change));
        if (change > 0) {
            tryAgain();
        }
        balance();
        if (roster.most() == 0) {
            queue.failAllWaiting();
        }
    }

    /// What failed before is forgiven.
    private void tryAgain() {
        givenUp = null;
        restarts.reset();
        queue.reopen();
    }

    /// What failed before is forgiven, and what is missing is started.
    void startAfresh() {
        tryAgain();
        balance();
    }

    /// Takes no jobs any more, fails those that there are and ends all workers.
    ///
    /// @return false if it was closed before
    boolean close(RuntimeException reason) {
        if (isClosed) {
            return false;
        }
        isClosed = true;
        queue.close(reason);
        for (WorkerHandle<Q, R> worker : roster.all()) {
            queue.abandon(worker, reason);
            worker.endEpoch(); // it begins none of them any more
            if (!worker.is(State.GONE)) {
                roster.withdraw(worker);
                end(worker);
            }
        }
        return true;
    }
}
