package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.SharedMemory;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// Unmapping memory of which user code may have been given views.
final class Views {

    private Views() {}

    /// Ends the views, then unmaps. A view that is in a native call of the user's at this moment
    /// keeps its memory mapped for good: that is a leak, and the other way would be a crash.
    static void close(@Nullable Arena viewArena, SharedMemory memory) {
        if (viewArena != null) {
            try {
                viewArena.close();
            } catch (IllegalStateException inUse) {
                System.getLogger("dev.ipcchannel").log(Level.WARNING,
                        "a message's view is in use by native code while its channel is closed: "
                                + "its memory stays mapped",
                        inUse);
                memory.file().close();
                return;
            }
        }
        memory.close();
    }
}
