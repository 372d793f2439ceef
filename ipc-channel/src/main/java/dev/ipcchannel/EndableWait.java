package dev.ipcchannel;

import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.wait.Owner;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A series of waits for messages of a receiver that any thread can end for good. Adapters use it.
///
/// Whether the wait takes a message or [#end] comes first is decided inside the receiver's guard,
/// before the message is touched. So no message has to be put back.
///
/// @param <T> the type of the messages
final class EndableWait<T> {

    private final Receiver<T> receiver;
    private final ReentrantLock lock = new DeepLock();
    private final Condition left = lock.newCondition();

    // The following fields are guarded by the lock.
    private @Nullable Thread inside;
    private boolean isTaken; // the message of the running wait, or of the last one
    private boolean isEnded;
    private boolean isInterrupted; // by end
    private @Nullable Owner owner; // of the receiver, for the next wait
    private @Nullable RuntimeException refusal; // of the receiver, for the next wait

    EndableWait(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    /// Makes the next wait the receiver's owner now, so that no other thread receives before the
    /// waiting thread starts. A refusal is thrown by that wait.
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
    /// @return null if [#end] was called, before or during the wait
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
                boolean _ = Thread.interrupted(); // the interrupt was for this wait, which is over
            }
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the waits, and returns when no thread waits in the receiver for them. If the waiting
    /// thread itself calls it, it returns at once.
    ///
    /// @return whether this call has ended the waits, and the last wait had taken no message
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

    /// Gives up the ownership of the receiver if no wait has begun since [#own].
    private void disown() {
        Owner unused = owner;
        if (unused != null) {
            owner = null;
            try {
                receiver.disown(unused);
            } catch (EndClosed _) {
                // a closed receiver has no owner
            }
        }
    }
}
