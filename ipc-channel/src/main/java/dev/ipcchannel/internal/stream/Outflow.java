package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The way into a connection. Any thread puts frames, and writes them itself if the socket takes
/// them; the loop flushes the rest.
///
/// A frame whose first byte is in the socket counts as sent, and will be whole there unless the
/// connection ends; so at most one frame is partly written.
public final class Outflow {

    /// The fate of a frame.
    public sealed interface Put {

        /// The outcome that the frame is on its way.
        record Sent() implements Put {}

        /// The outcome that there was no room in time, and nothing of it was sent.
        record Full() implements Put {}

        /// The outcome that nothing can be sent any more.
        record Over(ConnectionEnd end) implements Put {}
    }

    private static final Put SENT = new Put.Sent();
    private static final Put FULL = new Put.Full();

    private final Descriptor socket;
    private final Inflow inflow;
    private final Runnable onRest;
    // Held for moments: no thread waits inside.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition flushed = lock.newCondition();
    private final FlowCounts counts = new FlowCounts();
    private @Nullable FrameWriter pending; // this and all below are guarded by the lock
    private @Nullable FrameWriter farewell; // comes after `pending`
    private boolean isStuck; // the socket took nothing, and a thread waits
    private @Nullable ConnectionEnd end;

    /// @param inflow of the same connection: the loop reads it while a thread waits here, since the
    /// other side may wait for room itself
    /// @param onRest makes the loop notify when the socket takes more; called under the lock
    Outflow(Descriptor socket, Inflow inflow, Runnable onRest) {
        this.socket = socket;
        this.inflow = inflow;
        this.onRest = onRest;
    }

    /// Sends a frame if that is possible now. Never waits.
    public Put tryPut(SocketFrame frame) {
        if (!lock.tryLock()) {
            return FULL; // another thread is inside
        }
        try {
            return counted(start(new FrameWriter(frame)), frame);
        } finally {
            leave();
        }
    }

    /// Sends a frame if there is room for it, after a frame that another thread is about to send.
    /// Waits for moments at most.
    Put putNow(SocketFrame frame) {
        lock.lock();
        try {
            return counted(start(new FrameWriter(frame)), frame);
        } finally {
            leave();
        }
    }

    /// Sends a frame, waiting for room, and then until all of it is in the socket, where it is safe
    /// from this process's end. Once it is on its way, neither the deadline nor an interrupt takes
    /// it back: they only end the wait, and the thread stays interrupted.
    public Put put(SocketFrame frame, Deadline deadline) throws InterruptedException {
        FrameWriter writer = new FrameWriter(frame);
        lock.lock();
        try {
            Put put = counted(start(writer), frame);
            if (put instanceof Put.Sent && writer.isDone()) {
                return put;
            }
            counts.beginWait();
            inflow.beginLoopNeed();
            try {
                return await(put, writer, frame, deadline);
            } finally {
                inflow.endLoopNeed();
                counts.endWait();
            }
        } finally {
            leave();
        }
    }

    private Put await(Put first, FrameWriter writer, SocketFrame frame, Deadline deadline)
            throws InterruptedException {
        Put put = first;
        while (put instanceof Put.Full && !deadline.isPast()) {
            askForRoom();
            long _ = room.awaitNanos(deadline.remainingNanos());
            counts.wakeUp();
            put = counted(start(writer), frame);
        }
        return put instanceof Put.Sent ? awaitFlushed(writer, deadline) : put;
    }

    private Put counted(Put put, SocketFrame frame) {
        if (put instanceof Put.Sent) {
            counts.add(frame);
        }
        return put;
    }

    private Put start(FrameWriter writer) {
        if (end != null) {
            return new Put.Over(end);
        }
        if (pending != null) {
            return FULL;
        }
        write(writer);
        if (end != null) {
            return new Put.Over(end);
        }
        if (writer.isUntouched()) {
            return FULL;
        }
        if (!writer.isDone()) {
            pending = writer;
            onRest.run();
        }
        return SENT;
    }

    private void write(FrameWriter writer) {
        try {
            writer.writeTo(socket);
        } catch (PosixException failure) { // EPIPE, ECONNRESET: no other failure is possible
            abort(ConnectionEnd.of(ConnectionEnd.Reason.UNREACHABLE, "", failure));
        }
    }

    private void askForRoom() {
        if (pending == null && !isStuck) {
            isStuck = true;
            onRest.run();
        }
    }

    private Put awaitFlushed(FrameWriter writer, Deadline deadline) {
        try {
            while (pending == writer && end == null && !deadline.isPast()) {
                long _ = flushed.awaitNanos(deadline.remainingNanos());
                counts.wakeUp();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        ConnectionEnd why = end;
        return why == null || why.reason() == ConnectionEnd.Reason.CLOSED_HERE || writer.isDone()
                ? SENT
                : new Put.Over(why);
    }

    /// Leaves the lock, and passes room on that this thread has not used, even if it was notified
    /// too late.
    private void leave() {
        if (pending == null && !isStuck) {
            room.signal();
        }
        lock.unlock();
    }

    /// Writes what the socket takes now. Called on the loop's thread, when the socket takes more.
    void flush() {
        lock.lock();
        try {
            isStuck = false;
            if (pending != null) {
                write(pending);
                advance();
            }
        } finally {
            leave();
        }
    }

    /// Goes on to the farewell, once the frame before it is written.
    private void advance() {
        if (pending == null || !pending.isDone()) {
            return;
        }
        pending = farewell;
        farewell = null;
        flushed.signalAll();
        if (pending != null) {
            write(pending);
            advance();
        }
    }

    /// The counts of sent frames, and of waits.
    public FlowCounts.Snapshot counts() {
        lock.lock();
        try {
            return counts.snapshot();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the loop has to notify when the socket takes more.
    boolean wantsRoom() {
        lock.lock();
        try {
            return pending != null || isStuck;
        } finally {
            lock.unlock();
        }
    }

    /// Sends nothing more than the frame on its way, and `last` after it.
    void close(SocketFrame last, ConnectionEnd why) {
        lock.lock();
        try {
            if (end != null) {
                end = why; // from now on this side's close is the reason
                return;
            }
            farewell = new FrameWriter(last);
            if (pending == null) {
                pending = farewell;
                farewell = null;
                write(pending);
                advance();
            }
            isStuck = false;
            end(why);
        } finally {
            leave();
        }
    }

    /// Notes that the socket takes no more bytes; waiting threads are notified.
    void abort(ConnectionEnd why) {
        lock.lock();
        try {
            pending = null;
            farewell = null;
            isStuck = false;
            ConnectionEnd former = end;
            end(former == null || former.reason() == ConnectionEnd.Reason.UNREACHABLE ? why
                    : former);
        } finally {
            lock.unlock();
        }
    }

    private void end(ConnectionEnd why) {
        end = why;
        room.signalAll();
        flushed.signalAll();
    }
}
