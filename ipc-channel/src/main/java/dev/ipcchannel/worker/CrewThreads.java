package dev.ipcchannel.worker;

import java.util.HashSet;
import java.util.Set;

/// The threads of a set that start and end its workers. Used inside the desk's lock, but for what
/// says otherwise.
final class CrewThreads {

    private final Desk<?, ?> desk;
    private final Set<Thread> running = new HashSet<>();
    private final Set<Thread> starters = new HashSet<>(); // of these, those that start a worker
    private final Set<Thread> closers = new HashSet<>(); // in the set's close, or were there

    CrewThreads(Desk<?, ?> desk) {
        this.desk = desk;
    }

    /// Starts a thread that starts a worker.
    void start(Runnable action) {
        starters.add(run("ipc-channel worker start", action));
    }

    /// Starts a thread that ends a worker.
    void end(Runnable action) {
        Thread _ = run("ipc-channel worker end", action);
    }

    private Thread run(String name, Runnable action) {
        Thread thread = Thread.ofPlatform().daemon().name(name)
                .unstarted(() -> runAndForget(Thread.currentThread(), action));
        running.add(thread);
        try {
            thread.start();
        } catch (OutOfMemoryError _) { // there may be no more threads: the timer's is there
            desk.timer().execute(() -> runAndForget(thread, action));
        }
        return thread;
    }

    /// Outside the lock.
    private void runAndForget(Thread thread, Runnable action) {
        try {
            action.run();
        } finally {
            desk.enter();
            try {
                running.remove(thread);
                starters.remove(thread);
                desk.changed().signalAll();
            } finally {
                desk.exit();
            }
        }
    }

    /// Whoever starts a worker is to leave that.
    void interruptStarters() {
        starters.forEach(Thread::interrupt);
    }

    /// Waits until they are at their ends, but for those that wait here as well: a listener may
    /// close the set. Outside the lock.
    void awaitEnd() {
        desk.enter();
        try {
            closers.add(Thread.currentThread());
            desk.changed().signalAll();
            while (!closers.containsAll(running)) {
                desk.changed().awaitUninterruptibly();
            }
        } finally {
            desk.exit();
        }
    }
}
