package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.SharedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Memory that user code may be given a view of, and its end.
///
/// Used by one thread at a time; its lane's owner sees to that.
public final class Views {

    private final SharedMemory memory;
    private final long length;
    private final boolean isReadOnly;
    private @Nullable Arena arena;
    private @Nullable MemorySegment view;

    /// Takes `memory` over.
    ///
    /// @param length of the view, from the first byte on
    public Views(SharedMemory memory, long length, boolean isReadOnly) {
        this.memory = memory;
        this.length = length;
        this.isReadOnly = isReadOnly;
    }

    /// A view of so many new bytes, zeros, that no other process ever sees.
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it
    public static Views ofOwn(long length) {
        SharedMemory memory = SharedMemory.create(length);
        boolean isDone = false;
        try {
            memory.file().close(); // the map is all that is needed
            Views views = new Views(memory, length, false);
            isDone = true;
            return views;
        } finally {
            if (!isDone) {
                memory.close();
            }
        }
    }

    public SharedMemory memory() {
        return memory;
    }

    /// The view, made when it is first asked for. Closed with the memory, so that one kept too long
    /// fails cleanly.
    public MemorySegment view() {
        MemorySegment current = view;
        if (current == null) {
            Arena opened = Arena.ofShared();
            MemorySegment guarded = memory.guarded(length, opened);
            current = isReadOnly ? guarded.asReadOnly() : guarded;
            arena = opened;
            view = current;
        }
        return current;
    }

    /// Ends the view, then unmaps. A view that is in a native call of the user's at this moment
    /// keeps its memory mapped for good: that is a leak, and the other way would be a crash.
    public void close() {
        Arena opened = arena;
        if (opened != null) {
            try {
                opened.close();
            } catch (IllegalStateException inUse) {
                Log.warning(
                        "a message's view is in use by native code while it is closed: its memory"
                                + " stays mapped",
                        inUse);
                memory.file().close();
                return;
            }
        }
        memory.close();
    }
}
