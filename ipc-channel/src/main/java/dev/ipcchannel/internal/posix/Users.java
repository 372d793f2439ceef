package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;

/// Who this process acts for.
public final class Users {

    // uid_t geteuid(void);
    private static final MemorySegment GETEUID = Native.symbol("geteuid");

    private Users() {}

    /// The effective user's number.
    public static int effective() {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, GETEUID, 0, 0, 0, 0, 0, 0);
        }
    }
}
