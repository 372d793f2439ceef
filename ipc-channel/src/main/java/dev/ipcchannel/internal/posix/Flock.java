package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Locks that belong to an open file and die with its process: `flock`, not `fcntl`, whose locks
/// (the JDK's) vanish when any descriptor of the file is closed.
public final class Flock {

    // int open(const char *pathname, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPEN = Native.symbol("open");
    // int flock(int fd, int op);
    private static final MemorySegment FLOCK = Native.symbol("flock");

    private static final boolean IS_ARM = System.getProperty("os.arch").equals("aarch64");

    // A pipe that somebody put there does not make us wait.
    private static final int O_NONBLOCK = 0x800;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_NOFOLLOW = IS_ARM ? 0x8000 : 0x20000;
    private static final int OWNER_ALONE = 0600;
    private static final int O_CLOEXEC = 0x80000;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private Flock() {}

    /// Opens what is at `path`, a directory as well, and locks it for this open file alone.
    ///
    /// @return null if there is nothing there or somebody holds the lock
    public static @Nullable Descriptor openLocked(String path) {
        return openLocked(path, 0);
    }

    /// Opens the file at `path`, which is made where there is none, and no link is followed, and
    /// locks it for this open file alone. Open for writing as well: NFS locks nothing else.
    ///
    /// @return null if somebody holds the lock, or the folder is gone
    public static @Nullable Descriptor createLocked(String path) {
        return openLocked(path, O_RDWR | O_CREAT | O_NOFOLLOW);
    }

    private static @Nullable Descriptor openLocked(String path, int flags) {
        Descriptor file = Descriptor.toBe();
        try (Frame frame = Frame.borrow()) {
            int fd = (int) Native.call(frame, OPEN, frame.cString(0, path),
                    flags | O_NONBLOCK | O_CLOEXEC, OWNER_ALONE, 0, 0, 0);
            if (fd < 0) {
                if (frame.errno() == Errno.ENOENT) {
                    return null;
                }
                throw frame.failure("open", "path=" + path);
            }
            file.is(fd);
            if ((int) Native.call(frame, FLOCK, fd, LOCK_EX | LOCK_NB, 0, 0, 0, 0) < 0) {
                int errno = frame.errno();
                file.close();
                if (errno == Errno.EAGAIN) {
                    return null;
                }
                throw new PosixException("flock", errno, "path=" + path);
            }
            return file;
        }
    }

    /// Whether `locked` is what has the name `path` now: another process may have removed it
    /// between the open and the lock, and what was locked would have no name.
    public static boolean isAt(Path path, Descriptor locked) {
        try {
            return Files.getAttribute(Path.of("/proc/self/fd/" + locked.number()), "unix:ino")
                    .equals(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) { // it is gone
            return false;
        }
    }
}
