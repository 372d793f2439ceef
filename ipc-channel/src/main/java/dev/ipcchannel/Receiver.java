package dev.ipcchannel;

import dev.ipcchannel.internal.codec.CodecException;
import dev.ipcchannel.internal.lane.Inbox;
import dev.ipcchannel.internal.lane.InboundLane;
import dev.ipcchannel.internal.lane.Membership;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
    private static final String ERASED = "this receiver is used up: it was made an opaque one";
    private static final int FIRST_SCRATCH = 256;
    private static final int MOST_AT_ONCE = 64; // messages for a set
    private static final long MOST_BYTES_AT_ONCE = 256 * 1024;
    private static final int MAX_KEPT = 1024 * 1024; // a longer scratch is not kept

    private final Inbox inbox;
    private final Codec<T> codec;
    private final Origin origin;
    private final InboxCloser closer;
    private final Cleanable cleanable;
    private final Decoder decoder = new Decoder(); // inside the inbox's guard
    private byte[] scratch = new byte[FIRST_SCRATCH]; // inside the inbox's guard
    private int lastLength; // of the message taken last; inside the inbox's guard

    Receiver(Inbox inbox, Codec<T> codec, Origin origin) {
        this.inbox = inbox;
        this.codec = codec;
        this.origin = origin;
        this.closer = new InboxCloser(inbox, "a receiver");
        this.cleanable = ForgottenEnds.register(this, closer);
    }

    /// Receives a message, waiting as long as there can be one.
    ///
    /// @throws Disconnected if all senders are gone and everything they sent has been received
    /// @throws CodecFailed if the bytes are not a message; it is consumed, and the channel goes on
    /// @throws ProtocolViolation if a sender broke the format; that sender is cut off, and the
    /// channel goes on
    /// @throws EndClosed if this receiver is closed or has moved, before or while it waits
    /// @throws ResourceExhausted if a sender's memory or descriptors could not be taken up; that
    /// sender is cut off. Also if a message does not fit into the heap; it is consumed, and the
    /// channel goes on
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
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
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
        check(handler, limit);
        enter();
        try {
            return handleFrom(inbox.tryNext(), handler, limit);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
        }
    }

    /// Another object for this receiver that does not know its type, for code that hands receivers
    /// on. This one is used up.
    ///
    /// @throws EndClosed if this one is closed or has moved
    /// @throws IllegalStateException if a thread is receiving
    public OpaqueReceiver erase() {
        enter();
        try {
            closer.giveOn();
            cleanable.clean();
            return new OpaqueReceiver(inbox, origin);
        } finally {
            inbox.exit();
        }
    }

    /// What has been received here, in numbers. Any thread may ask, at any time, also once this
    /// receiver is closed; nobody is held up.
    public EndStats stats() {
        return EndStats.of(inbox.tally());
    }

    /// Whether a sender is left, as far as the kernel knows by now, and this receiver is open;
    /// messages may be there in any case. It may change a moment later: an answer for people and
    /// logs.
    public boolean isConnected() {
        return !closer.isGivenOn() && inbox.isConnected();
    }

    /// Has `action` run once no sender is left: on a virtual thread of its own, once, at once if
    /// none is left already. Messages that were sent are still to be received. Not if this receiver
    /// is closed or moves before. Keep no reference to this receiver in it if the receiver is to be
    /// found when it is forgotten.
    ///
    /// @throws EndClosed if this receiver is closed or has moved
    public void onDisconnect(Runnable action) {
        checkOpen();
        try {
            inbox.onDisconnect(action);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
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
        if (!closer.isGivenOn()) {
            inbox.close(CLOSED);
            cleanable.clean();
        }
    }

    @Override
    public String toString() {
        boolean isEnded = inbox.isEnded() || closer.isGivenOn();
        return "Receiver[%s, %s%s]".formatted(typeName(), isEnded ? "closed" : "open",
                isEnded ? "" : inbox.describe());
    }

    private String typeName() {
        String type = inbox.settings().messageType();
        return type.isEmpty() ? codec.toString() : type;
    }

    /// What this end and the senders made with it have in common.
    Origin origin() {
        return origin;
    }

    /// Gets ready to travel in a message: nobody can receive until it has, or has not.
    Passenger board() {
        checkOpen();
        try {
            return Passenger.of(inbox);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
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
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
        }
    }

    /// What takes messages for a set.
    ///
    /// @param <T> the type of the messages
    interface Sink<T> {

        void message(T message);

        /// The receiver goes on.
        void failure(RuntimeException failure);
    }

    /// The inbox, for a set to wait on.
    Inbox inboxToSelect() {
        checkOpen();
        return inbox;
    }

    /// Hands on what is there, in a batch, for the set that this receiver is in.
    ///
    /// @return why nothing more can come, or null if something can
    @Nullable
    IpcException collect(Membership membership, Sink<T> sink) {
        if (!inbox.enter(membership)) {
            return inbox.isEnded() ? new EndClosed(CLOSED) : null;
        }
        long bytes = 0;
        try {
            for (int i = 0; i < MOST_AT_ONCE && bytes < MOST_BYTES_AT_ONCE; i++) {
                try {
                    InboundLane lane = inbox.nextTold();
                    if (lane == null) {
                        return null;
                    }
                    sink.message(take(lane));
                    bytes += lastLength;
                } catch (RuntimeException failure) {
                    RuntimeException translated = Failures.translate(failure);
                    if (translated instanceof Disconnected end) {
                        return end;
                    }
                    sink.failure(translated);
                }
            }
            return null;
        } finally {
            inbox.exit();
            Reference.reachabilityFence(this);
        }
    }

    /// Copies the message out and gives its room back before it is decoded, so that nothing which
    /// the sender can still change is looked at, and a slow codec keeps nobody waiting.
    private T take(InboundLane lane) {
        List<Descriptor> descriptors = inbox.takeDescriptors(lane);
        int length = lane.payloadLength();
        lastLength = length;
        byte[] bytes = length <= scratch.length ? scratch : longerScratch(length);
        if (bytes == null) {
            descriptors.forEach(Descriptor::close);
            lane.consume();
            throw new ResourceExhausted(
                    "a message is lost, since it does not fit into the heap: length=%d, heap=%d: "
                            .formatted(length, Runtime.getRuntime().maxMemory())
                            + "raise -Xmx, or read in place with receive(handler, limit)");
        }
        lane.copyOut(bytes);
        lane.consume();
        return decode(bytes, length, descriptors);
    }

    /// Kept for the next messages, unless it is long.
    ///
    /// @return null if the heap has no room for it
    private byte @Nullable [] longerScratch(int length) {
        try {
            if (length > MAX_KEPT) {
                return new byte[length];
            }
            scratch = new byte[Math.max(length, Math.min(2 * scratch.length, MAX_KEPT))];
            return scratch;
        } catch (OutOfMemoryError _) {
            return null;
        }
    }

    private T decode(byte[] bytes, int length, List<Descriptor> descriptors) {
        boolean isDecoded = false;
        try {
            T message = codec.decode(decoder.start(bytes, length, descriptors, inbox.peer()));
            decoder.checkComplete();
            isDecoded = true;
            return message;
        } catch (IpcException failure) {
            throw failure;
        } catch (CodecException | PosixException failure) {
            throw Failures.translate(failure);
        } catch (RuntimeException failure) {
            throw new CodecFailed("a message could not be read: " + failure.getMessage(), failure);
        } finally {
            decoder.close(isDecoded);
        }
    }

    private int handle(MessageHandler handler, int limit, Deadline deadline)
            throws InterruptedException {
        check(handler, limit);
        enter();
        try {
            return handleFrom(inbox.next(deadline), handler, limit);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
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

    private void checkOpen() {
        if (closer.isGivenOn()) {
            throw new EndClosed(ERASED);
        }
    }

    private void enter() {
        checkOpen();
        try {
            inbox.enter();
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    private static void check(MessageHandler handler, int limit) {
        Objects.requireNonNull(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: limit=" + limit);
        }
    }
}
