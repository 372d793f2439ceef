package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Log;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The threads of a set: the timer's, those that start and end its workers, and others for what may
/// wait. Used inside the set's lock, but for what says otherwise.
///
/// Where no thread can be started, the timer's does the work of one, or a thread that waits for it:
/// that may be the timer's itself, in a listener that closes the set, say.
final class SetThreads {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final SetLock lock;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("ipc-channel worker timer").factory());
    private final Set<Work> open = new HashSet<>();
    private final ArrayDeque<Work> waiting = new ArrayDeque<>(); // of these, those without a thread
    private final Set<Thread> closers = new HashSet<>(); // in the set's close, or were there

    SetThreads(SetLock lock) {
        this.lock = lock;
        timer.setRemoveOnCancelPolicy(true);
        int _ = timer.prestartAllCoreThreads(); // it is there when there are no more threads
    }

    /// A piece of work, and the thread that does it.
    private static final class Work {

        private final Runnable action;
        private final boolean isStart; // of a worker
        private @Nullable Thread runner;

        Work(Runnable action, boolean isStart) {
            this.action = action;
            this.isStart = isStart;
        }
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    /// Decides something inside the lock after a time, on the timer's thread. What depends on jobs
    /// that end by that, and the listener, have another one: the next time limit does not wait for
    /// them.
    ScheduledFuture<?> decideAfter(long nanos, Runnable decision) {
        return timer.schedule(() -> decide(decision), nanos, TimeUnit.NANOSECONDS);
    }

    /// Decides something inside the lock, by the timer's thread.
    void decide(Runnable decision) {
        lock.run(decision, this::elsewhere);
    }

    /// Decides something inside the lock, by a thread that has more to do for the set, or one that
    /// closes it: what depends on jobs that end by that runs on another thread, if there can be
    /// one.
    void decideHere(Runnable decision) {
        lock.runAndNotify(decision, SetThreads::elsewhereOrHere);
    }

    private static void elsewhereOrHere(Runnable action) {
        try {
            Thread _ = Thread.startVirtualThread(action);
        } catch (OutOfMemoryError _) {
            action.run();
        }
    }

    /// Starts a thread that starts a worker.
    void start(Runnable action) {
        begin("ipc-channel worker start", new Work(action, true));
    }

    /// Starts a thread that ends a worker.
    void end(Runnable action) {
        begin("ipc-channel worker end", new Work(action, false));
    }

    private void begin(String name, Work work) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(work));
        open.add(work);
        work.runner = thread;
        try {
            thread.start();
        } catch (OutOfMemoryError _) { // there may be no more threads: the timer's is there
            work.runner = null;
            waiting.addLast(work); // a thread that waits for its end may do it as well
            timer.execute(this::runWaiting);
        }
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
            action.run(); // the set is closed, and no time is kept any more
        }
    }

    /// Outside the lock.
    private void runWaiting() {
        lock.enter();
        try {
            boolean _ = help();
        } finally {
            lock.exit();
        }
    }

    /// Does a piece of work that has no thread here, with the lock left meanwhile.
    ///
    /// @return false if there is none
    boolean help() {
        Work work = waiting.pollFirst();
        if (work == null) {
            return false;
        }
        work.runner = Thread.currentThread();
        lock.exit();
        try {
            run(work);
        } finally {
            lock.enter();
        }
        return true;
    }

    /// Outside the lock.
    private void run(Work work) {
        try {
            work.action.run();
        } catch (RuntimeException | Error failure) { // others' work may follow on this thread
            Log.error("a worker of a set could not be seen to", failure);
        } finally {
            lock.enter();
            try {
                open.remove(work);
            } finally {
                lock.exit();
            }
        }
    }

    /// Threads that start a worker are to leave that, but for this one, if its listener closes the
    /// set.
    void interruptStarters() {
        for (Work work : open) {
            Thread runner = work.runner;
            if (work.isStart && runner != null && !runner.equals(Thread.currentThread())) {
                runner.interrupt();
            }
        }
    }

    private boolean areOnlyClosersLeft() {
        return open.stream().allMatch(work -> closers.contains(work.runner));
    }

    /// Whether there is work that has no thread, for [#help].
    boolean hasUnstarted() {
        return !waiting.isEmpty();
    }

    /// Waits until all work is done, but for that of threads that wait here as well: a listener may
    /// close the set. Then no time is watched any more. Outside the lock.
    void close() {
        lock.enter();
        try {
            closers.add(Thread.currentThread());
            while (!areOnlyClosersLeft()) {
                if (!help()) {
                    lock.await(() -> hasUnstarted() || areOnlyClosersLeft());
                }
            }
        } finally {
            lock.exit();
        }
        var _ = timer.shutdownNow();
    }
}
