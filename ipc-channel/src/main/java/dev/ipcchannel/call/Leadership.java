package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Watchdog;
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
///
/// What depends on a future runs on the thread that has the lead, which is *aside* meanwhile. The
/// holder of the lead is then not the thread but its [Aside], and leaves that state by one
/// exchange, whichever comes first: the user's code returns, and the thread has the lead again; the
/// thread gives it up, to wait for a reply of its own; or a [Watchdog] finds it in the same code at
/// two looks, after ten to twenty milliseconds, and frees the lead for another thread. After the
/// latter two the thread counts as one more need of the background thread until the code returns:
/// none would receive the reply for which this thread waits outside of that code.
///
/// The background thread that is kept so has to be replaced as such, also where it has given the
/// lead up before: the field is cleared, and the next need starts another one. The thread that was
/// replaced finds that out when it comes for the lead again, and ends.
@SuppressWarnings("ReferenceEquality") // threads and nodes are meant by identity
final class Leadership {

    /// How long the lead has to be free before the background thread takes it from threads that
    /// wait.
    private static final long LINGER_NANOS = 500_000;

    /// How long the background thread stays without being needed.
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>(); // see Aside
    private final AtomicInteger needs = new AtomicInteger(); // of the background thread
    private final Runnable background;
    private final Watchdog watchdog = new Watchdog(this::look);

    // Inside the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition backgroundNeeded = lock.newCondition();
    private volatile @Nullable WaitNode first; // read outside of it as well
    private @Nullable WaitNode last;
    private volatile @Nullable BackgroundThread backgroundThread; // read outside of it as well
    private @Nullable Aside seenLeading; // at the last look
    private @Nullable Aside seenInBackground;
    private boolean isOver;

    private volatile boolean isBackgroundAsleep; // until it is signalled; changed inside the lock
    private volatile boolean isBackgroundReceiving;
    private volatile boolean isAsked; // of the background thread: to give the lead up
    private volatile long lastLed = System.nanoTime() - LINGER_NANOS; // by a thread that waited

    /// @param background what the background thread does
    Leadership(Runnable background) {
        this.background = background;
    }

    /// A thread that had the lead when it began to run a user's code, and has it until it is
    /// replaced, or gives it up.
    static final class Aside {

        private final Thread thread;
        private final @Nullable Aside outer; // of the background thread

        private Aside(Thread thread, @Nullable Aside outer) {
            this.thread = thread;
            this.outer = outer;
        }
    }

    /// The background thread.
    private static final class BackgroundThread extends Thread {

        private volatile @Nullable Aside aside; // the innermost, also once it has given the lead up

        BackgroundThread(Runnable task) {
            super(task, "ipc-channel calls");
            setDaemon(true);
        }
    }

    /// Takes the lead, if it is free and the calling thread may have it.
    boolean tryTake() {
        Thread current = Thread.currentThread();
        return holder.get() == null && holder.compareAndSet(null, current);
    }

    /// Whether the calling thread has the lead, and is not in a user's code.
    boolean isMine() {
        return holder.get() == Thread.currentThread();
    }

    private boolean isHeldBy(Thread thread) {
        Object held = holder.get();
        return held == thread || (held instanceof Aside aside && aside.thread == thread);
    }

    /// Gives the lead up if the calling thread has it, for the next one that needs it. A thread in
    /// a user's code does that before it waits here, and has it no more for the rest of that code.
    void releaseIfMine() {
        Object held = holder.get();
        Thread current = Thread.currentThread();
        boolean isGivenUp = held == current;
        if (isGivenUp) {
            noteLed();
            holder.set(null); // before the look at the queue: threads look at it once they joined
        } else if (held instanceof Aside aside && aside.thread == current) {
            isGivenUp = replace(aside);
            noteLed();
        }
        if (isGivenUp) {
            callIfNeeded();
        }
    }

    private void noteLed() {
        if (Thread.currentThread() != backgroundThread && needs.get() > 0) {
            lastLed = System.nanoTime();
        }
    }

    private void callIfNeeded() {
        boolean isBackground = Thread.currentThread() == backgroundThread;
        if (first != null || (needs.get() > 0 && (isBackground || isBackgroundOut()))) {
            callNext();
        }
    }

    /// The calling thread, if it has the lead, is about to run a user's code, which may wait.
    ///
    /// @return for [#endAside]; null if it has not the lead, or is aside already
    @Nullable
    Aside beginAside() {
        Thread current = Thread.currentThread();
        if (holder.get() != current) {
            return null;
        }
        BackgroundThread self =
                backgroundThread == current ? (BackgroundThread) current : null;
        Aside aside;
        try {
            aside = new Aside(current, self == null ? null : self.aside);
        } catch (OutOfMemoryError _) {
            return null; // the code runs all the same, and the lead stays here
        }
        if (self != null) {
            self.aside = aside;
        }
        holder.set(aside); // before the look whether the watchdog is on
        watchdog.turnOn();
        return aside;
    }

    /// The user's code has returned. The thread has the lead again, unless another one has taken
    /// it, or it has given it up, meanwhile.
    void endAside(@Nullable Aside aside) {
        if (aside == null) {
            return;
        }
        if (aside.thread instanceof BackgroundThread thread && thread.aside == aside) {
            thread.aside = aside.outer;
        }
        if (!holder.compareAndSet(aside, aside.thread)) {
            needNoMore(); // see replace
        }
    }

    /// Another thread takes the place of the background thread, if that calls this: in a user's
    /// code, before a wait in which it does not receive.
    void stepAside() {
        lock.lock();
        try {
            if (Thread.currentThread() == backgroundThread) {
                backgroundThread = null;
                callNext();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Replaces threads that are still in the piece of a user's code in which they were at the last
    /// look.
    ///
    /// @return whether to look again
    private boolean look() {
        lock.lock();
        try {
            Aside leading = holder.get() instanceof Aside aside ? aside : null;
            if (leading != null && leading == seenLeading) {
                boolean _ = replace(leading);
            }
            seenLeading = leading;
            BackgroundThread thread = backgroundThread;
            Aside inBackground = thread == null ? null : thread.aside;
            if (thread != null && inBackground != null && inBackground == seenInBackground
                    && !isHeldBy(thread)) {
                backgroundThread = null; // it has given the lead up before, or just now
            }
            seenInBackground = inBackground;
            callNext(); // also where the last look could start no thread
            return leading != null || inBackground != null;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the lead from a thread in a user's code, unless it is back, or has it no more. Replies
    /// are needed until it is back, also those to its own call.
    ///
    /// @return whether the lead is free
    private boolean replace(Aside aside) {
        needs.incrementAndGet(); // first: the thread that finds itself replaced counts down
        boolean isReplaced = holder.compareAndSet(aside, null);
        if (!isReplaced) {
            needNoMore();
        }
        return isReplaced;
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
            BackgroundThread thread = new BackgroundThread(background);
            thread.start();
            backgroundThread = thread; // after the start, which may fail; it looks inside the lock
        }
    }

    /// Waits until the background thread, which calls this, has the lead.
    ///
    /// @return false if it is to end: it was not needed for long, never will be again, or was
    /// replaced
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
        if (thread == null || !isHeldBy(thread)) {
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
