package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.PollSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread's sleep until an end of a channel has an event, or is closed.
///
/// A platform thread sleeps on the sockets themselves. A virtual thread parks, because a native
/// call would pin its carrier: the watcher is asked to notify of arrivals, and its notification
/// unparks the thread.
public abstract sealed class Sleeper {

    /// A sleep of the calling thread, until [#giveBack].
    public static Sleeper borrow() {
        return borrow(null);
    }

    /// A sleep of the calling thread at a place where one thread at a time sleeps, often.
    ///
    /// @param former the last sleep there, given back, and not one that [#isNotified]: it is reused
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

    /// Whether it is notified of arrivals by [#signal] only.
    public abstract boolean isNotified();

    /// Waits until there is an event, a [#wakeup] or the deadline. May return early.
    ///
    /// @param set the sockets that events arrive on; it has the result afterwards, unless this
    /// sleep [#isNotified]
    /// @return whether there is an event
    /// @throws InterruptedException if the thread is interrupted, before or while it waits
    public abstract boolean await(PollSet set, Deadline deadline) throws InterruptedException;

    /// Notifies it of an event, for the watcher. Any thread.
    public abstract void signal();

    /// Ends the wait, or the next one. Any thread.
    public abstract void wakeup();

    /// Gives the resources of this sleep back.
    public abstract void giveBack();

    /// A sleep on the sockets.
    private static final class OnSockets extends Sleeper {

        private volatile @Nullable Waiter waiter; // null between two sleeps
        private int lease; // of the waiter; written before it

        void lend(Waiter lent) {
            lease = lent.lease();
            waiter = lent;
        }

        @Override
        public boolean isNotified() {
            return false;
        }

        @Override
        public boolean await(PollSet set, Deadline deadline) throws InterruptedException {
            return lent().await(set, deadline);
        }

        @Override
        public void signal() {
            // The kernel wakes the thread.
        }

        @Override
        public void wakeup() {
            Waiter current = waiter;
            if (current != null) {
                current.wakeup(lease); // if late, it may end another wait, which looks once more
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

    /// A sleep by parking. A park whose notification came before it began returns at once.
    private static final class Parked extends Sleeper {

        private final Thread thread;
        private volatile boolean hasEvent;

        private Parked(Thread thread) {
            this.thread = thread;
        }

        @Override
        public boolean isNotified() {
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
            return hasEvent;
        }

        @Override
        public void signal() {
            hasEvent = true;
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
