package dev.ipcchannel;

import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.wait.Owner;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An adapter's waits for messages of a receiver, one after another, which any thread can end for
/// good.
///
/// Whether a message is taken or stays in the receiver is settled inside the receiver's guard,
/// against [#end], before the message is touched: so none has to be put back.
///
/// @param <T> the type of the messages
final class EndableWait<T> {

    private final Receiver<T> receiver;
    private final ReentrantLock lock = new DeepLock();
    private final Condition left = lock.newCondition();

    // All under the lock.
    private @Nullable Thread inside;
    private boolean isTaken; // the message of the wait that runs, or of the last one
    private boolean isEnded;
    private boolean isInterrupted; // by end
    private @Nullable Owner owner; // of the receiver, for the next wait
    private @Nullable RuntimeException refusal; // of the receiver, for the next wait

    EndableWait(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    /// Gives the receiver to the next wait, so that nobody is quicker than the thread which is to
    /// wait. A refusal is what that wait throws.
    void own(Owner next) {
        lock.lock();
        try {
            if (!isEnded) {
                receiver.own(next);
                owner = next;
            }
        } catch (RuntimeException failure) {
            refusal = failure;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a message. One thread at a time. Throws what [Receiver#receive()] throws.
    ///
    /// @return null if the wait was ended, before or meanwhile
    @Nullable
    T take() throws InterruptedException {
        if (!begin()) {
            return null;
        }
        try {
            return receiver.receiveIf(takeOwner(), this::isWanted);
        } catch (InterruptedException interrupt) {
            if (isInterruptedByEnd()) {
                return null;
            }
            throw interrupt;
        } finally {
            leave();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (isEnded) {
                return false;
            }
            inside = Thread.currentThread();
            isTaken = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Owner takeOwner() {
        lock.lock();
        try {
            RuntimeException refused = refusal;
            if (refused != null) {
                refusal = null;
                throw refused;
            }
            Owner taken = owner;
            owner = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWanted() {
        lock.lock();
        try {
            isTaken = !isEnded;
            return isTaken;
        } finally {
            lock.unlock();
        }
    }

    private boolean isInterruptedByEnd() {
        lock.lock();
        try {
            return isInterrupted;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            inside = null;
            if (isInterrupted) {
                boolean _ = Thread.interrupted(); // it was meant for this wait, which is over
            }
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the waits, and returns when no thread is in the receiver on their behalf; called by
    /// that thread itself, at once.
    ///
    /// @return whether it was this call that has ended them, before the last wait took a message
    boolean end() {
        lock.lock();
        try {
            boolean isFirst = !isEnded && !isTaken;
            isEnded = true;
            Thread waiting = inside;
            if (waiting == null || waiting.equals(Thread.currentThread())) {
                disown();
                return isFirst;
            }
            if (!isTaken && !isInterrupted) { // a codec at work is not interrupted
                isInterrupted = true;
                waiting.interrupt();
            }
            while (inside != null) { // no wait begins after the end
                left.awaitUninterruptibly();
            }
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    /// Gives the receiver back that no wait has begun with.
    private void disown() {
        Owner unused = owner;
        if (unused != null) {
            owner = null;
            try {
                receiver.disown(unused);
            } catch (EndClosed _) {
                // nobody's any more
            }
        }
    }
}
