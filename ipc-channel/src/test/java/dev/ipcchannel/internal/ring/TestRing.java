package dev.ipcchannel.internal.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A ring in real memory with both its sides, and a way to its raw bytes.
final class TestRing {

    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int capacity;
    private final MemorySegment region;
    private final RingWriter writer;
    private final RingReader reader;

    /// An empty ring whose two sides start at `position`.
    TestRing(int capacity, long position) {
        this.capacity = capacity;
        long length = RingLayout.regionLength(capacity);
        this.region = Arena.ofAuto().allocate(length, RingLayout.BLOCK);
        poke(RingLayout.readerPosition(capacity), position);
        this.writer = new RingWriter(memory(), capacity, position);
        this.reader = new RingReader(memory(), capacity, position);
    }

    TestRing(int capacity) {
        this(capacity, 0);
    }

    RingWriter writer() {
        return writer;
    }

    RingReader reader() {
        return reader;
    }

    MemorySegment region() {
        return region;
    }

    Memory memory() {
        return new SegmentMemory(region);
    }

    int capacity() {
        return capacity;
    }

    /// The raw word at `offset`.
    long peek(long offset) {
        return region.get(WORD, offset);
    }

    /// Stores a raw word, as the other process may at any time.
    void poke(long offset, long word) {
        region.set(WORD, offset, word);
    }

    /// Claims, copies and commits.
    ///
    /// @return false if the ring is full
    boolean send(byte[] payload) {
        if (writer.claim(payload.length) == RingWriter.FULL) {
            return false;
        }
        writer.copyIn(0, payload, payload.length);
        writer.commit(0, 0);
        return true;
    }

    boolean send(int length) {
        return send(new byte[length]);
    }

    /// Copies the found message and moves past it.
    byte[] take() {
        byte[] payload = new byte[reader.payloadLength()];
        reader.copyOut(payload, 0);
        reader.consume();
        return payload;
    }

    /// Finds a message, takes it and gives its space back.
    byte[] receive() {
        if (!reader.poll()) {
            throw new AssertionError("the ring is empty: position=" + reader.position());
        }
        byte[] payload = take();
        reader.publish();
        return payload;
    }
}
