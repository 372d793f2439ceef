package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Log;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The threads of a set that start and end its workers. Used inside the desk's lock, but for what
/// says otherwise.
///
/// Where no thread can be started, the set's timer does the work of one, or a thread that waits for
/// it: that may be the timer's itself, in a listener that closes the set, say.
final class CrewThreads {

    private final Desk<?, ?> desk;
    private final Set<Work> open = new HashSet<>();
    private final ArrayDeque<Work> waiting = new ArrayDeque<>(); // of these, those without a thread
    private final Set<Thread> closers = new HashSet<>(); // in the set's close, or were there

    CrewThreads(Desk<?, ?> desk) {
        this.desk = desk;
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
            waiting.addLast(work);
            desk.timer().execute(this::runWaiting);
            desk.changed().signalAll(); // to those that wait for work of this kind
        }
    }

    /// Outside the lock.
    private void runWaiting() {
        desk.enter();
        try {
            boolean _ = help();
        } finally {
            desk.exit();
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
        desk.exit();
        try {
            run(work);
        } finally {
            desk.enter();
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
            desk.enter();
            try {
                open.remove(work);
                desk.changed().signalAll();
            } finally {
                desk.exit();
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

    /// Waits until all work is done, but for that of threads that wait here as well: a listener may
    /// close the set. Outside the lock.
    void awaitEnd() {
        desk.enter();
        try {
            closers.add(Thread.currentThread());
            desk.changed().signalAll();
            while (!open.stream().allMatch(work -> closers.contains(work.runner))) {
                if (!help()) {
                    desk.changed().awaitUninterruptibly();
                }
            }
        } finally {
            desk.exit();
        }
    }
}
