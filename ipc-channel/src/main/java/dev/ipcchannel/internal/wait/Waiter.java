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

/// A thread's wait on sockets that ends on [Thread#interrupt] and on a [#waker] as well.
///
/// An interrupt calls [Selector#wakeup] of the selector whose `begin` the interrupted thread has
/// called; this class's then writes to an eventfd in the poll set. The pair `begin` and `end` costs
/// 20 to 100 ns, only on the way into a sleep.
///
/// Waiters are borrowed from a pool. A waker belongs to one borrower: it does nothing once that
/// borrower has given the waiter back, so a late call wakes no other thread.
public final class Waiter extends InterruptibleWait {

    // The pool has no nodes: a wait allocates nothing.
    private static final ReentrantLock POOL = new DeepLock();
    private static @Nullable Waiter top; // this and the next under that lock
    private @Nullable Waiter below;

    private final Runnable atExit = this::endSleep;
    private final ReentrantLock lock = new DeepLock();

    // Guarded by the lock, in which no thread waits.
    private int lease; // counts the borrowers
    private boolean isSignalled;

    private final Event event = new Event(); // last: only the next line may fail after it

    private Waiter() {
        try {
            ShutdownSignal.add(atExit);
        } catch (OutOfMemoryError failure) {
            endEvent();
            throw failure;
        }
    }

    /// A waiter for the caller alone, until [#giveBack].
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

    /// Puts it back into the pool. Not named `close`, which the JDK makes final and which would end
    /// it.
    public void giveBack() {
        lock.lock();
        try {
            lease++;
            if (isSignalled) { // since the last look
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

    /// Ends the sleep of the present borrower, if it sleeps, because the JVM goes down.
    private void endSleep() {
        event.signal();
    }

    private void endEvent() {
        ShutdownSignal.remove(atExit);
        event.descriptor().close();
    }

    /// A task that ends the wait of the present borrower, or its next one. Any thread may run it,
    /// at any time.
    public Runnable waker() {
        int borrower = lease; // which only the borrower changes
        return () -> wakeup(borrower);
    }

    /// The number of the present borrower, for [#wakeup(int)].
    public int lease() {
        return lease; // which only the borrower changes
    }

    /// Does the same as a [#waker] of that borrower.
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

    /// Waits until a descriptor of the set is ready, a waker runs, or the deadline comes. May
    /// return early, with nothing found.
    ///
    /// @return whether a descriptor of the set is ready
    /// @throws InterruptedException if the thread is interrupted, before or while it waits; its
    /// flag is cleared
    public boolean await(PollSet set, Deadline deadline) throws InterruptedException {
        int place = set.add(event.descriptor(), PollSet.READABLE);
        begin(); // from here to end() an interrupt calls wakeup, also an earlier one
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

    /// Polls. A virtual thread must not sleep in a native call, because its carrier would sleep
    /// with it: two of them on two processors would stop all others. Another thread sleeps for it.
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
            } catch (Throwable failure) { // of any class: the waiting thread gets it
                polled.completeExceptionally(failure);
            }
        });
        try {
            polled.join(); // an interrupt ends the poll, see begin, and is handled afterwards
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof PosixException call ? call : failure;
        }
    }

    /// For the JDK only, which calls it for the thread that is in [#await].
    @Override
    public Selector wakeup() {
        wakeup(lease); // the JDK ensures that the thread is between begin and end
        return this;
    }

    @Override
    protected void implCloseSelector() {
        event.descriptor().close();
    }
}
