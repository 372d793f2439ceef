package dev.ipcchannel;

import dev.ipcchannel.internal.lane.LaneSettings;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The sending end of a [Channel].
///
/// Any number of threads may use it; the one that [#exclusive] gives belongs to one. A sender and
/// those it [#share]s have a ring in common, made at the first send, and what goes through it
/// arrives in order; a sender that comes in a message, and an exclusive one, get rings of their own,
/// and between rings there is no order. `send` waits while the ring is full, for as long
/// as the receiver lives. Messages sent are received also if the sender is closed, or its process
/// killed, right afterwards.
///
/// A sender that is put into a message moves with it, see [Encoder#putSender].
///
/// @param <T> the type of the messages
public final class Sender<T> implements AutoCloseable {

    private static final String CLOSED = "this sender was closed";
    private static final String MOVED = "this sender has moved to another process in a message: "
            + "send sender.share() instead to keep one";

    private final Outbox outbox;
    private final Share share;
    private final Codec<T> codec;
    private final Origin origin;
    private final @Nullable Claim ownClaim; // an exclusive sender's, used again and again
    private final AtomicReference<@Nullable Encoder> spareEncoder =
            new AtomicReference<>(new Encoder());

    Sender(Outbox outbox, Codec<T> codec, Origin origin) {
        this.outbox = outbox;
        this.share = outbox.share();
        this.codec = codec;
        this.origin = origin;
        this.ownClaim = outbox.isExclusive() ? new Claim(outbox) : null;
    }

    /// Sends a message, waiting for room as long as the receiver lives.
    ///
    /// @throws Disconnected if the receiver is gone
    /// @throws CodecFailed if the message cannot be turned into bytes; nothing is sent
    /// @throws MessageTooLarge if it is longer than [#maxMessage]; nothing is sent
    /// @throws EndClosed if this sender is closed or has moved, before or while it waits
    /// @throws ResourceExhausted if the memory or the descriptors for it cannot be had
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is sent
    public void send(T message) throws InterruptedException {
        deliver(message, Deadline.NEVER);
    }

    /// Sends a message, waiting for room no longer than `timeout`. Throws what [#send(Object)]
    /// throws.
    ///
    /// @throws TimedOut if there was no room in time; nothing is sent
    public void send(T message, Duration timeout) throws InterruptedException {
        if (!deliver(message, Deadline.after(timeout))) {
            throw Failures.timedOut("no room for a message in " + this, timeout);
        }
    }

    /// Sends a message if there is room now. Never waits. Throws what [#send(Object)] throws.
    public SendOutcome trySend(T message) {
        Encoder encoder = takeEncoder();
        try {
            encode(message, encoder);
            boolean isSent = outbox.trySend(share, encoder.buffer(), encoder.length(),
                    encoder.descriptors());
            if (isSent) {
                encoder.sent();
            }
            return isSent ? SendOutcome.SENT : SendOutcome.FULL;
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            giveBack(encoder);
        }
    }

    /// Reserves room in the ring for a message of `length` bytes, to be written in place, waiting
    /// as [#send(Object)] does.
    ///
    /// The receiver gets the bytes as they are: they are what this channel's codec would have made.
    ///
    /// @throws IllegalStateException if the thread has a claim open on this channel already
    public Claim claim(int length) throws InterruptedException {
        Claim opened = openClaim(length, Deadline.NEVER);
        if (opened == null) {
            throw new AssertionError("a wait without an end has ended");
        }
        return opened;
    }

    /// Reserves room for a message, waiting no longer than `timeout`.
    ///
    /// @throws TimedOut if there was no room in time
    public Claim claim(int length, Duration timeout) throws InterruptedException {
        Claim opened = openClaim(length, Deadline.after(timeout));
        if (opened == null) {
            throw Failures.timedOut("no room for a message in " + this, timeout);
        }
        return opened;
    }

