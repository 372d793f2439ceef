package dev.ipcchannel.internal.posix;

/// A failure of a system call that its caller did not expect.
public final class PosixException extends RuntimeException {

    private static final String MAKING_MEMORY = "memfd_create";

    private final String call;
    private final int errno;

    /// @param detail the arguments of the call, as `name=value` pairs
    public PosixException(String call, int errno, String detail) {
        super("%s failed: %s (%d), %s".formatted(call, Errno.name(errno), errno, detail));
        this.call = call;
        this.errno = errno;
    }

    /// Whether memory that processes share cannot be made here at all: a filter of system calls
    /// denies it, or the kernel does not have the call.
    public boolean isMemoryDenied() {
        return call.equals(MAKING_MEMORY) && (errno == Errno.EPERM || errno == Errno.EACCES
                || errno == Errno.ENOSYS);
    }

    /// The error number, one of [Errno] or another.
    public int errno() {
        return errno;
    }

    /// The function of the C library.
    String call() {
        return call;
    }

    /// Whether the file system, or a layer above it, does not support such a call at all, for any
    /// file.
    public boolean isRefusal() {
        return switch (errno) {
            case Errno.EPERM, Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.ENOLCK, Errno.EBADF,
                    Errno.EINVAL -> true;
            default -> false;
        };
    }

    /// Whether the object of the call does not exist.
    public boolean isAbsence() {
        return errno == Errno.ENOENT;
    }

    /// Whether the process, the user or the machine has run out of a resource: descriptors, memory,
    /// space.
    public boolean isExhaustion() {
        return switch (errno) {
            case Errno.ENFILE, Errno.EMFILE, Errno.ENOMEM, Errno.ENOSPC, Errno.EFBIG, Errno.ENOBUFS,
                    Errno.ETOOMANYREFS, Errno.EAGAIN, Errno.EDQUOT -> true;
            default -> false;
        };
    }
}
