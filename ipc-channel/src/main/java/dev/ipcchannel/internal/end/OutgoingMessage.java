package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// The bytes of a message on their way out, and the descriptors that go along.
///
/// The bytes are a head and a tail after it, which may be empty. The tail lies in an array that its
/// user leaves unchanged until the message is sent: so a long tail is copied only once, to the
/// place where the receiver finds it.
///
/// Used by the thread that sends, for one message after another.
public final class OutgoingMessage {

    private static final byte[] NOTHING = {};

    private final List<Descriptor> descriptors;
    private byte[] head = NOTHING;
    private int headLength;
    private byte[] tail = NOTHING;

    /// An empty message.
    ///
    /// @param descriptors the list whose elements go along at the moment of the send
    public OutgoingMessage(List<Descriptor> descriptors) {
        this.descriptors = descriptors;
    }

    /// A message of all bytes of an array.
    public static OutgoingMessage of(byte[] bytes, List<Descriptor> descriptors) {
        return new OutgoingMessage(descriptors).set(bytes, bytes.length, NOTHING);
    }

    /// Makes it a message of the first `newHeadLength` bytes of one array, and of all bytes of
    /// another after them.
    public OutgoingMessage set(byte[] newHead, int newHeadLength, byte[] newTail) {
        head = newHead;
        headLength = newHeadLength;
        tail = newTail;
        return this;
    }

    /// Releases the arrays.
    public void clear() {
        set(NOTHING, 0, NOTHING);
    }

    /// The number of bytes.
    public int length() {
        return headLength + tail.length;
    }

    /// The descriptors that go along.
    public List<Descriptor> descriptors() {
        return descriptors;
    }

    /// The array with the first bytes: all of them, or those before the tail.
    public byte[] head() {
        return head;
    }

    public int headLength() {
        return headLength;
    }

    public byte[] tail() {
        return tail;
    }

    /// Copies all bytes to `target`, from `index` on.
    public void copyTo(MemorySegment target, long index) {
        MemorySegment.copy(head, 0, target, ValueLayout.JAVA_BYTE, index, headLength);
        if (tail.length > 0) {
            MemorySegment.copy(tail, 0, target, ValueLayout.JAVA_BYTE, index + headLength,
                    tail.length);
        }
    }
}
