package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The right to receive replies for all threads that wait for some, as in the pattern of leader and
/// followers: the thread that has the lead receives.
///
/// The others wait in a queue. The thread that gives the lead up wakes the first of them, which
/// takes it unless a thread that has just arrived is quicker. A background thread, started when it
/// is needed, takes it while replies are needed and no thread waits for them; it ends when it was
/// not needed for a second, so that it keeps no forgotten caller.
///
/// The background thread gives the lead up to any thread that comes to wait, and then keeps away
/// for a while: a thread that asks and waits in turns, with many questions open, is to receive
/// their replies itself, and not to be woken for each of them.
@SuppressWarnings("ReferenceEquality") // threads and nodes are meant by identity
final class Leadership {

    /// How long the lead has to be free before the background thread takes it from threads that
    /// wait.
    private static final long LINGER_NANOS = 500_000;

    /// How long the background thread stays without being needed.
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();
    private final AtomicInteger needs = new AtomicInteger(); // of the background thread
    private final Runnable background;

    // Inside the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition backgroundNeeded = lock.newCondition();
    private volatile @Nullable WaitNode first; // read outside of it as well
    private @Nullable WaitNode last;
    private volatile @Nullable Thread backgroundThread; // read outside of it as well
    private boolean isOver;

    private volatile boolean isBackgroundAsleep; // until it is signalled; changed inside the lock
    private volatile boolean isBackgroundReceiving;
    private volatile boolean isAsked; // of the background thread: to give the lead up
    private volatile long lastLed = System.nanoTime() - LINGER_NANOS; // by a thread that waited

