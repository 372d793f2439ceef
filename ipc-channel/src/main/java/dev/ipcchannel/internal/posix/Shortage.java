package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// The words for a resource that has run out when files are made or opened: how much of it there
/// is, and how to have more.
public final class Shortage {

    // int getrlimit(int resource, struct rlimit *rlim);
    private static final MemorySegment GETRLIMIT = Native.symbol("getrlimit");

    private static final int RLIMIT_NOFILE = 7; // struct rlimit begins with the effective limit
    private static final long UNKNOWN = -1;

    private Shortage() {}

    /// The sentence about the resource that a call with `path` lacks.
    ///
    /// @param failure an exhaustion
    public static String of(PosixException failure, Path path) {
        return switch (failure.errno()) {
            case Errno.EMFILE -> failure.call().startsWith("inotify") ? instances() : descriptors();
            case Errno.ENFILE ->
                    ("this machine may open no more files: at most=%s: end what is not needed, or"
                            + " raise fs.file-max (sysctl)")
                            .formatted(shown(setting("file-max")));
            case Errno.ENOSPC -> failure.call().startsWith("inotify") ? watches("inotify")
                    : failure.call().startsWith("epoll") ? watches("epoll")
                            : ("its file system has no room for more: bytes=%s: remove what is not"
                                    + " needed there")
                                    .formatted(shown(size(path)));
            case Errno.EDQUOT -> "this user may keep no more in its file system: bytes=%s: remove"
                    .formatted(shown(size(path))) + " what is not needed, or have the quota raised";
            case Errno.EFBIG ->
                    ("no file may be so long there, or of this process: %s: raise the limit"
                            + " (ulimit -f)")
                            .formatted(failure.getMessage());
            default ->
                    ("the kernel has no memory for it: %s: end what is not needed, or give the"
                            + " machine or the container more")
                            .formatted(failure.getMessage());
        };
    }

    private static String watches(String by) {
        return ("this user may have no more of them watched: at most=%s: raise"
                + " fs.%s.max_user_watches (sysctl)")
                .formatted(shown(setting(by + "/max_user_watches")), by);
    }

    /// There are two limits with one errno: the process's limit is reached if no other file can be
    /// opened.
    private static String instances() {
        long most = setting("inotify/max_user_instances");
        return most == UNKNOWN ? descriptors()
                : ("this user may have no more lists of watched files: at most=%d: raise"
                        + " fs.inotify.max_user_instances (sysctl)")
                        .formatted(most);
    }

    private static String descriptors() {
        return ("this process may open no more files: at most=%s: close what is not needed, or"
                + " raise the limit (ulimit -n)")
                .formatted(shown(maxDescriptors()));
    }

    private static String shown(long most) {
        return most == UNKNOWN ? "?" : Long.toUnsignedString(most);
    }

    private static long maxDescriptors() {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, GETRLIMIT, RLIMIT_NOFILE, frame.address(0), 0, 0, 0, 0)
                    < 0 ? UNKNOWN : frame.getLong(0);
        }
    }

    private static long setting(String name) {
        try {
            return Figures.number(Files.readString(Path.of("/proc/sys/fs", name)), UNKNOWN);
        } catch (IOException _) { // no descriptor for it, or no such setting
            return UNKNOWN;
        }
    }

    private static long size(Path path) {
        try {
            return Files.getFileStore(path).getTotalSpace();
        } catch (IOException _) {
            return UNKNOWN;
        }
    }
}
