package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.codec.ByteSource;
import dev.ipcchannel.internal.codec.EndType;
import dev.ipcchannel.internal.codec.EndWords;
import dev.ipcchannel.internal.lane.Movable;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.send.OutboxPool;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private @Nullable Peer peer;
    private long member; // of a name, that has sent it
    private byte @Nullable [] tail; // bytes after those of the source, as an array of their own
    private List<Descriptor> descriptors = List.of();
    private int descriptorsTaken;
    private final OutboxPool senders = new OutboxPool(); // of all those that come by one receiver
    private final List<Runnable> ends = new ArrayList<>(0); // how to close those taken out

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
        peer = from;
        tail = null;
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

    /// Takes a sender out, which is the caller's from now on.
    ///
    /// @param codec of the channel's messages
    /// @throws TypeMismatch if the channel was made for another type
    public <T> Sender<T> getSender(Codec<T> codec) {
        Argument.given(codec, "codec");
        return takeSender(nextTransfer(), _ -> codec, "");
    }

    /// Takes a receiver out, which is the caller's from now on.
    ///
    /// @param codec of the channel's messages
    /// @throws TypeMismatch if the channel was made for another type
    public <T> Receiver<T> getReceiver(Codec<T> codec) {
        Argument.given(codec, "codec");
        return takeReceiver(nextTransfer(), _ -> codec, "");
    }

    /// Takes a sender out that has no type until it is given one.
    public OpaqueSender getOpaqueSender() {
        return takeOpaqueSender(nextTransfer());
    }

    /// Takes a receiver out that has no type until it is given one.
    public OpaqueReceiver getOpaqueReceiver() {
        return takeOpaqueReceiver(nextTransfer());
    }

    /// Takes shared bytes out, which are the caller's to close from now on.
    public SharedBytes getSharedBytes() {
        return takeSharedBytes(nextTransfer());
    }

    /// A choice of the codec for the messages of an end.
    ///
    /// @param <T> the type of the messages
    interface CodecChoice<T> {

        /// The codec for messages that the other side calls `messageType`.
        Codec<T> choose(String messageType);
    }

    private <T> Sender<T> takeSender(Transfer transfer, CodecChoice<T> choice, String path) {
        return take(transfer, words -> {
            Movable arrival = importSender(words);
            String messageType = arrival.settings().messageType();
            Codec<T> codec = choice.choose(messageType);
            Sender<T> sender = new Sender<>(arrival, codec, new Origin());
            ends.add(sender::close);
            MessageTypes.check(codec, messageType, shown("sender", path));
            return sender;
        });
    }

    private <T> Receiver<T> takeReceiver(Transfer transfer, CodecChoice<T> choice, String path) {
        return take(transfer, words -> {
            Inbox inbox = importInbox(words);
            String messageType = inbox.settings().messageType();
            Codec<T> codec = choice.choose(messageType);
            Receiver<T> receiver = new Receiver<>(inbox, codec, new Origin());
            ends.add(receiver::close);
            MessageTypes.check(codec, messageType, shown("receiver", path));
            return receiver;
        });
    }

    private OpaqueSender takeOpaqueSender(Transfer transfer) {
        return take(transfer, words -> {
            Movable arrival = importSender(words);
            OpaqueSender sender = new OpaqueSender(arrival, new Origin());
            ends.add(sender::close);
            return sender;
        });
    }

    private OpaqueReceiver takeOpaqueReceiver(Transfer transfer) {
        return take(transfer, words -> {
            OpaqueReceiver receiver = new OpaqueReceiver(importInbox(words), new Origin());
            ends.add(receiver::close);
            return receiver;
        });
    }

    /// Which end it is, of whose message.
    private String shown(String end, String path) {
        return (path.isEmpty() ? "a " + end : "the " + end + " " + path) + " inside a message"
                + (peer == null ? "" : " (" + peer.shown() + ")");
    }

    private Movable importSender(Transfer words) {
        return noted(
                arrival -> arrival.end("the message that this sender was in could not be read"),
                senders.take(words, peer));
    }

    /// Closed where the message cannot be read, whatever object has it by then: an opaque receiver may
    /// have given it on.
    private Inbox importInbox(Transfer words) {
        return noted(
                inbox -> inbox.close("the message that this receiver was in could not be read"),
                Inbox.importFrom(words, peer));
    }

    private SharedBytes takeSharedBytes(Transfer transfer) {
        return take(transfer, words -> {
            Transfer.Block block = words.readBlock();
            return noted(SharedBytes::close, SharedBytes.arrived(block.length(), block.file()));
        });
    }

    /// Notes how to close what has arrived, in case that the message cannot be read, or closes it.
    private <E> E noted(Consumer<? super E> close, E arrived) {
        boolean isNoted = false;
        try {
            ends.add(() -> close.accept(arrived));
            isNoted = true;
            return arrived;
        } finally {
            if (!isNoted) {
                close.accept(arrived);
            }
        }
    }

    /// Makes an end of what has arrived, or closes all of it: a codec may catch what is thrown here
    /// and deliver the message.
    private <E> E take(Transfer transfer, Function<Transfer, E> end) {
        int endsBefore = ends.size();
        boolean isTaken = false;
        try {
            E taken = end.apply(transfer);
            isTaken = true;
            return taken;
        } catch (LaneException | RingViolation | RefusedMemoryException | PosixException failure) {
            throw failed(failure);
        } finally {
            if (!isTaken) {
                closeEnds(endsBefore); // first: they still use the descriptors
                Descriptor.closeAll(transfer.descriptors());
            }
        }
    }

    private static RuntimeException failed(RuntimeException failure) {
        boolean isOurLack = failure instanceof PosixException
                || (failure instanceof LaneException lane
                        && lane.kind() == LaneException.Kind.EXHAUSTED);
        return isOurLack ? Failures.translate(failure)
                : new CodecFailed("a channel end inside a message is refused: "
                        + failure.getMessage(), failure);
    }

    /// Closes the ends taken out from the one at `first` on, the last one first.
    private void closeEnds(int first) {
        while (ends.size() > first) {
            ends.removeLast().run();
        }
    }

    private Object end(EndType type, EndWords words) {
        Transfer transfer = transferOf(words.words(), words.descriptors());
        if (type instanceof Codecs.TypedEnd<?> typed) {
            return type.raw() == Sender.class
                    ? takeSender(transfer, typed.choice(), typed.path())
                    : takeReceiver(transfer, typed.choice(), typed.path());
        }
        if (type.raw() == OpaqueSender.class) {
            return takeOpaqueSender(transfer);
        }
        return type.raw() == OpaqueReceiver.class ? takeOpaqueReceiver(transfer)
                : takeSharedBytes(transfer);
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
        if (!isDelivered) {
            closeEnds(0);
        }
        // Idempotent: those that ends took over, and closed, are closed already.
        Descriptor.closeAll(
                descriptors.subList(isDelivered ? descriptorsTaken : 0, descriptors.size()));
        ends.clear();
        descriptors = List.of();
        peer = null;
    }
}
