package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Locks that belong to an open file and die with its process: `flock`, not `fcntl`, whose locks
/// (the JDK's) vanish when any descriptor of the file is closed.
public final class Flock {

    // int open(const char *pathname, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPEN = Native.symbol("open");
    // int flock(int fd, int op);
    private static final MemorySegment FLOCK = Native.symbol("flock");

    // A pipe that somebody put there does not make us wait.
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private Flock() {}

    /// Opens what is at `path`, a directory as well, and locks it for this open file alone.
    ///
    /// @return null if there is nothing there or somebody holds the lock
    public static @Nullable Descriptor openLocked(String path) {
        Descriptor file = Descriptor.toBe();
        try (Frame frame = Frame.borrow()) {
            int fd = (int) Native.call(frame, OPEN, frame.cString(0, path), O_NONBLOCK | O_CLOEXEC,
                    0, 0, 0, 0);
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
}
