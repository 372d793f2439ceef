package dev.ipcchannel.cluster;

import dev.ipcchannel.internal.base.Log;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A runner of a user's code for one job: one piece after the other, on a virtual thread that is
/// there while there are any.
final class InOrder {

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(1); // inside the lock
    private boolean isRunning; // inside the lock

    void run(Runnable piece) {
        lock.lock();
        try {
            waiting.addLast(piece);
            if (isRunning) {
                return;
            }
            isRunning = true;
        } finally {
            lock.unlock();
        }
        Thread _ = Thread.startVirtualThread(this::runAll);
    }

    private void runAll() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (RuntimeException | Error failure) {
                Log.error("a listener to a job has thrown", failure);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = waiting.pollFirst();
            isRunning = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
