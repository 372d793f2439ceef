package dev.ipcchannel;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.codec.ByteSink;
import dev.ipcchannel.internal.end.ByteTail;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.MessageSink;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reader that takes messages from a receiver's way and decodes them. Used inside the receiver's
/// guard.
///
/// @param <T> the type of the messages
final class MessageReader<T> {

    private static final int FIRST_SCRATCH = 256;
    private static final int MAX_KEPT = 1024 * 1024; // a longer buffer is not kept
    private static final int MOST_AT_ONCE = 64; // messages for a set
    private static final long MOST_BYTES_AT_ONCE = 256 * 1024;

    private final Incoming way;
    private final Codec<T> codec;
    private final Origin origin;
    private final int headLength; // of messages of bytes, see ByteTail
    private final Decoder decoder = new Decoder();
    private byte[] scratch = new byte[FIRST_SCRATCH];
    private int lastLength; // of the message taken last
    private boolean isRefused; // the other side has another type: nothing more can come

    MessageReader(Incoming way, Codec<T> codec, Origin origin) {
        this.origin = origin;
        this.way = way;
        this.codec = codec;
        this.headLength = codec instanceof ByteTail tail ? tail.headLength() : ByteTail.NONE;
    }

    /// Enters the guard for the receiver's set, and hands on the messages that are there, in one
    /// batch.
    ///
    /// @param patience until when the call may wait for the reason of an end
    /// @return why nothing more can come, or null if something can
    @Nullable
    IpcException collect(Membership membership, Deadline patience, MessageSink<T> sink) {
        if (!way.enterSoon(membership)) {
            return way.isEnded() ? new EndClosed(origin.sentence("this receiver was closed"))
                    : null;
        }
        try {
            long bytes = 0;
            for (int i = 0; i < MOST_AT_ONCE && bytes < MOST_BYTES_AT_ONCE; i++) {
                lastLength = 0;
                T message = nextSignalled(patience);
                if (message == null) {
                    return null;
                }
                sink.message(message);
                bytes += lastLength;
            }
            return null;
        } catch (Disconnected end) {
            return end;
        } catch (RuntimeException failure) {
            if (isRefused && failure instanceof TypeMismatch end) {
                return end;
            }
            sink.failure(failure); // later messages come with the next batch
            return null;
        } catch (OutOfMemoryError failure) { // while looking for messages: they remain in the ring
            sink.failure(origin.translate(failure));
            return null;
        } finally {
            way.exit();
        }
    }

    private @Nullable T nextSignalled(Deadline patience) {
        try {
            IncomingMessage found = way.nextSignalled(patience);
            return found == null ? null : take(found);
        } catch (RuntimeException failure) {
            isRefused = failure instanceof LaneException end
                    && end.kind() == LaneException.Kind.MISMATCH;
            throw origin.translate(failure);
        }
    }

    /// Copies the message out and frees its room before decoding. So the codec reads no bytes that
    /// the sender can still change, and a slow codec does not delay the sender.
    T take(IncomingMessage found) {
        List<Descriptor> descriptors = found.takeDescriptors();
        int length = found.length();
        lastLength = length;
        way.count(1, length);
        long member = found.member();
        Decoder in = headLength != ByteTail.NONE && length >= ByteSink.WORTH_LENDING
                ? copiedWithTail(found, descriptors)
                : copied(found, descriptors);
        in.setMember(member);
        try {
            return MessageBytes.decode(in, codec);
        } catch (OutOfMemoryError failure) {
            throw lost(length, failure, in);
        } catch (CodecFailed failure) {
            throw origin.named(failure);
        }
    }

    private Decoder copied(IncomingMessage found, List<Descriptor> descriptors) {
        int length = found.length();
        byte[] bytes = length <= scratch.length ? scratch : longerScratch(found, descriptors);
        found.copyOut(bytes);
        found.consume();
        return decoder.start(bytes, length, descriptors, way.peer());
    }

    /// Copies a long message that is mostly an array of bytes: those go straight into their final
    /// array.
    private Decoder copiedWithTail(IncomingMessage found, List<Descriptor> descriptors) {
        int count = found.length() - headLength;
        byte[] tail;
        try {
            tail = new byte[count];
        } catch (OutOfMemoryError failure) {
            throw unread(found, descriptors, failure);
        }
        found.copyOut(0, scratch, headLength);
        found.copyOut(headLength, tail, count);
        found.consume();
        Decoder in = decoder.start(scratch, headLength, descriptors, way.peer());
        in.setTail(tail);
        return in;
    }

    /// Makes room for a long message.
    private byte[] longerScratch(IncomingMessage found, List<Descriptor> descriptors) {
        try {
            return longerScratch(found.length());
        } catch (OutOfMemoryError failure) {
            throw unread(found, descriptors, failure);
        }
    }

    /// Consumes a message that the heap has no room for, and reads its head only.
    private IpcException unread(IncomingMessage found, List<Descriptor> descriptors,
            OutOfMemoryError failure) {
        int length = found.length();
        int known = Math.min(length, scratch.length);
        Descriptor.closeAll(descriptors);
        found.copyOut(0, scratch, known);
        found.consume();
        return lost(length, failure, decoder.start(scratch, known, List.of(), way.peer()));
    }

    /// A longer buffer. It is kept for the next messages, unless it is very long.
    private byte[] longerScratch(int length) {
        if (length > MAX_KEPT) {
            return new byte[length];
        }
        scratch = new byte[Math.max(length, Math.min(2 * scratch.length, MAX_KEPT))];
        return scratch;
    }

    /// The failure of a message that is lost. It is not left in the ring, where each later receive
    /// would fail on it again.
    private IpcException lost(int length, OutOfMemoryError failure, Decoder in) {
        // No formatter: the first one of a JVM loads classes, which the heap may have no room for.
        return new ResourceExhausted(
                "a message is lost, since it does not fit into the heap: length="
                        + length + ", heap=" + Runtime.getRuntime().maxMemory()
                        + ": raise -Xmx, or read in place with receive(handler, limit)",
                failure)
                .of(MessageBytes.head(in, codec));
    }
}
