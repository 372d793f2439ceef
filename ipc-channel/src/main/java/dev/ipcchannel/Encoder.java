package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.codec.ByteSink;
import dev.ipcchannel.internal.codec.EndWords;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A writer of the bytes of one message, and of the ends of channels that travel in it. Numbers are
/// little-endian.
///
/// An encoder is for the call of [Codec#encode] that gets it, and is not to be used afterwards.
public final class Encoder {

    /// The words in place of an end that is not taken along.
    private static final EndWords NOTHING = new EndWords(new long[0], 0);

    private final ByteSink sink = new ByteSink(LaneSettings.MAX_MESSAGE);
    private final @Nullable List<AutoCloseable> left; // ends that are not taken along
    private final boolean isBytesToo;
    private @Nullable Origin origin;
    private final List<Origin> receivers = new ArrayList<>(0); // of the receivers in `moving`
    private final List<Transferable.Moving> moving = new ArrayList<>(0);
    private final List<Descriptor> descriptors = new ArrayList<>(0);
    private final OutgoingMessage outgoing = new OutgoingMessage(descriptors);
    private boolean hasEnds; // of channels, put in since the last reset

    Encoder() {
        this(null, false);
    }

    /// @param left gets each end that is put in, and none is taken along; null to take all ends
    /// along
    /// @param isBytesToo whether `left` gets shared bytes as well
    Encoder(@Nullable List<AutoCloseable> left, boolean isBytesToo) {
        this.left = left;
        this.isBytesToo = isBytesToo;
        sink.setEnds(this::words);
    }

    /// Appends a byte.
    public void putByte(int value) {
        sink.putByte(value);
    }

    /// Appends four bytes.
    public void putInt(int value) {
        sink.putInt(value);
    }

    /// Appends eight bytes.
    public void putLong(long value) {
        sink.putLong(value);
    }

    /// Appends an unsigned number in as few bytes as it needs, seven bits each (LEB128).
    public void putVarint(long value) {
        sink.putVarint(value);
    }

    /// Appends all of `bytes`.
    public void putBytes(byte[] bytes) {
        Argument.given(bytes, "bytes");
        sink.putBytes(bytes);
    }

    /// Appends all of `bytes`, which do not change until the message is sent.
    void lend(byte[] bytes) {
        sink.lend(bytes);
    }

    /// Appends a string as UTF-8, preceded by its length in bytes as a varint.
    ///
    /// @throws CodecFailed if it has an unpaired surrogate
    public void putString(String text) {
        Argument.given(text, "text");
        sink.putString(text);
    }

    /// Appends the bytes that `codec` makes of `value`, preceded by their length in four bytes.
    public <T> void put(T value, Codec<T> codec) {
        Argument.given(value, "value");
        Argument.given(codec, "codec");
        int at = sink.length();
        int before = moving.size();
        int receiversBefore = receivers.size();
        sink.putInt(0);
        try {
            codec.encode(value, this);
        } catch (RuntimeException | Error failure) {
            sink.setLength(at); // if the codec goes on, nothing of the value is sent
            takeOut(before, receiversBefore);
            throw failure;
        }
        int end = sink.length();
        sink.setLength(at);
        sink.putInt(end - at - Integer.BYTES);
        sink.setLength(end);
    }

    /// Puts an end of a channel in, or shared bytes.
    ///
    /// Once the message is sent, an end in it has moved and cannot be used here any more. If the
    /// message is not sent, the end is as before. [Sender#share] makes a second sender that does
    /// not move. Shared bytes do not move: the receiver gets an object of its own.
    ///
    /// @throws EndClosed if the end is closed or has moved
    /// @throws IllegalStateException if the end is a receiver on which a thread is receiving, that
    /// has an owner such as a set, or that is in this message already
    /// @throws IllegalArgumentException if the end is the receiver that this message goes to
    public void put(Transferable end) {
        EndWords words = take(Argument.given(end, "end"));
        sink.putInt(words.words().length);
        sink.putInt(words.descriptors());
        for (long word : words.words()) {
            sink.putLong(word);
        }
    }

    /// The number of bytes appended so far.
    public int length() {
        return sink.length();
    }

