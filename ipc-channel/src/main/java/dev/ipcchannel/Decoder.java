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
/// A decoder is for the call of [Codec#decode] that gets it. The bytes are a copy that the sending
/// process can no longer change. Every length is checked before memory is allocated for it; a
/// length that does not fit is a [CodecFailed].
public final class Decoder {

    private static final byte[] NOTHING = {};

    private final ByteSource source = new ByteSource(NOTHING, 0, 0);
    private long member; // the sending member of a name
    private byte @Nullable [] tail; // bytes after those of the source, in a separate array
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

    /// Starts on a message without ends: `length` bytes from the index `from` on.
    Decoder start(byte[] bytes, int from, int length) {
        Decoder _ = start(bytes, 0, List.of(), null);
        source.reset(bytes, from, from + length);
        return this;
    }

    /// Sets the number of the sending member of a name.
    void setMember(long number) {
        member = number;
    }

    /// Adds bytes after the others, for a codec that has a [ByteTail].
    void setTail(byte[] bytes) {
        tail = bytes;
    }

    /// Takes the bytes of [#setTail] out, once; null if there are none.
    byte @Nullable [] takeTail() {
        byte[] taken = tail;
        tail = null;
        return taken;
    }

    /// The number of the sending member of a name.
    long member() {
        return member;
    }

    /// Goes back to the beginning of the message. Its ends are gone.
    Decoder again() {
        source.again();
        return this;
    }

    /// The number of bytes not yet read.
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
            source.widen(rest); // else a codec that goes on would see this as the message's end
        }
    }

    /// Takes out an object that [Encoder#put(Transferable)] put in. It belongs to the caller from
    /// now on.
    ///
    /// @param kind of the object, for instance [Sender#kind]
    /// @throws TypeMismatch if the object is an end of a channel that was made for another type
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

    /// Checks that all bytes and all ends of the message have been read.
    void checkComplete() {
        checkEnd();
        if (descriptorsTaken != descriptors.size()) {
            throw new CodecFailed("a message has ends that its type lacks: descriptors left over=%d"
                    .formatted(descriptors.size() - descriptorsTaken));
        }
    }

    /// Closes the descriptors that the codec did not ask for and, if the message is not delivered,
    /// the ends that it took out. Then the decoder is ready for another message.
    void close(boolean isDelivered) {
        ends.end(isDelivered);
        // Idempotent: descriptors that ends took over and closed are closed already.
        Descriptor.closeAll(
                descriptors.subList(isDelivered ? descriptorsTaken : 0, descriptors.size()));
        descriptors = List.of();
    }
}
