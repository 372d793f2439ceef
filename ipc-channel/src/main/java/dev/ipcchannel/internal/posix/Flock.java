package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Locks that belong to an open file and die with its process: `flock`, not `fcntl`, whose locks
/// (the JDK's) vanish when any descriptor of the file is closed.
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

    /// Opens what is at `path`, a directory as well, to look at it. No link is followed.
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

    /// Whether somebody owns what is open, by a lock. Those who ask share one for a moment, so that
    /// none takes another for the owner.
    ///
    /// @param path of it, for sentences
    public static boolean isOwned(Descriptor file, String path) {
        return !tryLock(file, path, LOCK_SH);
    }

    /// Whether `locked` is what has the name `path` now: another process may have removed it
    /// between the open and the lock, and what was locked would have no name.
    public static boolean isAt(Path path, Descriptor locked) {
        try {
            FileState there = FileState.at(path);
            return there != null && there.isSame(FileState.of(locked));
        } catch (PosixException _) { // nobody can look there
            return false;
        }
    }

    /// The process that has what is at `path` locked, as the kernel lists it ([proc_locks(5)]
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
