package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/// The user of this process, and the process's number.
public final class Users {

    // pid_t getpid(void);
    private static final MemorySegment GETPID = Native.symbol("getpid");
    // uid_t geteuid(void);
    private static final MemorySegment GETEUID = Native.symbol("geteuid");

    private static final int KIND_AND_RIGHTS_OF_OTHERS = 0170077;
    private static final int FOLDER = 0040000;

    private Users() {}

    /// The effective user's number.
    public static int effective() {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, GETEUID, 0, 0, 0, 0, 0, 0);
        }
    }

    /// Whether `directory` is a directory of this user, not a link, that no other user may enter.
    public static boolean ownAlone(Path directory) {
        try {
            Map<String, Object> found =
                    Files.readAttributes(directory, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            boolean isOwn = found.get("uid") instanceof Integer uid && uid == effective();
            return isOwn && found.get("mode") instanceof Integer mode
                    && (mode & KIND_AND_RIGHTS_OF_OTHERS) == FOLDER;
        } catch (IOException _) { // gone, or not readable for this user
            return false;
        }
    }

    /// The number of this process. The JDK's way to it starts half of a thread pool.
    public static long ownPid() {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, GETPID, 0, 0, 0, 0, 0, 0);
        }
    }
}
