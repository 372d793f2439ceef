package dev.ipcchannel.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls on files and folders by name, with the number of each failure. The JDK's exceptions
/// have only a text in the words of the locale, which does not show what has run out.
public final class FileCalls {

    // int open(const char *pathname, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPEN = Native.symbol("open");
    // int mkdir(const char *pathname, mode_t mode);
    private static final MemorySegment MKDIR = Native.symbol("mkdir");
    // int rmdir(const char *pathname);
    private static final MemorySegment RMDIR = Native.symbol("rmdir");
    // int unlink(const char *pathname);
    private static final MemorySegment UNLINK = Native.symbol("unlink");
    // int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags);
    private static final MemorySegment LINKAT = Native.symbol("linkat");
    // int rename(const char *oldpath, const char *newpath);
    private static final MemorySegment RENAME = Native.symbol("rename");
    // ssize_t pread(int fd, void *buf, size_t count, off_t offset);
    private static final MemorySegment PREAD = Native.symbol("pread");
    // ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset);
    private static final MemorySegment PWRITE = Native.symbol("pwrite");
    // off_t lseek(int fd, off_t offset, int whence);
    private static final MemorySegment LSEEK = Native.symbol("lseek");

    private static final boolean IS_ARM = System.getProperty("os.arch").equals("aarch64");

    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    private static final int O_TMPFILE = 0x400000 | (IS_ARM ? 0x4000 : 0x10000);
    static final int O_NOFOLLOW = IS_ARM ? 0x8000 : 0x20000;
    // A pipe that another process put there must not make the call wait.
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;

    private static final int FILE_OF_OWNER = 0600;
    private static final int OWNER_ALONE = 0700;
    private static final int ROOM = 4000; // bytes of a frame, and the longest path
    private static final int HALF = ROOM / 2;

    // struct linux_dirent64 { u64 d_ino; s64 d_off; u16 d_reclen; u8 d_type; char d_name[]; };
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private FileCalls() {}

    /// Opens the file or folder at `path`. A file made by the call is accessible to its user only.
    ///
    /// @param flags in addition to those against a wait and against a child's inheriting it
    /// @return null if there is nothing there, or with `O_CREAT` no folder for it
    static @Nullable Descriptor open(String path, int flags) {
        Descriptor file = Descriptor.toBe();
        try (Frame frame = Frame.borrow()) {
            int fd = (int) Native.call(frame, OPEN, frame.cString(0, path),
                    flags | O_NONBLOCK | O_CLOEXEC, FILE_OF_OWNER, 0, 0, 0);
            if (fd >= 0) {
                return file.is(fd);
            }
            if (frame.errno() == Errno.ENOENT) {
                return null;
            }
            throw frame.failure("open", "path=" + path);
        }
    }

    /// Makes a file without a name, accessible to its user only, in the folder of `path`. It is
    /// removed with its descriptor, unless [#name] gives it the name `path`.
    ///
    /// @throws PosixException if there is no such folder (ENOENT), or if the file cannot be made
    static Descriptor openNameless(Path path) {
        String folder = String.valueOf(path.getParent());
        Descriptor file = open(folder, O_TMPFILE | O_RDWR);
        if (file == null) {
            throw new PosixException("open", Errno.ENOENT, "path=" + folder);
        }
        return file;
    }

    /// Gives a file of [#openNameless] its name, with its present contents.
    ///
    /// @return false if there is another file of that name
    static boolean name(Descriptor file, Path path) {
        try (Frame frame = Frame.borrow()) {
            long open = frame.cString(0, "/proc/self/fd/" + file.number());
            if ((int) Native.call(frame, LINKAT, AT_FDCWD, open, AT_FDCWD,
                    frame.cString(HALF, path.toString()), AT_SYMLINK_FOLLOW, 0) < 0) {
                if (frame.errno() == Errno.EEXIST) {
                    return false;
                }
                throw frame.failure("linkat", "path=" + path);
            }
            return true;
        }
    }

    /// Makes a folder that only this process's user may enter.
    ///
    /// @return false if there is a file or folder already
    /// @throws PosixException if it cannot be made
    public static boolean makeFolder(Path path) {
        try (Frame frame = Frame.borrow()) {
            if ((int) Native.call(frame, MKDIR, frame.cString(0, path.toString()), OWNER_ALONE, 0,
                    0, 0, 0) < 0) {
                if (frame.errno() == Errno.EEXIST) {
                    return false;
                }
                throw frame.failure("mkdir", "path=" + path);
            }
            return true;
        }
    }

