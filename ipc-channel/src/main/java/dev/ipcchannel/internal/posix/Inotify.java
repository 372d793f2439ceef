package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/// The kernel's notes on files and folders that are removed or moved away: one descriptor for all
/// of them, which is readable while there are notes.
///
/// If an open file loses its name, the kernel notes only a change of its attributes: so a note
/// means that something may have changed, and its reader has to look.
public final class Inotify {

    /// The number for lost notes: everything has to be looked at.
    public static final int ALL = -1;

    // int inotify_init1(int flags);
    private static final MemorySegment INOTIFY_INIT1 = Native.symbol("inotify_init1");
    // int inotify_add_watch(int fd, const char *pathname, uint32_t mask);
    private static final MemorySegment ADD_WATCH = Native.symbol("inotify_add_watch");
    // int inotify_rm_watch(int fd, int wd);
    private static final MemorySegment RM_WATCH = Native.symbol("inotify_rm_watch");
    // ssize_t read(int fd, void *buf, size_t count);
    private static final MemorySegment READ = Native.symbol("read");

    private static final int IN_CLOEXEC = 0x80000;
    private static final int IN_NONBLOCK = 0x800;
    private static final int IN_ATTRIB = 0x4;
    private static final int IN_DELETE_SELF = 0x400;
    private static final int IN_MOVE_SELF = 0x800;
    private static final int IN_DONT_FOLLOW = 0x02000000;

    // struct inotify_event { int wd; uint32_t mask; uint32_t cookie; uint32_t len; char name[]; };
    private static final int NAME_LENGTH = 12;
    private static final int NAME = 16;
    private static final int ROOM = 4000; // bytes of a frame

    private final Descriptor descriptor = Descriptor.toBe();

    /// @throws PosixException if this user has as many of them as allowed, or there are no
    /// descriptors
    public Inotify() {
        try (Frame frame = Frame.borrow()) {
            int flags = IN_CLOEXEC | IN_NONBLOCK;
            int fd = (int) Native.call(frame, INOTIFY_INIT1, flags, 0, 0, 0, 0, 0);
            if (fd < 0) {
                throw frame.failure("inotify_init1", "flags=" + flags);
            }
            descriptor.is(fd);
        }
    }

    /// A descriptor that is readable while there are notes.
    public Descriptor descriptor() {
        return descriptor;
    }

    /// Starts noting changes of a file or folder.
    ///
    /// @return the number in its notes; the same number for a file that is watched already
    /// @throws PosixException if it is not there, or if this user may watch no more files
    public int watch(Path file) {
        try (Frame frame = Frame.borrow()) {
            int number = (int) Native.call(frame, ADD_WATCH, descriptor.number(),
                    frame.cString(0, file.toString()),
                    IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_DONT_FOLLOW, 0, 0, 0);
            if (number < 0) {
                throw frame.failure("inotify_add_watch", "path=" + file);
            }
            return number;
        }
    }

    /// Stops noting changes. Does nothing if the file is gone.
    public void unwatch(int number) {
        try (Frame frame = Frame.borrow()) {
            Native.call(frame, RM_WATCH, descriptor.number(), number, 0, 0, 0, 0);
        }
    }

    /// Reads some notes. Never waits.
    ///
    /// @return the number in each, or [#ALL]; empty if there are none
    public int[] read() {
        try (Frame frame = Frame.borrow()) {
            long length =
                    Native.call(frame, READ, descriptor.number(), frame.address(0), ROOM, 0, 0,
                            0);
            if (length < 0) {
                if (frame.errno() == Errno.EAGAIN) {
                    return new int[0];
                }
                throw frame.failure("read", "fd=" + descriptor.number());
            }
            return numbers(frame, length);
        }
    }

    private static int[] numbers(Frame frame, long length) {
        int[] found = new int[(int) (length / NAME)];
        int count = 0;
        for (long at = 0; at < length; at += NAME + frame.getInt(at + NAME_LENGTH)) {
            found[count] = frame.getInt(at);
            count++;
        }
        return Arrays.copyOf(found, count);
    }
}
