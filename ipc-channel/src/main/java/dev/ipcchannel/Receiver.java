package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Inbox;
import dev.ipcchannel.internal.lane.InboundLane;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The receiving end of a [Channel].
///
/// One thread receives at a time; a second one at the same time gets an `IllegalStateException`.
/// Any thread may close it. Messages of one process arrive in the order in which it sent them;
/// processes are heard in turn. What was committed before a sender was closed or its process died
/// is received first, then [Disconnected] is thrown.
///
/// A receiver that is put into a message moves with it, messages not yet received included, see
/// [Encoder#putReceiver].
///
/// @param <T> the type of the messages
public final class Receiver<T> implements AutoCloseable {

    private static final String CLOSED = "this receiver was closed";
    private static final String MOVED = "this receiver has moved to another process in a message";
    private static final int FIRST_SCRATCH = 256;

    private final Inbox inbox;
    private final Codec<T> codec;
    private final Origin origin;
    private byte[] scratch = new byte[FIRST_SCRATCH]; // inside the inbox's guard

    Receiver(Inbox inbox, Codec<T> codec, Origin origin) {
        this.inbox = inbox;
        this.codec = codec;
        this.origin = origin;
    }

    /// Receives a message, waiting as long as there can be one.
    ///
    /// @throws Disconnected if all senders are gone and everything they sent has been received
    /// @throws CodecFailed if the bytes are not a message; it is consumed, and the channel goes on
    /// @throws ProtocolViolation if a sender broke the format; that sender is cut off, and the
    /// channel goes on
    /// @throws EndClosed if this receiver is closed or has moved, before or while it waits
    /// @throws ResourceExhausted if a sender's memory or descriptors could not be taken up; that
    /// sender is cut off
    /// @throws IllegalStateException if another thread is receiving
    /// @throws InterruptedException if the thread is interrupted while it waits; no message is lost
    public T receive() throws InterruptedException {
        T message = next(Deadline.NEVER);
        if (message == null) {
            throw new AssertionError("a wait without an end has ended");
        }
        return message;
    }

    /// Receives a message, waiting no longer than `timeout`. Throws what [#receive()] throws.
    ///
    /// @throws TimedOut if none came in time
    public T receive(Duration timeout) throws InterruptedException {
        T message = next(Deadline.after(timeout));
        if (message == null) {
            throw Failures.timedOut("no message came to " + this, timeout);
        }
        return message;
    }

    /// Receives a message that is there. Never waits; where none is, it asks the kernel once, in
    /// about a third of a microsecond. Throws what [#receive()] throws.
    ///
    /// @return null if there is none now
    public @Nullable T tryReceive() {
        enter();
        try {
            InboundLane lane = inbox.tryNext();
            return lane == null ? null : take(lane);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
        }
    }

    /// Reads messages in place: waits for the first as [#receive()] does, then hands on those that
    /// are there, up to `limit`.
    ///
    /// Ends inside the messages are closed. Throws what [#receive()] throws, and what the handler
    /// throws.
    ///
    /// @return how many messages were handled, at least 1
    public int receive(MessageHandler handler, int limit) throws InterruptedException {
        return handle(handler, limit, Deadline.NEVER);
    }

    /// Reads messages in place, waiting for the first no longer than `timeout`.
    ///
    /// @return how many messages were handled, at least 1
    /// @throws TimedOut if none came in time
    public int receive(MessageHandler handler, int limit, Duration timeout)
            throws InterruptedException {
        int handled = handle(handler, limit, Deadline.after(timeout));
        if (handled == 0) {
            throw Failures.timedOut("no message came to " + this, timeout);
        }
        return handled;
    }

    /// Reads in place those messages that are there, up to `limit`. Never waits; see
    /// [#tryReceive()].
    ///
    /// @return how many messages were handled
    public int tryReceive(MessageHandler handler, int limit) {
        checkLimit(limit);
        enter();
        try {
            return handleFrom(inbox.tryNext(), handler, limit);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
        }
    }

    /// Closes this receiver; a thread that waits in it is woken with [EndClosed], and senders learn
    /// at their next send.
    ///
    /// Waits for a handler that runs in another thread; called by the handler itself, it takes
    /// effect when the handler returns. On a receiver inside a message that waits to be sent, it
    /// takes effect if that is not sent. Messages not received are lost. The second and later closes
    /// do nothing.
    @Override
    public void close() {
        inbox.close(CLOSED);
    }

    @Override
    public String toString() {
        return "Receiver[%s, capacity=%d]".formatted(inbox.isEnded() ? "closed" : "open",
                inbox.settings().capacity());
    }

    /// What this end and the senders made with it have in common.
    Origin origin() {
        return origin;
    }

    /// Gets ready to travel in a message: nobody can receive until it has, or has not.
    Passenger board() {
        Transfer transfer = new Transfer();
        try {
            inbox.board(transfer);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
        return new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived() {
                inbox.abandon(MOVED);
            }

            @Override
            public void stayed() {
                inbox.stay();
            }
        };
    }

    private @Nullable T next(Deadline deadline) throws InterruptedException {
        enter();
        try {
            InboundLane lane = inbox.next(deadline);
            return lane == null ? null : take(lane);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
        }
    }

    /// Copies the message out and gives its room back before it is decoded, so that nothing which
    /// the sender can still change is looked at, and a slow codec keeps nobody waiting.
    private T take(InboundLane lane) {
        List<Descriptor> descriptors = inbox.takeDescriptors(lane);
        int length = lane.payloadLength();
        if (length > scratch.length) {
            scratch = new byte[Math.max(length, 2 * scratch.length)];
        }
        lane.copyOut(scratch);
        lane.consume();
        return decode(length, descriptors);
    }

    private T decode(int length, List<Descriptor> descriptors) {
        Decoder decoder = new Decoder(scratch, length, descriptors, inbox.peer());
        boolean isDecoded = false;
        try {
            T message = codec.decode(decoder);
            decoder.checkComplete();
            isDecoded = true;
            return message;
        } catch (IpcException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            throw new CodecFailed("a message could not be read: " + failure.getMessage(), failure);
        } finally {
            decoder.close(isDecoded);
        }
    }

    private int handle(MessageHandler handler, int limit, Deadline deadline)
            throws InterruptedException {
        checkLimit(limit);
        enter();
        try {
            return handleFrom(inbox.next(deadline), handler, limit);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
        }
    }

    private int handleFrom(@Nullable InboundLane first, MessageHandler handler, int limit) {
        InboundLane lane = first;
        int handled = 0;
        try {
            while (lane != null) {
                inbox.takeDescriptors(lane).forEach(Descriptor::close);
                try {
                    handler.onMessage(lane.view(), lane.payloadIndex(), lane.payloadLength());
                } finally {
                    lane.consumeInBatch();
                }
                handled++;
                lane = handled < limit && !inbox.isEnded() ? inbox.poll() : null;
            }
            return handled;
        } finally {
            inbox.publish();
        }
    }

    private void enter() {
        try {
            inbox.enter();
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: limit=" + limit);
        }
    }
}
