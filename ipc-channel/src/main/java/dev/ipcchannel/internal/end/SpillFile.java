package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A memory file for messages that are too long for the ring, one after the other. Its writer maps
/// it, and so do the readers of the lanes that have sent it, which cannot write to it.
///
/// On the writer's side it belongs to its `SpillPool`, under whose lock its counts change.
public final class SpillFile {

    private final GuardedView guarded;
    private final MemorySegment segment;
    private boolean isOpen = true; // whether its descriptor is
    private int holders;
    private long messageNumber;
    private boolean isRetired;

    private SpillFile(SharedMemory memory, boolean isReadOnly) {
        this.segment = memory.segment();
        this.guarded = new GuardedView(memory, segment.byteSize(), isReadOnly);
    }

    /// Makes a file, on the writer's side.
    public static SpillFile create(long capacity) {
        return of(SharedMemory.createToShow(capacity), false);
    }

    /// Adopts a file that the writer has sent. Takes the descriptor over, also when it refuses the
    /// file.
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

    /// Its descriptor. The reader keeps it open, because its receiver may move. The writer keeps it
    /// open as long as further lanes may have to send it.
    public Descriptor descriptor() {
        return guarded.memory().file();
    }

    public boolean isOpen() {
        return isOpen;
    }

    /// Closes the descriptor, because no further lane sends the file. The mapping stays; only the
    /// reader needs the descriptor from now on.
    public void closeDescriptor() {
        isOpen = false;
        descriptor().close();
    }

    /// Counts one more lane that has claimed the file.
    public void hold() {
        holders++;
    }

    /// Counts one lane less: that lane has no claim on it any more, and no unread record.
    ///
    /// @return whether it was the last one
    public boolean letGo() {
        holders--;
        return holders == 0;
    }

    /// The number of the message in it, as its pool counts; 0 while that message is in no lane.
    public long messageNumber() {
        return messageNumber;
    }

    public void use(long newNumber) {
        messageNumber = newNumber;
    }

    /// Marks it as not written any more; it is closed once no lane holds it.
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

    /// Its bytes for user code: read-only on the reader's side, writable on the writer's.
    public MemorySegment view() {
        return guarded.view();
    }

    /// Unmaps it.
    public void close() {
        guarded.close();
    }
}