    private EndWords words(Object end) {
        try {
            return take((Transferable) end);
        } catch (EndClosed closed) { // the callers add the end's place in the message
            throw new CodecException("cannot be sent: " + closed.getMessage(), closed);
        }
    }

    /// Takes an end of any kind along.
    private EndWords take(Transferable end) {
        hasEnds |= end.isEnd();
        if (left != null) {
            if (end.isEnd() || isBytesToo) {
                left.add(end);
            }
            return NOTHING;
        }
        Origin receiver = end.receiverOrigin();
        if (receiver != null) {
            checkMayMove(receiver, end);
        }
        return take(end.export(), receiver);
    }

    private void checkMayMove(Origin other, Transferable receiver) {
        if (origin != null && other == origin) {
            throw new IllegalArgumentException("a receiver cannot be sent to itself: " + receiver);
        }
        if (receivers.contains(other)) {
            throw new IllegalStateException("a receiver is in this message already: " + receiver);
        }
    }

    /// Takes an end along, or leaves it as it was: a codec may try again after a failure.
    ///
    /// @param receiver the mark of the end's channel, if the end is a receiver; else null
    /// @return the words in place of the end in the bytes
    private EndWords take(Transferable.Moving end, @Nullable Origin receiver) {
        int before = moving.size();
        int receiversBefore = receivers.size();
        boolean isTaken = false;
        try {
            moving.add(end);
            if (receiver != null) {
                receivers.add(receiver);
            }
            Transfer transfer = end.transfer();
            EndWords words = new EndWords(transfer.words(), transfer.descriptors().size());
            descriptors.addAll(transfer.descriptors()); // all of them, or none
            isTaken = true;
            return words;
        } finally {
            if (!isTaken) {
                leaveOut(end, before, receiversBefore);
            }
        }
    }

    private void leaveOut(Transferable.Moving end, int kept, int receiversKept) {
        if (moving.size() > kept) {
            moving.removeLast();
        }
        if (receivers.size() > receiversKept) {
            receivers.removeLast();
        }
        end.notMoved();
    }

    /// Whether the message has ends of channels in it, which move with it.
    boolean hasEnds() {
        return hasEnds;
    }

    boolean hasMoving() {
        return !moving.isEmpty();
    }

    ByteSink sink() {
        return sink;
    }

    List<Descriptor> descriptors() {
        return descriptors;
    }

    /// The message as it is sent.
    OutgoingMessage outgoing() {
        return outgoing.set(sink.head(), sink.headLength(), sink.tail());
    }

    /// Starts on a message of the channel with the mark `channelOrigin`.
    Encoder start(Origin channelOrigin) {
        origin = channelOrigin;
        return this;
    }

    /// Notes that the message is sent: the ends in it have moved, even if letting go of one fails.
    ///
    /// @param to the process that receives it, if it is known
    void sent(@Nullable Peer to) {
        descriptors.clear();
        for (int i = 0; i < moving.size(); i++) { // an iterator would need room in the heap
            try {
                moving.get(i).moved(to);
            } catch (RuntimeException | Error failure) {
                report(failure);
            }
        }
        moving.clear();
        receivers.clear();
    }

    private static void report(Throwable failure) {
        try {
            Log.error("an end that has moved in a message could not be let go of here", failure);
        } catch (OutOfMemoryError _) {
            // The message is sent: an error for the sake of the log would say otherwise.
        }
    }

    /// Empties the encoder for the next message. Ends of a message that was not sent remain the
    /// caller's.
    void reset() {
        sink.reset();
        outgoing.clear();
        hasEnds = false;
        takeOut(0, 0);
    }

    /// Takes out all ends after the first `kept`, of which `receiversKept` are receivers. The ends
    /// remain as they were.
    private void takeOut(int kept, int receiversKept) {
        while (receivers.size() > receiversKept) {
            receivers.removeLast();
        }
        while (moving.size() > kept) {
            Transferable.Moving last = moving.removeLast();
            for (int i = 0; i < last.transfer().descriptors().size(); i++) {
                descriptors.removeLast();
            }
            last.notMoved();
        }
    }
}
