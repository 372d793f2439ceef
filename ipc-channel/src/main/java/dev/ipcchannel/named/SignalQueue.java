package dev.ipcchannel.named;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Pause;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The signals for one listener. What finds no room there is counted, and a virtual
/// thread waits for room.
///
/// Any thread may use it.
final class SignalQueue {

    private static final long PAUSE_NANOS = 20_000_000; // for want of memory or descriptors

    private final Sender<SignalRecord> sender;
    private final ReentrantLock lock = new ReentrantLock();
    private final SignalCounts waiting = new SignalCounts(); // these inside the lock
    private boolean hasThread; // which sends all that waits
    private @Nullable SignalRecord inHand; // of that thread

    SignalQueue(Sender<SignalRecord> sender) {
        this.sender = sender;
    }

    /// Gives it a signal, now or as soon as it has room. Never waits.
    void signal(SignalRecord signal) {
        lock.lock();
        try {
            if (hasThread || !isSent(signal)) {
                waiting.add(signal);
                if (!hasThread) {
                    hasThread = true;
                    Thread _ =
                            Thread.ofVirtual().name("ipc-channel signals").start(this::sendWaiting);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// @return false if it has to wait; one that is gone gets nothing, which is right
    private boolean isSent(SignalRecord signal) {
        try {
            return sender.trySend(signal) == SendOutcome.SENT;
        } catch (Disconnected | EndClosed _) {
            return true;
        } catch (IpcException lack) {
            Log.debug("a signal waits for memory or descriptors", lack);
            return false;
        }
    }

    private void sendWaiting() {
        try {
            for (SignalRecord next = next(); next != null; next = next()) {
                send(next);
            }
        } catch (Disconnected | EndClosed _) {
            // it is gone, and nothing more is sent
        } catch (InterruptedException impossible) { // nobody has this thread
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable SignalRecord next() {
        lock.lock();
        try {
            SignalRecord oldest = waiting.takeOldest();
            hasThread = oldest != null;
            inHand = oldest;
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    private void send(SignalRecord signal) throws InterruptedException {
        while (true) {
            try {
                sender.send(signal);
                return;
            } catch (Disconnected | EndClosed gone) {
                throw gone;
            } catch (IpcException lack) {
                Log.debug("a signal waits for memory or descriptors", lack);
                Pause.of(PAUSE_NANOS);
            }
        }
    }

    /// Sends no more.
    ///
    /// @return how many signals have found no room
    long close() {
        sender.close();
        lock.lock();
        try {
            SignalRecord unsent = inHand;
            return waiting.total() + (unsent == null ? 0 : unsent.count());
        } finally {
            lock.unlock();
        }
    }
}
