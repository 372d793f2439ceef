package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A memory file for messages that are too long for the ring, one after the other, mapped by its
/// writer and by the readers of those lanes that have sent it, who cannot write to it.
///
/// On the writer's side it is its `SpillPool`'s, under whose lock its counts change.
public final class SpillFile {

    private final Views views;
    private final MemorySegment segment;
    private boolean isOpen = true; // its descriptor
    private int holders;
    private long turn;
    private boolean isRetired;

    private SpillFile(SharedMemory memory, boolean isReadOnly) {
        this.segment = memory.segment();
        this.views = new Views(memory, segment.byteSize(), isReadOnly);
    }

    /// Makes one, on the writer's side.
    public static SpillFile create(long capacity) {
        return of(SharedMemory.createToShow(capacity), false);
    }

    /// Takes one up that the writer has sent. Takes the descriptor over, also when it is refused.
    static SpillFile adopt(long capacity, Descriptor file) {
        return of(SharedMemory.adoptToRead(file, capacity), true);
    }

    private static SpillFile of(SharedMemory memory, boolean isReadOnly) {
        try {
            return new SpillFile(memory, isReadOnly);
        } catch (OutOfMemoryError failure) {
            memory.close();
            throw failure;
        }
    }

    public long capacity() {
        return segment.byteSize();
    }

    /// The reader keeps it open: its receiver may move. The writer's is open as long as there may
    /// be lanes to send it by.
    public Descriptor descriptor() {
        return views.memory().file();
    }

    public boolean isOpen() {
        return isOpen;
    }

    /// It is sent no more: the mapping stays, and only its reader needs the descriptor.
    public void closeDescriptor() {
        isOpen = false;
        descriptor().close();
    }

    /// One more lane has claimed it.
    public void hold() {
        holders++;
    }

    /// One of the lanes that hold it has no claim there any more, and no record that is unread.
    ///
    /// @return whether it was the last one
    public boolean letGo() {
        holders--;
        return holders == 0;
    }

    /// Which message it holds, counted by its pool; 0 while that is in no lane.
    public long turn() {
        return turn;
    }

    public void use(long newTurn) {
        turn = newTurn;
    }

    /// It is written to no more, and goes once no lane holds it.
    public void retire() {
        isRetired = true;
    }

    public boolean isRetired() {
        return isRetired;
    }

    public void copyIn(OutgoingMessage message) {
        message.copyTo(segment, 0);
    }

    public void copyOut(int from, byte[] target, int count) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, target, 0, count);
    }

    /// Its bytes for user code: to be read by the reader's, to be written by the writer's.
    public MemorySegment view() {
        return views.view();
    }

    /// Unmaps it.
    public void close() {
        views.close();
    }
}
