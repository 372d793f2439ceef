package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// The bytes of a message on their way out, and the descriptors that go along.
///
/// The bytes are a head and after it a tail, which may be empty. The tail lies in an array that its
/// user leaves unchanged until the message has gone: so a long one is copied once, to where its
/// receiver finds it.
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
    /// @param descriptors that go along with what it is when it is sent
    public OutgoingMessage(List<Descriptor> descriptors) {
        this.descriptors = descriptors;
    }

    /// A message of all bytes of an array.
    public static OutgoingMessage of(byte[] bytes, List<Descriptor> descriptors) {
        return new OutgoingMessage(descriptors).set(bytes, bytes.length, NOTHING);
    }

    /// Makes it a message of the first `newHeadLength` bytes of an array, and of all of another
    /// after them.
    public OutgoingMessage set(byte[] newHead, int newHeadLength, byte[] newTail) {
        head = newHead;
        headLength = newHeadLength;
        tail = newTail;
        return this;
    }

    /// Lets go of the arrays.
    public void clear() {
        set(NOTHING, 0, NOTHING);
    }

    /// How many bytes it has.
    public int length() {
        return headLength + tail.length;
    }

    /// What goes along.
    public List<Descriptor> descriptors() {
        return descriptors;
    }

    /// The array in which it begins: with all of it, or with what comes before the tail.
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
