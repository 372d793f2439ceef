package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.SharedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Memory of which user code may get a view, and the end of that view.
///
/// Used by one thread at a time; the owner of its lane ensures that.
public final class GuardedView {

    private final SharedMemory memory;
    private final long length;
    private final boolean isReadOnly;
    private @Nullable Arena arena;
    private @Nullable MemorySegment view;

    /// Takes `memory` over.
    ///
    /// @param length of the view, from the first byte on
    public GuardedView(SharedMemory memory, long length, boolean isReadOnly) {
        this.memory = memory;
        this.length = length;
        this.isReadOnly = isReadOnly;
    }

    /// A view of `length` new bytes, all zero, that no other process ever sees.
    ///
    /// @throws dev.ipcchannel.internal.posix.PosixException if there is no memory for it
    public static GuardedView ofOwn(long length) {
        SharedMemory memory = SharedMemory.create(length);
        boolean isDone = false;
        try {
            memory.file().close(); // only the mapping is needed
            GuardedView guarded = new GuardedView(memory, length, false);
            isDone = true;
            return guarded;
        } finally {
            if (!isDone) {
                memory.close();
            }
        }
    }

    public SharedMemory memory() {
        return memory;
    }

    /// The view, made by the first call. It is closed with the memory, so that an access through a
    /// view kept too long fails with an exception.
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

    /// Closes the view, then unmaps the memory. If native code of the user's is using the view at
    /// this moment, the memory stays mapped for good: a leak, but the alternative would be a crash.
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
