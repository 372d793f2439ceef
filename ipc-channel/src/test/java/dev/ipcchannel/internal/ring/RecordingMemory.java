package dev.ipcchannel.internal.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A memory that keeps a log of every store that one process makes through it, in program order.
final class RecordingMemory implements Memory {

    /// A store. A bulk copy counts as one, like a word.
    static final class Store {

        private final long offset;
        private final byte[] bytes;
        private final boolean isRelease;

        private Store(long offset, byte[] bytes, boolean isRelease) {
            this.offset = offset;
            this.bytes = bytes;
            this.isRelease = isRelease;
        }

        long offset() {
            return offset;
        }

        boolean isRelease() {
            return isRelease;
        }

        /// The same store without an order of its own.
        Store asPlain() {
            return new Store(offset, bytes, false);
        }

        /// No store at all.
        Store asNothing() {
            return new Store(offset, new byte[0], false);
        }

        /// Whether it zeroes the place of a header to come.
        boolean isPlainZero() {
            return !isRelease && Arrays.equals(bytes, new byte[bytes.length]);
        }

        void applyTo(MemorySegment region) {
            MemorySegment.copy(bytes, 0, region, ValueLayout.JAVA_BYTE, offset, bytes.length);
        }

        private static Store word(long offset, long value, boolean isRelease) {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return new Store(offset, bytes.putLong(value).array(), isRelease);
        }
    }

    private final Memory target;
    private final List<Store> stores = new ArrayList<>();

    RecordingMemory(Memory target) {
        this.target = target;
    }

    /// Everything stored so far.
    List<Store> stores() {
        return stores;
    }

    @Override
    public long loadAcquire(long offset) {
        return target.loadAcquire(offset);
    }

    @Override
    public void storePlain(long offset, long value) {
        stores.add(Store.word(offset, value, false));
        target.storePlain(offset, value);
    }

    @Override
    public void storeRelease(long offset, long value) {
        stores.add(Store.word(offset, value, true));
        target.storeRelease(offset, value);
    }

    @Override
    public void fullFence() {
        target.fullFence();
    }

    @Override
    public void copyIn(byte[] source, int start, long offset, int length) {
        if (length > 0) {
            byte[] bytes = Arrays.copyOfRange(source, start, start + length);
            stores.add(new Store(offset, bytes, false));
        }
        target.copyIn(source, start, offset, length);
    }

    @Override
    public void copyOut(long offset, byte[] target, int start, int length) {
        this.target.copyOut(offset, target, start, length);
    }
}
