package dev.ipcchannel.zipc;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A message in the slot where the sender has written it, valid until its receiver receives the
/// next one.
///
/// From then on the sender may write to the slot, and every method but `toString` throws an
/// `IllegalStateException`. The receiver may use the same object again for a later message in that
/// slot, so do not keep it. A kept segment shows any bytes that are there.
///
/// When the receiver is closed, every method but `toString` throws an
/// [dev.ipcchannel.EndClosed][dev.ipcchannel.EndClosed], and a kept segment throws the JDK's
/// `IllegalStateException` ("Already closed").
///
/// The other process can write to these bytes at any time, though a process that keeps to the rules
/// does not. Copy the values that you check before you check them.
public final class ZipcMessage {

    private final ZipcReceiver receiver;
    private final int index;
    private final MemorySegment slot;
    private int length;
    private @Nullable MemorySegment slice; // the last one, reused while lengths are equal

    ZipcMessage(ZipcReceiver receiver, int index, MemorySegment slot) {
        this.receiver = receiver;
        this.index = index;
        this.slot = slot;
    }

    /// This object for the next message in its slot.
    ZipcMessage of(int newLength) {
        length = newLength;
        return this;
    }

    /// The index of its slot, from 0 on.
    public int index() {
        receiver.checkCurrent(this);
        return index;
    }

    /// Its length in bytes, which may be 0.
    public int length() {
        receiver.checkCurrent(this);
        return length;
    }

    /// Its bytes in place, read-only.
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
    /// @throws dev.ipcchannel.ProtocolViolation if another process has truncated the queue's file
    public byte[] bytes() {
        return receiver.copy(segment());
    }

    @Override
    public String toString() {
        return "message of %s in slot %d".formatted(QueueLayout.bytes(length), index);
    }
}
