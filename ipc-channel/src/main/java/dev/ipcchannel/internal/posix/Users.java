package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;

/// Who this process is, and acts for.
public final class Users {

    // pid_t getpid(void);
    private static final MemorySegment GETPID = Native.symbol("getpid");
    // uid_t geteuid(void);
    private static final MemorySegment GETEUID = Native.symbol("geteuid");

    private Users() {}

    /// The effective user's number.
    public static int effective() {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, GETEUID, 0, 0, 0, 0, 0, 0);
        }
    }

    /// The number of this process. The JDK's way to it starts half of a thread pool.
    public static long ownPid() {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, GETPID, 0, 0, 0, 0, 0, 0);
        }
    }
}
