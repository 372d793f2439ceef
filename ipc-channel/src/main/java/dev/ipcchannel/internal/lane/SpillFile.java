package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A memory file for messages that are too long for the ring, one after the other, mapped by the
/// writer and by the reader of a lane.
final class SpillFile {

    private final long id;
    private final Views views;
    private final MemorySegment segment;
    private boolean isSent;
    private long end; // of the record that uses it, on the writer's side
    private int number; // among the files ever sent, modulo 64, where that record has brought it

    private SpillFile(long id, SharedMemory memory, boolean isReadOnly) {
        this.id = id;
        this.segment = memory.segment();
        this.views = new Views(memory, segment.byteSize(), isReadOnly);
    }

    /// Makes one, on the writer's side.
    static SpillFile create(long id, long capacity) {
        return of(id, SharedMemory.create(capacity), false);
    }

    /// Takes one up that the writer has sent. Takes the descriptor over, also when it is refused.
    static SpillFile adopt(long id, long capacity, Descriptor file) {
        return of(id, SharedMemory.adopt(file, capacity), true);
    }

    private static SpillFile of(long id, SharedMemory memory, boolean isReadOnly) {
        try {
            return new SpillFile(id, memory, isReadOnly);
        } catch (OutOfMemoryError failure) {
            memory.close();
            throw failure;
        }
    }

    /// What the lane knows it by.
    long id() {
        return id;
    }

    long capacity() {
        return segment.byteSize();
    }

    /// The reader keeps it open: its receiver may move. The writer's is open until it is sent.
    Descriptor descriptor() {
        return views.memory().file();
    }

    /// Whether the reader has got it.
    boolean isSent() {
        return isSent;
    }

    /// The reader has got it: the mapping stays, and only the reader needs the descriptor.
    void sent() {
        isSent = true;
        descriptor().close();
    }

    /// A record uses it, until the reader has passed that.
    ///
    /// @param recordEnd the position behind that record
    /// @param recordNumber of the file, if that record has brought it to the reader
    void use(long recordEnd, int recordNumber) {
        end = recordEnd;
        number = recordNumber;
    }

    long end() {
        return end;
    }

    int number() {
        return number;
    }

    void copyIn(byte[] source, int length) {
        MemorySegment.copy(source, 0, segment, ValueLayout.JAVA_BYTE, 0, length);
    }

    void copyOut(byte[] target, int length) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, target, 0, length);
    }

    /// Its bytes for user code: to be read by the reader's, to be written by the writer's.
    MemorySegment view() {
        return views.view();
    }

    /// Unmaps it.
    void close() {
        views.close();
    }
}
