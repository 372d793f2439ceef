package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.PollSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread's sleep until an end of a channel has news, or is closed.
///
/// A platform thread sleeps on the sockets themselves. A virtual thread parks, for in a native call
/// it would hold its carrier; the watcher is asked to tell of arrivals, and whoever is told
/// unparks it.
public abstract sealed class Sleeper {

    /// A sleep of the calling thread, until [#giveBack].
    public static Sleeper borrow() {
        return borrow(null);
    }

    /// The same for a place where one thread sleeps at a time, often.
    ///
    /// @param former the last one there, given back, and not one that [#isTold]: it is used again
    public static Sleeper borrow(@Nullable Sleeper former) {
        if (Thread.currentThread().isVirtual()) {
            return new Parked(Thread.currentThread());
        }
        Waiter waiter = Waiter.borrow();
        try {
            OnSockets sleeper = former instanceof OnSockets again ? again : new OnSockets();
            sleeper.lend(waiter);
            return sleeper;
        } catch (OutOfMemoryError failure) {
            waiter.giveBack();
            throw failure;
        }
    }

    /// Whether it hears of arrivals by [#tell] alone.
    public abstract boolean isTold();

    /// Waits until there is news, [#wakeup] or the deadline. May return early.
    ///
    /// @param set the sockets that the news comes to; what was found there is in it afterwards,
    /// unless this sleep [#isTold]
    /// @return whether there is news
    /// @throws InterruptedException if the thread is interrupted, before or while it waits
    public abstract boolean await(PollSet set, Deadline deadline) throws InterruptedException;

    /// There is news, says the watcher. Any thread.
    public abstract void tell();

    /// Ends the wait, or the next one. Any thread.
    public abstract void wakeup();

    /// Ends this sleep's life.
    public abstract void giveBack();

    /// A sleeper on the sockets.
    private static final class OnSockets extends Sleeper {

        private volatile @Nullable Waiter waiter; // null between two sleeps
        private int lease; // of the waiter; written before it

        void lend(Waiter lent) {
            lease = lent.lease();
            waiter = lent;
        }

        @Override
        public boolean isTold() {
            return false;
        }

        @Override
        public boolean await(PollSet set, Deadline deadline) throws InterruptedException {
            return lent().await(set, deadline);
        }

        @Override
        public void tell() {
            // The kernel has told it.
        }

        @Override
        public void wakeup() {
            Waiter current = waiter;
            if (current != null) {
                current.wakeup(lease); // late, it may end another wait, which looks once more
            }
        }

        @Override
        public void giveBack() {
            Waiter lent = lent();
            waiter = null;
            lent.giveBack();
        }

        private Waiter lent() {
            Waiter current = waiter;
            if (current == null) {
                throw new IllegalStateException("this sleep is over");
            }
            return current;
        }
    }

    /// A sleeper that is parked. A park that was told before it began returns at once.
    private static final class Parked extends Sleeper {

        private final Thread thread;
        private volatile boolean hasNews;

        private Parked(Thread thread) {
            this.thread = thread;
        }

        @Override
        public boolean isTold() {
            return true;
        }

        @Override
        public boolean await(PollSet set, Deadline deadline) throws InterruptedException {
            if (deadline.isFinite()) {
                LockSupport.parkNanos(this, deadline.remainingNanos());
            } else {
                LockSupport.park(this);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return hasNews;
        }

        @Override
        public void tell() {
            hasNews = true;
            LockSupport.unpark(thread);
        }

        @Override
        public void wakeup() {
            LockSupport.unpark(thread);
        }

        @Override
        public void giveBack() {
            // Nothing was borrowed.
        }
    }
}