    /// Reserves room for a message if there is some now. Never waits.
    ///
    /// @return null if there is no room, or another thread is at work on this sender
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        try {
            long index = outbox.tryClaim(share, length);
            return index == RingWriter.FULL ? null : claimAt(index, length);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    /// Another sender into the same channel, which this process closes by itself. The two share a
    /// ring.
    ///
    /// @throws EndClosed if this one is closed or has moved
    public Sender<T> share() {
        checkOpen();
        return new Sender<>(outbox, codec, origin);
    }

    /// Another sender into the same channel for the calling thread alone: faster, since it has a
    /// ring of its own and no lock. Every call of it by another thread, [#close] as well, is an
    /// `IllegalStateException`. There is no order between what it sends and what others send.
    ///
    /// @throws EndClosed if this one is closed or has moved
    public Sender<T> exclusive() {
        try {
            return new Sender<>(outbox.exclusive(share), codec, origin);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    /// The longest message that can be sent, in bytes.
    public int maxMessage() {
        return outbox.settings().maxMessage();
    }

    /// Closes this sender; threads that wait in it are woken with [EndClosed]. What was sent is
    /// still received.
    ///
    /// Waits while another living thread has a claim open. The second and later closes do nothing.
    @Override
    public void close() {
        outbox.end(share, CLOSED);
    }

    @Override
    public String toString() {
        return "Sender[%s, capacity=%d%s]".formatted(share.isEnded() ? "closed" : "open",
                outbox.settings().capacity(),
                outbox.isExclusive() ? ", exclusive" : "");
    }

    /// Gets ready to travel in a message.
    Passenger board() {
        Transfer transfer;
        try {
            transfer = outbox.export(share);
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
                stayed();
                outbox.end(share, MOVED);
            }

            @Override
            public void stayed() {
                transfer.descriptors().forEach(Descriptor::close);
            }
        };
    }

    private boolean deliver(T message, Deadline deadline) throws InterruptedException {
        Encoder encoder = takeEncoder();
        try {
            encode(message, encoder);
            boolean isSent = outbox.send(share, encoder.buffer(), encoder.length(),
                    encoder.descriptors(), deadline);
            if (isSent) {
                encoder.sent();
            }
            return isSent;
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            giveBack(encoder);
        }
    }

    private void encode(T message, Encoder encoder) {
        checkOpen();
        try {
            codec.encode(message, encoder);
        } catch (IpcException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            throw new CodecFailed(
                    "a message could not be turned into bytes: " + failure.getMessage(), failure);
        }
        checkLength(encoder.length());
        checkDescriptors(encoder.descriptors().size());
    }

    private @Nullable Claim openClaim(int length, Deadline deadline) throws InterruptedException {
        checkLength(length);
        try {
            long index = outbox.claim(share, length, deadline);
            return index == RingWriter.FULL ? null : claimAt(index, length);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    private Claim claimAt(long index, int length) {
        Claim claim = ownClaim;
        return (claim == null ? new Claim(outbox) : claim).open(index, length);
    }

    private void checkLength(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: length=" + length);
        }
        if (length > maxMessage()) {
            throw new MessageTooLarge(
                    "a message is longer than its channel carries: length=%d, limit=%d, ring=%d: "
                            .formatted(length, maxMessage(), outbox.settings().capacity())
                            + "make the channel with a larger capacity");
        }
    }

    private static void checkDescriptors(int count) {
        if (count > LaneSettings.MAX_DESCRIPTORS) {
            throw new MessageTooLarge(
                    "a message has more channel ends than it can take: descriptors=%d, limit=%d"
                            .formatted(count, LaneSettings.MAX_DESCRIPTORS));
        }
    }

    private void checkOpen() {
        try {
            share.checkOpen();
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    /// A codec may send on this very sender while it encodes, and threads may encode at once: each
    /// has an encoder of its own, and the one that is spare serves the usual case.
    private Encoder takeEncoder() {
        Encoder spare = spareEncoder.getAndSet(null);
        return (spare != null ? spare : new Encoder()).start(origin);
    }

    private void giveBack(Encoder encoder) {
        encoder.reset();
        spareEncoder.setRelease(encoder);
    }
}
