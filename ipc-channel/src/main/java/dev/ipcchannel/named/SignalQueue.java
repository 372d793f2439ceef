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

/// One of those that hear a member's signals. What finds no room there is counted, and a virtual
/// thread waits for room; where the two are parted, it waits until they have met again, for as long
/// as the other one has the name open.
///
/// Any thread may use it.
final class SignalQueue {

    private static final long PAUSE_NANOS = 20_000_000; // for want of memory or descriptors
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    /// The way by which it hears, until the two are parted.
    private record Way(Counterpart counterpart, Share share, Sender<SignalRecord> sender) {}

    private final Consumer<SignalQueue> onGone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SignalCounts waiting = new SignalCounts(); // these inside the lock
    private final SignalCounts unread = new SignalCounts(); // of what was sent, until it reads
    private boolean hasBegun; // to read
    private boolean hasThread; // which sends all that waits
    private @Nullable SignalRecord inHand; // of that thread
    private @Nullable Way way; // null while the two are parted
    private @Nullable Counterpart parted; // that it was then
    private boolean isNews; // since that thread has looked
    private boolean isOver;

    /// @param onGone is told where the two are parted, and the other one is found to be gone
    SignalQueue(Consumer<SignalQueue> onGone) {
        this.onGone = onGone;
    }

    /// It hears from now on: what has waited, and what is signalled.
    ///
    /// @param sender of that share
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

    /// Lets it hear a signal, now or as soon as it has room. Never waits.
    void signal(SignalRecord signal) {
        lock.lock();
        try {
            if (isOver) {
                return;
            }
            // Each id in its order: what waits goes first.
            if (!waiting.isEmpty() || inHand != null || !isSent(signal)) {
                waiting.add(signal);
                wake();
            }
            startThread();
        } finally {
            lock.unlock();
        }
    }

    /// Inside the lock, which the thread takes first.
    private void startThread() {
        if (hasThread || isAtRest()) {
            return;
        }
        try {
            Thread _ = Thread.ofVirtual().name("ipc-channel signals").start(this::sendWaiting);
            hasThread = true;
        } catch (OutOfMemoryError lack) { // what waits is counted, and the next signal tries again
            Log.debug("a signal waits for memory or descriptors", lack);
        }
    }

    /// Inside the lock.
    private void wake() {
        isNews = true;
        changed.signalAll();
    }

    /// Whether nothing is to be done: all has been sent, and it reads.
    private boolean isAtRest() {
        return isOver || (way != null && waiting.isEmpty() && hasBegunToRead());
    }

    /// What comes by a lane that it cannot take up is not heard: until it has read something, what
    /// was sent is not forgotten.
    private boolean hasBegunToRead() {
        Way current = way;
        if (!hasBegun && current != null && (unread.isEmpty() || current.share.isAnyRead())) {
            hasBegun = !unread.isEmpty();
            unread.clear();
            return true;
        }
        return hasBegun;
    }

    /// @return false if it has to wait
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
        } catch (IpcException lack) { // or its end, which the thread finds
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
            } catch (InterruptedException impossible) { // nobody has this thread
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error failure) { // no memory, or no class: this passes
                Log.debug("a signal waits for memory or descriptors", failure);
            }
        }
    }

    private boolean isDone() {
        lock.lock();
        try {
            hasThread = !isAtRest();
            return !hasThread;
        } finally {
            lock.unlock();
        }
    }

    /// @return false if there was none, or it could not be sent
    private boolean sendNext() throws InterruptedException {
        Way current;
        SignalRecord next;
        lock.lock();
        try {
            isNews = false;
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
        } catch (IpcException failure) { // a lack, or the end of this way
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

    /// Rests for a while, and looks whether this way goes on; where the two are parted, whether the
    /// other one lives.
    private void look(long pause) throws InterruptedException {
        Way current;
        Counterpart last;
        lock.lock();
        try {
            long end = System.nanoTime() + pause;
            for (long left = pause; !isNews && left > 0; left = end - System.nanoTime()) {
                boolean _ = changed.await(left, TimeUnit.NANOSECONDS);
            }
            current = way;
            last = parted;
        } finally {
            lock.unlock();
        }
        if (current != null && !current.sender.isConnected()) {
            current.counterpart.cut(); // and then they meet again
        } else if (current == null && last != null && !last.isAlive()) {
            onGone.accept(this);
        }
    }

    /// The two are parted. What it has not heard waits.
    void part() {
        Way last;
        lock.lock();
        try {
            last = way;
            way = null;
            parted = last == null ? parted : last.counterpart;
            if (last != null && !hasBegun && !last.share.isAnyRead()
                    && !last.sender.isConnected()) {
                waiting.takeAll(unread); // it has not taken that lane up
            }
            unread.clear();
            startThread();
            wake();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.sender.close(); // what is sent by it stays to be read
        }
    }

    /// Sends no more.
    ///
    /// @return how many signals have found no room
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
