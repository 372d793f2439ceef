package dev.ipcchannel.internal.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The memory of production: a segment, usually mapped from a memory file that another process maps
/// too.
///
/// It is a class of its own, and the only implementation loaded outside of tests, so that the
/// compiler turns each call through [Memory] into the access itself.
public final class SegmentMemory implements Memory {

    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = WORD.varHandle().withInvokeExactBehavior();

    private final MemorySegment segment;

    public SegmentMemory(MemorySegment segment) {
        this.segment = segment;
    }

    @Override
    public long loadAcquire(long offset) {
        return (long) LONG.getAcquire(segment, offset);
    }

    @Override
    public void storePlain(long offset, long value) {
        LONG.set(segment, offset, value);
    }

    @Override
    public void storeRelease(long offset, long value) {
        LONG.setRelease(segment, offset, value);
    }

    @Override
    public void fullFence() {
        VarHandle.fullFence();
    }

    @Override
    public void copyIn(byte[] source, int start, long offset, int length) {
        MemorySegment.copy(source, start, segment, ValueLayout.JAVA_BYTE, offset, length);
    }

    @Override
    public void copyOut(long offset, byte[] target, int start, int length) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, target, start, length);
    }
}
