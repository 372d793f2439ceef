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

/// One of those that hear a member's signals. What finds no room there is counted, and a virtual
/// thread waits for room.
///
/// Any thread may use it.
final class Hearer {

    private static final long PAUSE_NANOS = 20_000_000; // for want of memory or descriptors

    private final Sender<Pulse> sender;
    private final ReentrantLock lock = new ReentrantLock();
    private final SignalCounts waiting = new SignalCounts(); // these inside the lock
    private boolean hasThread; // which sends all that waits
    private @Nullable Pulse inHand; // of that thread

    Hearer(Sender<Pulse> sender) {
        this.sender = sender;
    }

    /// Lets it hear a signal, now or as soon as it has room. Never waits.
    void signal(Pulse pulse) {
        lock.lock();
        try {
            if (hasThread || !isSent(pulse)) {
                waiting.add(pulse);
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

    /// @return false if it has to wait; one that is gone hears nothing, which is right
    private boolean isSent(Pulse pulse) {
        try {
            return sender.trySend(pulse) == SendOutcome.SENT;
        } catch (Disconnected | EndClosed _) {
            return true;
        } catch (IpcException lack) {
            Log.debug("a signal waits for memory or descriptors", lack);
            return false;
        }
    }

    private void sendWaiting() {
        try {
            for (Pulse next = next(); next != null; next = next()) {
                send(next);
            }
        } catch (Disconnected | EndClosed _) {
            // it is gone, and nothing more is sent
        } catch (InterruptedException impossible) { // nobody has this thread
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Pulse next() {
        lock.lock();
        try {
            Pulse oldest = waiting.takeOldest();
            hasThread = oldest != null;
            inHand = oldest;
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    private void send(Pulse pulse) throws InterruptedException {
        while (true) {
            try {
                sender.send(pulse);
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
            Pulse unsent = inHand;
            return waiting.total() + (unsent == null ? 0 : unsent.count());
        } finally {
            lock.unlock();
        }
    }
}
