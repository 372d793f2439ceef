package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Inbox;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the bytes of one message, and the channel ends that travelled inside it. Numbers are
/// little-endian.
///
/// It belongs to the [Codec#decode] that it was given to. The bytes are a copy that the sending
/// process can no longer change, and every length is checked before anything is made of it: what
/// does not fit is a [CodecFailed].
public final class Decoder {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    private final byte[] buffer;
    private int position;
    private int limit;
    private final @Nullable Peer peer;
    private final List<Descriptor> descriptors;
    private int descriptorsTaken;
    private final List<Runnable> ends = new ArrayList<>(0); // how to close those taken out

    Decoder(byte[] buffer, int length, List<Descriptor> descriptors, @Nullable Peer peer) {
        this.buffer = buffer;
        this.limit = length;
        this.descriptors = descriptors;
        this.peer = peer;
    }

    /// Bytes that have not been read.
    public int remaining() {
        return limit - position;
    }

    /// Reads a byte, 0 to 255.
    public int getByte() {
        return buffer[skip(1)] & 0xFF;
    }

    /// Reads four bytes.
    public int getInt() {
        return (int) INT.get(buffer, skip(Integer.BYTES));
    }

    /// Reads eight bytes.
    public long getLong() {
        return (long) LONG.get(buffer, skip(Long.BYTES));
    }

    /// Reads `length` bytes into an array of their own.
    public byte[] getBytes(int length) {
        int from = skip(length);
        return Arrays.copyOfRange(buffer, from, from + length);
    }

    /// Reads what [Encoder#put] wrote.
    public <T> T get(Codec<T> codec) {
        int length = getInt();
        if (length < 0 || length > remaining()) {
            throw tooShort(length);
        }
        int outer = limit;
        limit = position + length;
        T value = codec.decode(this);
        checkEnd();
        limit = outer;
        return value;
    }

    /// Takes a sender out, which is the caller's from now on.
    ///
    /// @param codec of the channel's messages
    public <T> Sender<T> getSender(Codec<T> codec) {
        Outbox outbox = take(transfer -> Outbox.importFrom(transfer, peer));
        Sender<T> sender = new Sender<>(outbox, codec, new Origin());
        ends.add(sender::close);
        return sender;
    }

    /// Takes a receiver out, which is the caller's from now on.
    ///
    /// @param codec of the channel's messages
    public <T> Receiver<T> getReceiver(Codec<T> codec) {
        Inbox inbox = take(transfer -> Inbox.importFrom(transfer, peer));
        Receiver<T> receiver = new Receiver<>(inbox, codec, new Origin());
        ends.add(receiver::close);
        return receiver;
    }

    private interface Import<E> {
        E from(Transfer transfer);
    }

    private <E> E take(Import<E> end) {
        int wordCount = getInt();
        int descriptorCount = getInt();
        if (wordCount < 0 || wordCount > remaining() / Long.BYTES) {
            throw tooShort(wordCount);
        }
        if (descriptorCount < 0 || descriptorCount > descriptors.size() - descriptorsTaken) {
            throw new CodecFailed(
                    "a message lacks descriptors of the ends in it: needed=%d, left=%d"
                            .formatted(descriptorCount, descriptors.size() - descriptorsTaken));
        }
        long[] words = new long[wordCount];
        for (int i = 0; i < wordCount; i++) {
            words[i] = getLong();
        }
        List<Descriptor> own =
                descriptors.subList(descriptorsTaken, descriptorsTaken + descriptorCount);
        try {
            E taken = end.from(Transfer.of(words, own));
            descriptorsTaken += descriptorCount;
            return taken;
        } catch (LaneException refused) {
            throw new CodecFailed(
                    "a channel end inside a message is refused: " + refused.getMessage(), refused);
        }
    }

    byte[] buffer() {
        return buffer;
    }

    /// Goes on behind the next `length` bytes and gives the place of the first.
    int skip(int length) {
        if (length < 0 || length > remaining()) {
            throw tooShort(length);
        }
        int from = position;
        position += length;
        return from;
    }

    void checkEnd() {
        if (remaining() != 0) {
            throw new CodecFailed(
                    "a message is longer than its type: left over=%d".formatted(remaining()));
        }
    }

    /// Checks that the message, bytes and ends, has been read to its end.
    void checkComplete() {
        checkEnd();
        if (descriptorsTaken != descriptors.size()) {
            throw new CodecFailed("a message has ends that its type lacks: descriptors left over=%d"
                    .formatted(descriptors.size() - descriptorsTaken));
        }
    }

    /// Closes what nobody will close: descriptors that the codec did not ask for and, if the
    /// message is not delivered, the ends that it took out.
    void close(boolean isDelivered) {
        if (!isDelivered) {
            ends.forEach(Runnable::run);
        }
        // Idempotent: those that ends took over, and closed, are closed already.
        for (Descriptor unclaimed : descriptors.subList(isDelivered ? descriptorsTaken : 0,
                descriptors.size())) {
            unclaimed.close();
        }
    }

    private CodecFailed tooShort(long needed) {
        return new CodecFailed("a message is shorter than its type: needed=%d, left=%d"
                .formatted(needed, remaining()));
    }
}
