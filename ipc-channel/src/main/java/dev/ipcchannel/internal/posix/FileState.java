package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The state of a file or folder at one moment, by one call; the JDK makes a call for each
/// attribute.
///
/// @param mode its kind and its rights
/// @param uid the number of its owner
/// @param device the number of its file system
/// @param inode its number in its file system
/// @param size in bytes
/// @param allocated the bytes that have space in the file system, unlike holes
/// @param modified when it was last written
public record FileState(int mode, int uid, long device, long inode, long size,
        long allocated, FileTime modified) {

    // int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf);
    private static final MemorySegment STATX = Native.symbol("statx"); // as all processors have it

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;

    // struct statx, of 256 bytes
    private static final int UID = 20;
    private static final int MODE = 28; // 16 bits
    private static final int INODE = 32;
    private static final int SIZE = 40;
    private static final int BLOCKS = 48;
    private static final int MODIFIED = 112; // seconds; nanoseconds in 4 bytes
    private static final int DEVICE_MAJOR = 136;
    private static final int DEVICE_MINOR = 140;
    private static final int LENGTH = 256;

    private static final long BLOCK = 512;

    private static final int KIND = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;
    private static final int SOCKET = 0140000;
    private static final int RIGHTS = 07777; // the sticky bit with them
    private static final int OF_OTHERS = 0077;

    /// The state of an open file.
    public static FileState of(Descriptor file) {
        FileState state = state(file.number(), "", AT_EMPTY_PATH);
        if (state == null) {
            throw new PosixException("statx", Errno.ENOENT, "fd=" + file.number());
        }
        return state;
    }

    /// The state of the file at `path`, without following a link; null if there is none.
    ///
    /// @throws PosixException if it cannot be determined
    public static @Nullable FileState at(Path path) {
        return state(AT_FDCWD, path.toString(), AT_SYMLINK_NOFOLLOW);
    }

    private static @Nullable FileState state(int folder, String path, int flags) {
        try (Frame frame = Frame.borrow()) {
            if ((int) Native.call(frame, STATX, folder, frame.cString(LENGTH, path), flags,
                    STATX_BASIC_STATS, frame.address(0), 0) < 0) {
                if (frame.errno() == Errno.ENOENT || frame.errno() == Errno.ENOTDIR) {
                    return null;
                }
                throw frame.failure("statx", path.isEmpty() ? "fd=" + folder : "path=" + path);
            }
            long nanos = TimeUnit.SECONDS.toNanos(frame.getLong(MODIFIED))
                    + frame.getInt(MODIFIED + Long.BYTES);
            return new FileState(frame.getInt(MODE) & 0xffff, frame.getInt(UID),
                    (long) frame.getInt(DEVICE_MAJOR) << Integer.SIZE | frame.getInt(DEVICE_MINOR),
                    frame.getLong(INODE), frame.getLong(SIZE), BLOCK * frame.getLong(BLOCKS),
                    FileTime.from(nanos, TimeUnit.NANOSECONDS));
        }
    }

    /// Whether both are the same file: inode numbers are unique only in one file system.
    public boolean isSame(FileState other) {
        return inode == other.inode && device == other.device;
    }

    /// The kernel's name for it in its list of locks ([proc_locks(5)]
    /// (https://man7.org/linux/man-pages/man5/proc_locks.5.html)): `00:2a:1234`, for instance. On a
    /// file system with a device number for each part, such as Btrfs, the list has another name.
    public String nameOfLock() {
        return "%02x:%02x:%d".formatted(device >>> Integer.SIZE, (int) device, inode);
    }

    /// Whether it is a file with bytes, and not a folder, socket or link.
    public boolean isRegular() {
        return (mode & KIND) == REGULAR;
    }

    /// Whether it is a folder.
    public boolean isFolder() {
        return (mode & KIND) == FOLDER;
    }

    /// Whether it is a symbolic link.
    public boolean isLink() {
        return (mode & KIND) == LINK;
    }

    /// Whether the file is a socket of this process's user.
    public boolean isOwnSocket() {
        return (mode & KIND) == SOCKET && isOwn();
    }

    /// Its rights, as for `chmod`: `755`, or `1777`.
    public String rights() {
        return "%03o".formatted(mode & RIGHTS);
    }

    /// Whether the file is a folder of this process's user that no other user may enter.
    public boolean isOwnAlone() {
        return (mode & (KIND | OF_OTHERS)) == FOLDER && isOwn();
    }

    /// Whether it belongs to this process's user.
    public boolean isOwn() {
        return uid == Users.effective();
    }
}
