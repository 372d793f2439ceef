package dev.ipcchannel.zipc;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A message in the slot where the sender has written it, until its receiver receives the next one.
///
/// From then on the sender may write there, and every method but `toString` throws an
/// `IllegalStateException`, until the receiver comes to that slot again: it may use the object
/// again for the message there, so none is to be kept. A segment that was kept shows whatever is
/// there.
///
/// Once the receiver is closed, every method but `toString` throws an
/// [dev.ipcchannel.EndClosed][dev.ipcchannel.EndClosed], and a segment that was kept the JDK's own
/// `IllegalStateException` ("Already closed").
///
/// The bytes are another process's memory: it may be one that changes them at any time, though
/// those that keep to the rules do not. Copy what you decide by before you look at it.
public final class ZipcMessage {

    private final ZipcReceiver receiver;
    private final int index;
    private final MemorySegment slot;
    private int length;
    private @Nullable MemorySegment slice; // the last one, which fits as long as lengths are the same

    ZipcMessage(ZipcReceiver receiver, int index, MemorySegment slot) {
        this.receiver = receiver;
        this.index = index;
        this.slot = slot;
    }

    /// The next message in this slot.
    ZipcMessage of(int newLength) {
        length = newLength;
        return this;
    }

    /// The number of its slot, from 0 on.
    public int index() {
        receiver.checkCurrent(this);
        return index;
    }

    /// How many bytes it has, perhaps none.
    public int length() {
        receiver.checkCurrent(this);
        return length;
    }

    /// Its bytes in place, for reading.
    public MemorySegment segment() {
        receiver.checkCurrent(this);
        MemorySegment made = slice;
        if (made == null || made.byteSize() != length) {
            made = slot.asSlice(0, length);
            slice = made;
        }
        return made;
    }

    /// A copy of its bytes.
    ///
    /// @throws dev.ipcchannel.ProtocolViolation if another process has cut the queue's file
    public byte[] bytes() {
        return receiver.copy(segment());
    }

    @Override
    public String toString() {
        return "message of %s in slot %d".formatted(QueueLayout.bytes(length), index);
    }
}
