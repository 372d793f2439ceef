package dev.ipcchannel.named;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.send.Share;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A queue of a member's signals for one listener. Signals that find no room in the listener's
/// channel are counted here, and a virtual thread waits for room. If the two are disconnected, it
/// waits until they connect again, for as long as the listener has the name open.
///
/// Any thread may use it.
final class SignalQueue {

    private static final long PAUSE_NANOS = 20_000_000; // if memory or descriptors have run out
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    /// A way to the listener, until the two are disconnected.
    private record Way(Counterpart counterpart, Share share, Sender<SignalRecord> sender) {}

    private final Consumer<SignalQueue> onGone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SignalCounts waiting = new SignalCounts(); // guarded by the lock
    private final SignalCounts unread = new SignalCounts(); // signals sent before its first read
    private boolean hasBegun; // the listener, to read
    private boolean hasThread; // the thread that sends what waits
    private @Nullable SignalRecord inHand; // of that thread
    private @Nullable Way way; // null while they are disconnected
    private @Nullable Counterpart lastCounterpart;
    private boolean hasChanged; // something has changed since that thread looked
    private boolean isOver;

    /// @param onGone called if the two are disconnected and the listener is found to be gone
    SignalQueue(Consumer<SignalQueue> onGone) {
        this.onGone = onGone;
    }

    /// Connects with the listener, which gets the waiting signals and all later ones from now on.
    ///
    /// @param sender by that share
    void meet(Counterpart counterpart, Share share, Sender<SignalRecord> sender) {
        lock.lock();
        try {
            way = new Way(counterpart, share, sender);
            hasBegun = false;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// Sends a signal now, or as soon as the listener has room. Never waits.
    void signal(SignalRecord signal) {
        lock.lock();
        try {
            if (isOver) {
                return;
            }
            // In order for each id: waiting signals go first.
            if (!waiting.isEmpty() || inHand != null || !isSent(signal)) {
                waiting.add(signal);
                wake();
            }
            startThread();
        } finally {
            lock.unlock();
        }
    }

    /// Called inside the lock, which the thread takes first.
    private void startThread() {
        if (hasThread || isIdle()) {
            return;
        }
        try {
            Thread _ = Thread.ofVirtual().name("ipc-channel signals").start(this::sendWaiting);
            hasThread = true;
        } catch (OutOfMemoryError lack) { // the signals are counted; the next one tries again
            Log.debug("a signal waits for memory or descriptors", lack);
        }
    }

    /// Called inside the lock.
    private void wake() {
        hasChanged = true;
        changed.signalAll();
    }

    /// Whether there is nothing to do: all signals have been sent, and the listener has begun to
    /// read.
    private boolean isIdle() {
        return isOver || (way != null && waiting.isEmpty() && hasBegunToRead());
    }

    /// Whether the listener has begun to read this lane. A listener may be unable to accept a lane,
    /// and then the signals in it are lost; so they are remembered until the first read.
    private boolean hasBegunToRead() {
        Way current = way;
        if (!hasBegun && current != null && (unread.isEmpty() || current.share.isAnyRead())) {
            hasBegun = !unread.isEmpty();
            unread.clear();
            return true;
        }
        return hasBegun;
    }

    /// @return false if the signal has to wait
    private boolean isSent(SignalRecord signal) {
        Way current = way;
        if (current == null) {
            return false;
        }
        try {
            boolean isSent = current.sender.trySend(signal) == SendOutcome.SENT;
            if (isSent) {
                noteSent(signal);
            }
            return isSent;
        } catch (IpcException lack) { // or the end of the way, which the thread finds
            Log.debug("a signal waits for memory or descriptors", lack);
            return false;
        }
    }

    private void noteSent(SignalRecord signal) {
        if (!hasBegun) {
            unread.add(signal);
        }
    }

    private void sendWaiting() {
        long pause = PAUSE_NANOS;
        while (!isDone()) {
            try {
                boolean isAnySent = sendNext();
                pause = isAnySent ? PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                if (!isAnySent) {
                    look(pause);
                }
            } catch (InterruptedException impossible) { // no other code has this thread
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error failure) { // no memory, or no class: may pass
                Log.debug("a signal waits for memory or descriptors", failure);
            }
        }
    }

    private boolean isDone() {
        lock.lock();
        try {
            hasThread = !isIdle();
            return !hasThread;
        } finally {
            lock.unlock();
        }
    }

    /// @return false if no signal waited, or it could not be sent
    private boolean sendNext() throws InterruptedException {
        Way current;
        SignalRecord next;
        lock.lock();
        try {
            hasChanged = false;
            current = way;
            if (current == null || waiting.isEmpty()) {
                return false;
            }
            next = waiting.takeOldest();
            inHand = next;
        } finally {
            lock.unlock();
        }
        return next != null && isSentBy(current, next);
    }

    private boolean isSentBy(Way current, SignalRecord next) throws InterruptedException {
        boolean isSent = false;
        try {
            current.sender.send(next);
            isSent = true;
        } catch (IpcException failure) { // a lack of resources, or the end of this way
            Log.debug("a signal waits for memory or descriptors", failure);
        } finally {
            lock.lock();
            try {
                inHand = null;
                if (!isSent) {
                    waiting.add(next);
                } else if (current.equals(way)) {
                    noteSent(next);
                }
            } finally {
                lock.unlock();
            }
        }
        return isSent;
    }

    /// Pauses, then checks whether the way still works; if the two are disconnected, whether the
    /// listener is alive.
    private void look(long pause) throws InterruptedException {
        Way current;
        Counterpart last;
        lock.lock();
        try {
            long end = System.nanoTime() + pause;
            for (long left = pause; !hasChanged && left > 0; left = end - System.nanoTime()) {
                boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
            }
            current = way;
            last = lastCounterpart;
        } finally {
            lock.unlock();
        }
        if (current != null && !current.sender.isConnected()) {
            current.counterpart.cut(); // then they connect again
        } else if (current == null && last != null && !last.isAlive()) {
            onGone.accept(this);
        }
    }

    /// Disconnects from the listener. Signals that it has not got wait.
    void disconnect() {
        Way last;
        lock.lock();
        try {
            last = way;
            way = null;
            lastCounterpart = last == null ? lastCounterpart : last.counterpart;
            if (last != null && !hasBegun && !last.share.isAnyRead()
                    && !last.sender.isConnected()) {
                waiting.takeAll(unread); // the listener has not accepted that lane
            }
            unread.clear();
            startThread();
            wake();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.sender.close(); // signals sent by it can still be read
        }
    }

    /// Closes the queue: sends no more.
    ///
    /// @return the number of signals that have found no room
    long close() {
        Way last;
        lock.lock();
        try {
            isOver = true;
            last = way;
            wake();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.sender.close();
        }
        lock.lock();
        try {
            SignalRecord unsent = inHand;
            return waiting.total() + (unsent == null ? 0 : unsent.count());
        } finally {
            lock.unlock();
        }
    }
}
