package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.codec.ByteSource;
import dev.ipcchannel.internal.codec.EndType;
import dev.ipcchannel.internal.codec.EndWords;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reader of the bytes of one message, and of the ends of channels that travelled in it. Numbers
/// are little-endian.
///
/// It belongs to the [Codec#decode] that it was given to. The bytes are a copy that the sending
/// process can no longer change, and every length is checked before anything is made of it: what
/// does not fit is a [CodecFailed].
public final class Decoder {

    private static final byte[] NOTHING = {};

    private final ByteSource source = new ByteSource(NOTHING, 0, 0);
    private long member; // of a name, that has sent it
    private byte @Nullable [] tail; // bytes after those of the source, as an array of their own
    private List<Descriptor> descriptors = List.of();
    private int descriptorsTaken;
    private final ArrivedEnds ends = new ArrivedEnds();

    Decoder() {
        source.setEnds(this::end);
    }

    /// Readies it for a message.
    ///
    /// @param bytes of which the first `length` are the message
    /// @param messageDescriptors that came with it
    /// @param from the process that it came from, as far as it is known
    Decoder start(byte[] bytes, int length, List<Descriptor> messageDescriptors,
            @Nullable Peer from) {
        source.reset(bytes, 0, length);
        descriptors = messageDescriptors;
        descriptorsTaken = 0;
        ends.start(from);
        tail = null;
        return this;
    }

    /// Readies it for a message without ends, of so many bytes from the index `from` on.
    Decoder start(byte[] bytes, int from, int length) {
        Decoder _ = start(bytes, 0, List.of(), null);
        source.reset(bytes, from, from + length);
        return this;
    }

    /// Notes which member of a name has sent the message.
    void setMember(long number) {
        member = number;
    }

    /// Adds bytes after the others, for a codec that has a [TailOfBytes].
    void setTail(byte[] bytes) {
        tail = bytes;
    }

    /// Takes these out, once; null if there are none.
    byte @Nullable [] takeTail() {
        byte[] taken = tail;
        tail = null;
        return taken;
    }

    /// The number of the member of a name that has sent it.
    long member() {
        return member;
    }

    /// Goes back to the beginning of the message, of which the ends are gone.
    Decoder again() {
        source.again();
        return this;
    }

    /// Bytes that have not been read.
    public int remaining() {
        return source.remaining();
    }

    /// Reads a byte, 0 to 255.
    public int getByte() {
        return source.getByte();
    }

    /// Reads four bytes.
    public int getInt() {
        return source.getInt();
    }

    /// Reads eight bytes.
    public long getLong() {
        return source.getLong();
    }

    /// Reads an unsigned number of at most 64 bits, seven a byte (LEB128).
    public long getVarint() {
        return source.getVarint();
    }

    /// Reads `length` bytes into an array of their own.
    public byte[] getBytes(int length) {
        return source.getBytes(length);
    }

    /// Reads what [Encoder#putString] wrote.
    public String getString() {
        return source.getString();
    }

    /// Reads what [Encoder#put] wrote.
    public <T> T get(Codec<T> codec) {
        Argument.given(codec, "codec");
        int rest = source.narrow(source.getInt());
        try {
            T value = codec.decode(this);
            checkEnd();
            return value;
        } finally {
            source.widen(rest); // else a codec that goes on would take this for the message's end
        }
    }

    /// Takes out what [Encoder#put(Transferable)] put in, which is the caller's from now on.
    ///
    /// @param kind of it, [Sender#kind] for instance
    /// @throws TypeMismatch if it is an end of a channel that was made for another type
    public <E extends Transferable> E get(EndKind<E> kind) {
        Argument.given(kind, "kind");
        return ends.take(kind, nextTransfer());
    }

    private Object end(EndType type, EndWords words) {
        return ends.take(((Codecs.KnownEnd) type).kind(),
                transferOf(words.words(), words.descriptors()));
    }

    private Transfer nextTransfer() {
        int wordCount = getInt();
        int descriptorCount = getInt();
        if (wordCount < 0 || wordCount > remaining() / Long.BYTES) {
            throw new CodecFailed("a message is shorter than its type: words=%d, left=%d"
                    .formatted(wordCount, remaining()));
        }
        return transferOf(source.getLongs(wordCount), descriptorCount);
    }

    private Transfer transferOf(long[] words, int descriptorCount) {
        if (descriptorCount < 0 || descriptorCount > descriptors.size() - descriptorsTaken) {
            throw new CodecFailed(
                    "a message lacks descriptors of the ends in it: needed=%d, left=%d"
                            .formatted(descriptorCount, descriptors.size() - descriptorsTaken));
        }
        int from = descriptorsTaken;
        descriptorsTaken += descriptorCount;
        return Transfer.of(words, descriptors.subList(from, descriptorsTaken));
    }

    ByteSource source() {
        return source;
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
    /// message is not delivered, the ends that it took out. Then it is ready for another message.
    void close(boolean isDelivered) {
        ends.end(isDelivered);
        // Idempotent: those that ends took over, and closed, are closed already.
        Descriptor.closeAll(
                descriptors.subList(isDelivered ? descriptorsTaken : 0, descriptors.size()));
        descriptors = List.of();
    }
}
