package dev.ipcchannel.call;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which of the threads that wait for replies receives them, for all: the one that has the lead.
///
/// The others sit in a row. Whoever gives the lead up wakes the first of them, which takes it unless
/// a thread that is just coming is quicker. A background thread, started when it is first needed,
/// takes it while somebody needs replies and no thread waits for them.
@SuppressWarnings("ReferenceEquality") // threads and seats are meant by identity
final class Lead {

    private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();
    private final AtomicInteger needs = new AtomicInteger(); // of the background thread
    private final Runnable background;

    // Inside the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition backgroundNeeded = lock.newCondition();
    private volatile @Nullable Seat first; // read outside of it as well
    private @Nullable Seat last;
    private boolean isBackgroundStarted;
    private boolean isOver;

    /// @param background what the background thread does
    Lead(Runnable background) {
        this.background = background;
    }

    /// Takes the lead, if it is free and the calling thread may have it.
    boolean tryTake() {
        Thread current = Thread.currentThread();
        return holder.get() == null && holder.compareAndSet(null, current);
    }

    boolean isMine() {
        return holder.get() == Thread.currentThread();
    }

    /// Gives the lead up, for the next one that needs it.
    void release() {
        holder.set(null); // before the look at who waits; they look at it after they have sat down
        if (first != null || needs.get() > 0) {
            callNext();
        }
    }

    /// Gives the lead up if the calling thread has it: what a future's dependents do, they do in a
    /// thread that receives, and it must not wait while it has the lead.
    void releaseIfMine() {
        if (isMine()) {
            release();
        }
    }

    /// Waits until the seat is ready or the lead is the calling thread's.
    ///
    /// @return false if the limit came first
    boolean follow(Seat seat, TimeLimit limit) throws InterruptedException {
        seat.sit(Thread.currentThread());
        sitDown(seat);
        try {
            while (!seat.isReady() && !tryTake()) {
                if (!park(seat, limit)) {
                    return false;
                }
            }
            return true;
        } finally {
            getUp(seat);
            seat.sit(null);
        }
    }

    /// @return false if the limit has come
    private static boolean park(Seat seat, TimeLimit limit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!limit.isFinite()) {
            LockSupport.park(seat);
            return true;
        }
        long nanos = limit.remainingNanos();
        LockSupport.parkNanos(seat, nanos);
        return nanos > 0;
    }

    private void sitDown(Seat seat) {
        lock.lock();
        try {
            seat.before = last;
            if (last == null) {
                first = seat;
            } else {
                last.behind = seat;
            }
            last = seat;
        } finally {
            lock.unlock();
        }
    }

    /// Leaves the row. Whoever was woken for the lead and does not take it passes it on.
    private void getUp(Seat seat) {
        lock.lock();
        try {
            Seat before = seat.before;
            Seat behind = seat.behind;
            if (before == null) {
                first = behind;
            } else {
                before.behind = behind;
            }
            if (behind == null) {
                last = before;
            } else {
                behind.before = before;
            }
            seat.before = null;
            seat.behind = null;
        } finally {
            lock.unlock();
        }
        if (holder.get() == null) {
            callNext();
        }
    }

    /// Somebody needs replies and does not wait for them here, until [#needNoMore].
    void need() {
        needs.incrementAndGet(); // before the look at the lead; release has it the other way round
        if (holder.get() == null) {
            callNext();
        }
    }

    void needNoMore() {
        needs.decrementAndGet();
    }

    /// Whether the background thread is needed.
    boolean isNeeded() {
        return needs.get() > 0;
    }

    private void callNext() {
        lock.lock();
        try {
            Seat next = first;
            if (holder.get() != null || isOver) {
                return;
            }
            if (next != null) {
                next.wake();
            } else if (isNeeded()) {
                startBackground();
                backgroundNeeded.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void startBackground() {
        if (!isBackgroundStarted) {
            Thread.ofPlatform().daemon().name("ipc-channel calls").start(background);
            isBackgroundStarted = true;
        }
    }

    /// Waits until the background thread, which calls this, has the lead.
    ///
    /// @return false if it is never needed again
    boolean takeInBackground() {
        lock.lock();
        try {
            while (!isOver && !(isNeeded() && tryTake())) {
                backgroundNeeded.awaitUninterruptibly();
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is received any more: the background thread ends.
    void end() {
        lock.lock();
        try {
            isOver = true;
            backgroundNeeded.signal();
        } finally {
            lock.unlock();
        }
    }
}
