package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.posix.Event;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.channels.Selector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One thread's wait on sockets that ends on [Thread#interrupt] and on a [#waker] as well.
///
/// The JDK calls [Selector#wakeup] of a selector whose `begin` has been called by the interrupted
/// thread; ours then writes to an eventfd that stands in the poll set. The pair costs 20 to 100 ns,
/// on the sleeping path only.
///
/// Waiters are borrowed from a pool. A waker is one borrower's: it does nothing once that one has
/// given the waiter back, so what comes late wakes nobody else.
public final class Waiter extends InterruptibleWait {

    // The pool has no nodes: a wait asks the heap for nothing.
    private static final ReentrantLock POOL = new DeepLock();
    private static @Nullable Waiter top; // these two under that lock
    private @Nullable Waiter below;

    private final Runnable atExit = this::endSleep;
    private final ReentrantLock lock = new DeepLock();

    // Under the lock, in which nothing waits.
    private int lease; // counts the borrowers
    private boolean isSignalled;

    private final Event event = new Event(); // last: nothing but the next line may fail after it

    private Waiter() {
        try {
            ShutdownSignal.add(atExit);
        } catch (OutOfMemoryError failure) {
            endEvent();
            throw failure;
        }
    }

    /// A waiter of the caller's own until [#giveBack].
    public static Waiter borrow() {
        Waiter pooled = pooled();
        return pooled != null ? pooled : new Waiter();
    }

    private static @Nullable Waiter pooled() {
        POOL.lock();
        try {
            Waiter first = top;
            if (first != null) {
                top = first.below;
                first.below = null;
            }
            return first;
        } finally {
            POOL.unlock();
        }
    }

    /// Puts it back. Not `close`, which the JDK makes final and which would end it.
    public void giveBack() {
        lock.lock();
        try {
            lease++;
            if (isSignalled) { // after the last look
                isSignalled = false;
                event.clear();
            }
        } finally {
            lock.unlock();
        }
        POOL.lock();
        try {
            below = top;
            top = this;
        } finally {
            POOL.unlock();
        }
    }

    /// Ends the sleep of whichever borrower sleeps, as the JVM goes down.
    private void endSleep() {
        event.signal();
    }

    private void endEvent() {
        ShutdownSignal.remove(atExit);
        event.descriptor().close();
    }

    /// What ends the wait of the present borrower, or its next one. Any thread may run it, at any
    /// time.
    public Runnable waker() {
        int borrower = lease; // which the borrower alone changes
        return () -> wakeup(borrower);
    }

    /// The number of the present borrower, for [#wakeup(int)].
    public int lease() {
        return lease; // which the borrower alone changes
    }

    /// Does what a [#waker] of that borrower does.
    public void wakeup(int borrower) {
        lock.lock();
        try {
            if (borrower == lease) {
                isSignalled = true;
                event.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a descriptor of the set is ready, a waker runs, or the deadline. May return
    /// early, with nothing found.
    ///
    /// @return whether a descriptor of the set is ready
    /// @throws InterruptedException if the thread is interrupted, before or while it waits; its
    /// flag is cleared
    public boolean await(PollSet set, Deadline deadline) throws InterruptedException {
        int place = set.add(event.descriptor(), PollSet.READABLE);
        begin(); // from here to end(), an interrupt calls wakeup; also one that came before
        try {
            poll(set, deadline);
        } finally {
            end();
            if (set.isReady(place)) {
                event.clear();
            }
        }
        if (Thread.interrupted()) {
            event.clear(); // the interrupt may have come after the poll
            throw new InterruptedException();
        }
        return set.removeLastAndLook();
    }

    /// A virtual thread must not sleep in a native call, for its carrier would sleep with it: two
    /// of them on two processors would stop every other one. Another thread does that for it.
    private static void poll(PollSet set, Deadline deadline) {
        if (ShutdownSignal.isUnderWay()) {
            if (!set.look()) {
                ShutdownSignal.pause(deadline.remainingNanos());
            }
            return;
        }
        if (!Thread.currentThread().isVirtual()) {
            set.poll(deadline.remainingNanos());
            return;
        }
        CompletableFuture<Void> polled = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("ipc-channel poll").start(() -> {
            try {
                set.poll(deadline.remainingNanos());
                polled.complete(null);
            } catch (Throwable failure) { // whatever it is, it is the waiting thread's
                polled.completeExceptionally(failure);
            }
        });
        try {
            polled.join(); // an interrupt ends the poll, see begin, and is seen to afterwards
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof PosixException call ? call : failure;
        }
    }

    /// For the JDK alone, which calls it for the thread that is in [#await].
    @Override
    public Selector wakeup() {
        wakeup(lease); // the JDK sees to it that the thread is between begin and end
        return this;
    }

    @Override
    protected void implCloseSelector() {
        event.descriptor().close();
    }
}