    /// Removes an empty folder.
    ///
    /// @return false if it is not empty
    /// @throws PosixException if it cannot be removed, or is not a folder
    public static boolean removeFolder(Path path) {
        try (Frame frame = Frame.borrow()) {
            if ((int) Native.call(frame, RMDIR, frame.cString(0, path.toString()), 0, 0, 0, 0, 0)
                    < 0 && frame.errno() != Errno.ENOENT) {
                if (frame.errno() == Errno.ENOTEMPTY || frame.errno() == Errno.EEXIST) {
                    return false;
                }
                throw frame.failure("rmdir", "path=" + path);
            }
            return true;
        }
    }

    /// Removes a file, if it is there.
    ///
    /// @throws PosixException if it cannot be removed, for instance because it is a folder
    public static void remove(Path path) {
        try (Frame frame = Frame.borrow()) {
            if ((int) Native.call(frame, UNLINK, frame.cString(0, path.toString()), 0, 0, 0, 0, 0)
                    < 0 && frame.errno() != Errno.ENOENT) {
                throw frame.failure("unlink", "path=" + path);
            }
        }
    }

    /// Gives a file another name in its file system, atomically.
    public static void rename(Path from, Path to) {
        try (Frame frame = Frame.borrow()) {
            if ((int) Native.call(frame, RENAME, frame.cString(0, from.toString()),
                    frame.cString(HALF, to.toString()), 0, 0, 0, 0) < 0) {
                throw frame.failure("rename", "path=" + from + ", to=" + to);
            }
        }
    }

    /// Writes an open, empty file.
    public static void write(Descriptor file, byte[] bytes) {
        try (Frame frame = Frame.borrow()) {
            for (int at = 0; at < bytes.length;) {
                int piece = Math.min(ROOM, bytes.length - at);
                MemorySegment.copy(bytes, at, frame.arguments(), JAVA_BYTE, 0, piece);
                long written = Native.call(frame, PWRITE, file.number(), frame.address(0), piece,
                        at, 0, 0);
                if (written < 0) {
                    throw frame.failure("pwrite", "fd=" + file.number());
                }
                at += (int) written;
            }
        }
    }

    /// Reads an open file from its start.
    ///
    /// @param most the most bytes to read
    public static byte[] read(Descriptor file, int most) {
        byte[] bytes = new byte[Math.min(most, ROOM)];
        int length = 0;
        try (Frame frame = Frame.borrow()) {
            while (length < most) {
                long read = Native.call(frame, PREAD, file.number(), frame.address(0),
                        Math.min(ROOM, most - length), length, 0, 0);
                if (read < 0) {
                    throw frame.failure("pread", "fd=" + file.number());
                }
                if (read == 0) {
                    break;
                }
                if (length + read > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.min(most, 2 * bytes.length));
                }
                MemorySegment.copy(frame.arguments(), JAVA_BYTE, 0, bytes, length, (int) read);
                length += (int) read;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /// The names in an open folder, in no order.
    public static List<String> names(Descriptor folder) {
        List<String> names = new ArrayList<>();
        try (Frame frame = Frame.borrow()) {
            // It may have been read before.
            Native.call(frame, LSEEK, folder.number(), 0, 0, 0, 0, 0);
            for (int length = read(frame, folder); length > 0; length = read(frame, folder)) {
                for (int at = 0; at < length; at += frame.getShort(at + RECORD_LENGTH)) {
                    String name = name(frame.arguments(), at + NAME);
                    if (!name.equals(".") && !name.equals("..")) {
                        boolean _ = names.add(name);
                    }
                }
            }
            return names;
        }
    }

    private static String name(MemorySegment records, long start) {
        long end = start;
        while (records.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        byte[] bytes = new byte[(int) (end - start)];
        MemorySegment.copy(records, JAVA_BYTE, start, bytes, 0, bytes.length);
        return new String(bytes, FileNames.CHARSET);
    }

    private static int read(Frame frame, Descriptor folder) {
        int length = (int) Native.call(frame, ProcessWalk.SYSCALL, ProcessWalk.GETDENTS64,
                folder.number(), frame.address(0), ROOM, 0, 0);
        if (length < 0 && frame.errno() != Errno.ENOENT) { // a removed folder is empty
            throw frame.failure("getdents64", "fd=" + folder.number());
        }
        return length;
    }
}
