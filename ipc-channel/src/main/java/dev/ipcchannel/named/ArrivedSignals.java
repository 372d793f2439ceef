package dev.ipcchannel.named;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Pause;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A counter of the signals that have arrived at a member and were not awaited yet. A thread
/// receives them. It refers to this object but not to the user's, which can be forgotten.
///
/// Any thread may use it.
final class ArrivedSignals {

    private static final long PAUSE_NANOS = 20_000_000; // if memory or descriptors have run out

    private final Receiver<SignalRecord> receiver;
    private final String name;
    private final String closed; // a sentence for later calls
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SignalCounts counts = new SignalCounts(); // guarded by the lock
    private volatile boolean isClosed; // read without the lock, too

    /// @param receiver closed with this object
    /// @param name of the signal
    ArrivedSignals(Receiver<SignalRecord> receiver, String name) {
        this.name = name;
        this.closed = "this signal was closed: name=%s: open the name again".formatted(name);
        this.receiver = receiver;
    }

    /// Starts to receive.
    void start() {
        Thread _ = Thread.ofVirtual().name("ipc-channel signals").start(this::takeAll);
    }

    private void takeAll() {
        try {
            while (true) {
                takeOne();
            }
        } catch (EndClosed | Disconnected _) {
            // closed: no thread awaits signals any more
        } catch (InterruptedException impossible) { // no other code has this thread
            Thread.currentThread().interrupt();
        }
    }

    private void takeOne() throws InterruptedException {
        try {
            add(receiver.receive());
        } catch (EndClosed | Disconnected closed) {
            throw closed;
        } catch (RuntimeException | Error failure) { // of one signal; or no memory, or no class
            Log.warningOfPeer("a signal of another process cannot be read", failure);
            Pause.of(PAUSE_NANOS);
        }
    }

    private void add(SignalRecord signal) {
        if (signal.id() < 0 || signal.id() > NamedSignal.MAX_ID || signal.count() < 1) {
            Log.warning("a signal of another process is none",
                    ("name=%s, id=%d, count=%d: ids go from 0 to %d, and counts from 1: have that"
                            + " process")
                            .formatted(name, signal.id(), signal.count(), NamedSignal.MAX_ID)
                            + " use the same version");
            return;
        }
        lock.lock();
        try {
            counts.add(signal);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a signal of that id, and takes all that have arrived.
    ///
    /// @return 0 if the deadline came first
    /// @throws EndClosed if it is closed
    long await(int id, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (isClosed) {
                    throw new EndClosed(closed);
                }
                long count = counts.take(id);
                if (count > 0 || deadline.isPast()) {
                    return count;
                }
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    /// @throws EndClosed if it is closed
    void checkOpen() {
        if (isClosed()) {
            throw new EndClosed(closed);
        }
    }

    /// The sentence for the failures of later calls.
    String closed() {
        return closed;
    }

    /// Ends all waits. Signals that arrive from now on are ignored.
    ///
    /// @return false if it was closed before
    boolean end() {
        lock.lock();
        try {
            boolean isFirst = !isClosed;
            isClosed = true;
            changed.signalAll();
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread and closes the receiver.
    void close() {
        boolean _ = end();
        receiver.close();
    }
}
