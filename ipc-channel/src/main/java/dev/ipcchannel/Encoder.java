package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the bytes of one message, and the channel ends that travel inside it. Numbers are
/// little-endian.
///
/// It belongs to the [Codec#encode] that it was given to, and is of no use afterwards.
public final class Encoder {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
                    .withInvokeExactBehavior();

    private static final int FIRST_CAPACITY = 256;
    // What the JVM gives for an array.
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int length;
    private @Nullable Origin origin;
    private final List<Passenger> passengers = new ArrayList<>(0);
    private final List<Descriptor> descriptors = new ArrayList<>(0);

    Encoder() {}

    /// Appends a byte.
    public void putByte(int value) {
        reserve(1)[length++] = (byte) value;
    }

    /// Appends four bytes.
    public void putInt(int value) {
        INT.set(reserve(Integer.BYTES), length, value);
        length += Integer.BYTES;
    }

    /// Appends eight bytes.
    public void putLong(long value) {
        LONG.set(reserve(Long.BYTES), length, value);
        length += Long.BYTES;
    }

    /// Appends all of `bytes`.
    public void putBytes(byte[] bytes) {
        System.arraycopy(bytes, 0, reserve(bytes.length), length, bytes.length);
        length += bytes.length;
    }

    /// Appends what `codec` makes of `value`, preceded by its length in four bytes.
    public <T> void put(T value, Codec<T> codec) {
        int at = length;
        putInt(0);
        codec.encode(value, this);
        INT.set(buffer, at, length - at - Integer.BYTES);
    }

    /// Puts a sender in. Once the message is sent, the sender has moved with it; [Sender#share]
    /// keeps one.
    ///
    /// @throws EndClosed if it is closed or has moved
    public void putSender(Sender<?> sender) {
        add(sender.board());
    }

    /// Puts a receiver in. Once the message is sent, the receiver has moved with it.
    ///
    /// @throws EndClosed if it is closed or has moved
    /// @throws IllegalStateException if a thread is receiving on it, or it is in this message
    /// already
    /// @throws IllegalArgumentException if this message goes to that very receiver
    public void putReceiver(Receiver<?> receiver) {
        if (origin != null && receiver.origin() == origin) {
            throw new IllegalArgumentException("a receiver cannot be sent to itself: " + receiver);
        }
        add(receiver.board());
    }

    /// Bytes collected so far.
    public int length() {
        return length;
    }

    private void add(Passenger passenger) {
        passengers.add(passenger);
        Transfer transfer = passenger.transfer();
        long[] words = transfer.words();
        putInt(words.length);
        putInt(transfer.descriptors().size());
        for (long word : words) {
            putLong(word);
        }
        descriptors.addAll(transfer.descriptors());
    }

    /// Makes room for `more` bytes behind the ones collected.
    ///
    /// @return the bytes, of which the first [#length] are collected
    byte[] reserve(long more) {
        long needed = length + more;
        if (needed > buffer.length) {
            if (needed > MAX_CAPACITY) {
                throw new MessageTooLarge("a message does not fit into an array: length=" + needed);
            }
            buffer = Arrays.copyOf(buffer,
                    (int) Math.min(MAX_CAPACITY, Math.max(needed, 2L * buffer.length)));
        }
        return buffer;
    }

    void setLength(int newLength) {
        length = newLength;
    }

    byte[] buffer() {
        return buffer;
    }

    List<Descriptor> descriptors() {
        return descriptors;
    }

    /// Readies it for a message of the channel known as `channelOrigin`.
    Encoder start(Origin channelOrigin) {
        origin = channelOrigin;
        return this;
    }

    /// The message is on its way: the ends in it have moved.
    void sent() {
        passengers.forEach(Passenger::arrived);
        passengers.clear();
    }

    /// Empties it for the next message. Ends of a message that was not sent stay where they were.
    void reset() {
        length = 0;
        if (!passengers.isEmpty()) {
            passengers.forEach(Passenger::stayed);
            passengers.clear();
        }
        descriptors.clear();
    }
}