    /// @param background what the background thread does
    Leadership(Runnable background) {
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
        boolean isBackground = Thread.currentThread() == backgroundThread;
        if (!isBackground && needs.get() > 0) {
            lastLed = System.nanoTime();
        }
        holder.set(null); // before the look at the queue; threads look at it after they have joined
        if (first != null || (needs.get() > 0 && (isBackground || isBackgroundOut()))) {
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

    /// Gives the lead up if the calling thread has it. Another thread takes the place of the
    /// background thread, also where that has given the lead up before, by a wait for a reply in
    /// what depends on a future.
    void stepAside() {
        boolean isLeft = false;
        lock.lock();
        try {
            if (Thread.currentThread() == backgroundThread) {
                backgroundThread = null; // before the release, which starts one where none is
                isLeft = true;
            }
        } finally {
            lock.unlock();
        }
        if (isMine()) {
            release();
        } else if (isLeft) {
            callNext();
        }
    }

    /// Waits until the node is ready or the lead is the calling thread's.
    ///
    /// @return false if the limit came first
    boolean follow(WaitNode node, Deadline limit) throws InterruptedException {
        node.setWaiting(Thread.currentThread());
        enqueue(node);
        ask();
        try {
            while (!node.isReady() && !tryTake()) {
                if (!park(node, limit)) {
                    return false;
                }
            }
            return true;
        } finally {
            dequeue(node);
            node.setWaiting(null);
        }
    }

    /// @return false if the limit has come
    private static boolean park(WaitNode node, Deadline limit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!limit.isFinite()) {
            LockSupport.park(node);
            return true;
        }
        long nanos = limit.remainingNanos();
        LockSupport.parkNanos(node, nanos);
        return nanos > 0;
    }

    private void enqueue(WaitNode node) {
        lock.lock();
        try {
            node.previous = last;
            if (last == null) {
                first = node;
            } else {
                last.next = node;
            }
            last = node;
        } finally {
            lock.unlock();
        }
    }

    /// Leaves the queue. A thread that was woken for the lead and does not take it passes it on.
    private void dequeue(WaitNode node) {
        lock.lock();
        try {
            WaitNode previous = node.previous;
            WaitNode next = node.next;
            if (previous == null) {
                first = next;
            } else {
                previous.next = next;
            }
            if (next == null) {
                last = previous;
            } else {
                next.previous = previous;
            }
            node.previous = null;
            node.next = null;
        } finally {
            lock.unlock();
        }
        if (holder.get() == null) {
            callNext();
        }
    }

    /// Replies are needed for which no thread waits here, until [#needNoMore].
    void need() {
        needs.incrementAndGet(); // before the look at the lead; release has it the other way round
        if (holder.get() == null && isBackgroundOut()) {
            callNext();
        }
    }

    /// Whether the background thread does not look by itself: it sleeps, or was never started.
    private boolean isBackgroundOut() {
        return isBackgroundAsleep || backgroundThread == null;
    }

    /// The background thread ends its wait for replies once none are needed.
    void needNoMore() {
        // The background thread has these two the other way round.
        if (needs.decrementAndGet() == 0 && isBackgroundReceiving) {
            lock.lock();
            try {
                if (!isNeeded()) {
                    askBackground();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Whether the background thread is needed.
    boolean isNeeded() {
        return needs.get() > 0;
    }

    private void callNext() {
        lock.lock();
        try {
            WaitNode next = first;
            if (holder.get() != null || isOver) {
                return;
            }
            if (next != null) {
                next.wake();
            } else if (isNeeded()) {
                startBackground();
                isBackgroundAsleep = false; // one signal is enough
                backgroundNeeded.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void startBackground() {
        if (backgroundThread == null) {
            Thread thread = Thread.ofPlatform().daemon().name("ipc-channel calls")
                    .unstarted(background);
            backgroundThread = thread; // first: the thread compares itself with it
            thread.start();
        }
    }

    /// Waits until the background thread, which calls this, has the lead.
    ///
    /// @return false if it is to end: it was not needed for long, never will be again, or another
    /// one has its place
    /// @throws InterruptedException by something that depends on a future: it means nothing
    boolean takeInBackground() throws InterruptedException {
        lock.lock();
        try {
            if (Thread.currentThread() != backgroundThread) {
                return false;
            }
            isAsked = false;
            while (!isOver && !tryTakeInBackground()) {
                isBackgroundAsleep = !isNeeded() || isLedForLong();
                // Other threads change the state first and then look whether it is asleep. So it
                // first says that it is asleep, and then looks at the state once more.
                if (!isBackgroundAsleep || (isNeeded() && !isLedForLong())) {
                    long _ = backgroundNeeded.awaitNanos(LINGER_NANOS);
                } else if (isNeeded()) {
                    // Not for ever: when the thread that leads has received the last reply that is
                    // needed, it wakes none, since that would cost each job a wake.
                    long _ = backgroundNeeded.awaitNanos(KEPT_NANOS);
                } else if (backgroundNeeded.awaitNanos(KEPT_NANOS) <= 0 && !isNeeded()) {
                    // "Asleep" still: whatever needs it from here on starts another one.
                    backgroundThread = null;
                    return false;
                }
                isBackgroundAsleep = false;
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    private boolean tryTakeInBackground() {
        return isNeeded() && first == null && isQuiet() && tryTake();
    }

    /// Whether another thread has the lead and is likely to keep it.
    private boolean isLedForLong() {
        return holder.get() != null && isQuiet();
    }

    /// Whether no thread that waited has given the lead up lately.
    private boolean isQuiet() {
        return System.nanoTime() - lastLed >= LINGER_NANOS;
    }

    /// Has the background thread give the lead up, if it has it: it may be in a wait for replies.
    void ask() {
        lock.lock();
        try {
            if (askBackground()) {
                lastLed = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    /// @return whether it has the lead
    private boolean askBackground() {
        Thread thread = backgroundThread;
        if (thread == null || holder.get() != thread) {
            return false;
        }
        isAsked = true; // before the look whether it waits; it has that the other way round
        if (isBackgroundReceiving) {
            thread.interrupt();
        }
        return true;
    }

    /// The background thread is about to wait for replies.
    ///
    /// @return false if it is to give the lead up
    boolean beginReceiving() {
        isBackgroundReceiving = true;
        return !isAsked && isNeeded();
    }

    /// The background thread has waited for replies. An interrupt that was meant for that wait is
    /// gone afterwards: what depends on a future is not to meet it.
    void endReceiving() {
        isBackgroundReceiving = false;
        if (isAsked) {
            lock.lock(); // a thread that asks has by now interrupted, or never will
            try {
                boolean _ = Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Whether the background thread is to give the lead up.
    boolean isAsked() {
        return isAsked;
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
