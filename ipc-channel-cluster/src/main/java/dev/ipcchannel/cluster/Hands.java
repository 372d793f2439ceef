package dev.ipcchannel.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The free hands of a node: it has no more jobs, and asks for no more, than it can do at once. An
/// answer that has not arrived yet counts as well, but takes no hand.
final class Hands {

    private static final int KEPT = 4; // jobs for each hand

    private final int all;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    // Inside the lock.
    private int free;
    private int open; // jobs, until their answers have arrived, and hands that wait for some
    private int busy; // with a job
    private boolean isStopped;

    Hands(int all) {
        this.all = all;
        this.free = all;
    }

    /// Some free hands, until they are closed: then those that have got no job are free again. Used
    /// by one thread.
    final class Some implements AutoCloseable {

        private int left;

        private Some(int count) {
            left = count;
        }

        int left() {
            return left;
        }

        /// One has got a job.
        void useOne() {
            left--;
            countBusy(1);
        }

        @Override
        public void close() {
            change(left, left, 0);
            left = 0;
        }
    }

    /// Takes all that are free, and waits for one. While four times as many jobs are open as there
    /// are hands, since their answers do not arrive, none is free.
    ///
    /// @return null if the node takes no more jobs
    @Nullable
    Some takeFree() throws InterruptedException {
        lock.lock();
        try {
            while (!isStopped && (free == 0 || open >= KEPT * all)) {
                change.await();
            }
            if (isStopped) {
                return null;
            }
            Some taken = new Some(free);
            open += free;
            free = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// A job needs its hand no more.
    void freeOne() {
        change(1, 0, 1);
    }

    /// Nothing of a job is open any more.
    void endOne() {
        change(0, 1, 0);
    }

    private void countBusy(int more) {
        lock.lock();
        try {
            busy += more;
        } finally {
            lock.unlock();
        }
    }

    private void change(int freed, int ended, int done) {
        lock.lock();
        try {
            free += freed;
            open -= ended;
            busy -= done;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// None is free any more.
    void stop() {
        lock.lock();
        try {
            isStopped = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int all() {
        return all;
    }

    /// How many have a job.
    int busy() {
        lock.lock();
        try {
            return busy;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no job is open.
    ///
    /// @return false if some are after `timeout`
    boolean awaitAllFree(Duration timeout) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(timeout);
        lock.lock();
        try {
            while (open > 0) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = change.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
