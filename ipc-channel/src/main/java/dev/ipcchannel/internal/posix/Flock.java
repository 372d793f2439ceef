package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The locks of open files, which end with their process: `flock`, not `fcntl`, because `fcntl`
/// locks (the JDK's) vanish when any descriptor of the file is closed.
public final class Flock {

    // int flock(int fd, int op);
    private static final MemorySegment FLOCK = Native.symbol("flock");

    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    // The words of a line of /proc/locks: 1: FLOCK ADVISORY WRITE 4711 00:2a:1234 0 EOF
    private static final int KIND = 1;
    private static final int PID = 4;
    private static final int FILE = 5;

    private Flock() {}

    /// Opens the file or directory at `path`, and locks it for this open file alone.
    ///
    /// @return null if there is nothing there, or if it is locked already
    public static @Nullable Descriptor openLocked(String path) {
        return openLocked(path, 0);
    }

    /// Opens the file at `path`, makes it if there is none, follows no link, and locks it for this
    /// open file alone. It is open for writing as well, because NFS locks no other files.
    ///
    /// @return null if it is locked already, or if its folder is gone
    public static @Nullable Descriptor createLocked(String path) {
        return openLocked(path, FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW);
    }

    private static @Nullable Descriptor openLocked(String path, int flags) {
        Descriptor file = FileCalls.open(path, flags);
        boolean isKept = false;
        try {
            isKept = file != null && tryLock(file, path, LOCK_EX);
            return isKept ? file : null;
        } finally {
            if (file != null && !isKept) {
                file.close();
            }
        }
    }

    /// Opens the file or directory at `path`, to look at it. Follows no link.
    ///
    /// @return null if there is nothing there
    public static @Nullable Descriptor open(String path) {
        return FileCalls.open(path, FileCalls.O_NOFOLLOW);
    }

    private static boolean tryLock(Descriptor file, String path, int kind) {
        try (Frame frame = Frame.borrow()) {
            boolean isLocked =
                    (int) Native.call(frame, FLOCK, file.number(), kind | LOCK_NB, 0, 0, 0, 0)
                            == 0;
            if (!isLocked && frame.errno() != Errno.EAGAIN) {
                throw frame.failure("flock", "path=" + path);
            }
            return isLocked;
        }
    }

    /// Whether an open file has an owner, by a lock. The test takes a shared lock for a moment, so
    /// that two tests do not take each other for the owner.
    ///
    /// @param path of the file, for sentences
    public static boolean isOwned(Descriptor file, String path) {
        return !tryLock(file, path, LOCK_SH);
    }

    /// Whether `locked` still has the name `path`: another process may have removed it between the
    /// open and the lock, and then the locked file has no name.
    public static boolean isAt(Path path, Descriptor locked) {
        try {
            FileState there = FileState.at(path);
            return there != null && there.isSame(FileState.of(locked));
        } catch (PosixException _) { // the path cannot be looked at
            return false;
        }
    }

    /// The process that has locked the file at `path`, by the kernel's list ([proc_locks(5)]
    /// (https://man7.org/linux/man-pages/man5/proc_locks.5.html)); 0 if that is not known.
    public static long holder(Path path) {
        try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
            FileState state = FileState.at(path);
            String file = state == null ? "" : state.nameOfLock();
            return locks.map(line -> line.trim().split(" +"))
                    .filter(words -> words.length > FILE && words[KIND].equals("FLOCK")
                            && words[FILE].equals(file))
                    .mapToLong(words -> Long.parseLong(words[PID])).findFirst().orElse(0);
        } catch (IOException | UncheckedIOException | PosixException _) {
            return 0;
        }
    }
}
