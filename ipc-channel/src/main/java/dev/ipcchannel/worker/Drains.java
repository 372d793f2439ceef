package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The waits until all jobs of a set, or all completions of futures, are over. A thread that waits
/// inside of a completion must not keep the set from its time limits: where no thread could be
/// started for that completion, it is the timer's.
final class Drains {

    private static final Duration COMPLETION_PATIENCE = Duration.ofSeconds(10);

    private final SetLock lock;
    private final JobQueue<?, ?> queue;
    private final SetThreads threads;
    private int waitingInside; // threads that wait for completions, inside of one; inside the lock

    Drains(SetLock lock, JobQueue<?, ?> queue, SetThreads threads) {
        this.lock = lock;
        this.queue = queue;
        this.threads = threads;
    }

    /// Waits until no job waits or is in hand, and no future is being completed. Outside the lock.
    ///
    /// @return false if that did not come within `timeout`
    boolean drain(Duration timeout) throws InterruptedException {
        begin();
        lock.enter();
        try {
            return lock.await(this::isQuiet, TimeUnit.NANOSECONDS.convert(timeout));
        } finally {
            end();
            lock.exit();
        }
    }

    /// Inside the lock, by a thread after [#begin].
    private boolean isQuiet() {
        return queue.isIdle() && lock.completions().areOver();
    }

    /// Runs the close of a set, then waits for the completions, but not for ever: what depends on
    /// one may wait for the calling thread. Outside the lock.
    void close(Runnable action) {
        begin();
        action.run();
        lock.enter();
        try {
            awaitCompletions();
        } finally {
            end();
            lock.exit();
        }
    }

    private void awaitCompletions() {
        Completions completions = lock.completions();
        boolean isInterrupted = false;
        Deadline deadline = Deadline.after(COMPLETION_PATIENCE);
        while (!completions.areOver() && !deadline.isPast()) {
            try {
                boolean _ = lock.await(completions::areOver, deadline.remainingNanos());
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (!completions.areOver()) {
            lock.later(() -> Log.warning(
                    "what depends on the futures of a set that is closed has not"
                            + " returned",
                    "waited=%d s".formatted(COMPLETION_PATIENCE.toSeconds())));
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// The calling thread is about to wait for all jobs, or for all completions. Outside the lock.
    private void begin() {
        lock.enter();
        try {
            if (lock.completions().beginWait()) {
                waitingInside++;
                resizeTimer();
            }
        } finally {
            lock.exit();
        }
    }

    /// The timer has one thread more for each that waits and may be its own. Where none can be
    /// started, what is due waits for a thread of it that returns. Inside the lock.
    private void resizeTimer() {
        try {
            threads.timer().setCorePoolSize(1 + waitingInside);
        } catch (OutOfMemoryError failure) {
            lock.later(
                    () -> Log.warning("a set of workers has no second thread for time limits while"
                            + " what depends on a future drains it: they may be late", failure));
        }
    }

    /// Inside the lock.
    private void end() {
        if (lock.completions().endWait()) {
            waitingInside--;
            resizeTimer();
        }
    }
}
