package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.RecordingMemory.Store;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A ring's region of 512 bytes as a former lap left it: each word looks like an empty record, and
/// only the header at the start is zero. It can be reset to that state, with some stores laid over
/// it.
final class ReplayRegion {

    static final int CAPACITY = 512;

    private static final int LENGTH = CAPACITY + 3 * (int) RingLayout.BLOCK;
    private static final long STALE_HEADER = RecordHeader.message(0, 0, 0);

    private final MemorySegment segment = MemorySegment.ofArray(new long[LENGTH / Long.BYTES]);
    private final MemorySegment fresh = MemorySegment.ofArray(new long[LENGTH / Long.BYTES]);
    private final Memory memory = new SegmentMemory(segment);

    ReplayRegion(long start) {
        for (int index = 0; index < CAPACITY; index += Long.BYTES) {
            memory.storePlain(index, STALE_HEADER);
        }
        memory.storePlain(start & (CAPACITY - 1), 0);
        memory.storePlain(RingLayout.readerPosition(CAPACITY), start);
        fresh.copyFrom(segment);
    }

    Memory memory() {
        return memory;
    }

    void reset() {
        segment.copyFrom(fresh);
    }

    void apply(List<Store> stores) {
        stores.forEach(store -> store.applyTo(segment));
    }

    /// Lays a set of [VisibleStores] over the fresh region.
    void reset(List<Store> stores, int visible) {
        reset();
        for (int i = 0; i < stores.size(); i++) {
            if (VisibleStores.holds(visible, i)) {
                stores.get(i).applyTo(segment);
            }
        }
    }

    /// The payload of the message with this number.
    static byte[] payload(int number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (number * 31 + i + 1);
        }
        return bytes;
    }
}
