package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// The kernel's waits on a word of memory ([futex(2)]
/// (https://man7.org/linux/man-pages/man2/futex.2.html)), in the form for words that processes
/// share: the kernel finds a word by its file and offset, not by its address.
public final class Futex {

    // long syscall(SYS_futex, uint32_t *uaddr, int futex_op, uint32_t val,
    //         const struct timespec *timeout, uint32_t *uaddr2, uint32_t val3);
    private static final MemorySegment SYSCALL = ProcessWalk.SYSCALL;
    private static final long FUTEX = System.getProperty("os.arch").equals("aarch64") ? 98 : 202;

    private static final int FUTEX_WAIT = 0; // this and the next without FUTEX_PRIVATE_FLAG
    private static final int FUTEX_WAKE = 1;

    // struct timespec { time_t tv_sec; long tv_nsec; };
    private static final int NANOS = 8;
    private static final long NONE = 0; // no timeout, no second word

    private Futex() {}

    /// Sleeps while the word is `expected`, until a wake, a signal, or the end of the time. The
    /// kernel loads the word once more before the sleep: a wake after the caller's own load is not
    /// lost.
    ///
    /// It does not report why it returns: the caller loads the word again, and finds the reason
    /// there, even that there is no memory at `address` (any more).
    public static void await(long address, int expected, long nanos) {
        try (Frame frame = Frame.borrow()) {
            frame.setLong(0, nanos / TimeUnit.SECONDS.toNanos(1));
            frame.setLong(NANOS, nanos % TimeUnit.SECONDS.toNanos(1));
            long _ = Native.withoutErrno(SYSCALL, FUTEX, address, FUTEX_WAIT,
                    Integer.toUnsignedLong(expected), frame.address(0), NONE);
        }
    }

    /// Wakes threads of any process that sleep on the word.
    ///
    /// @param most the most threads to wake
    /// @throws PosixException if there is no memory at `address` (any more), EFAULT
    public static void wake(long address, int most) {
        if (Native.withoutErrno(SYSCALL, FUTEX, address, FUTEX_WAKE, most, NONE, NONE) < 0) {
            explainWake(address, most);
        }
    }

    /// Repeats a wake that has failed, for its `errno`.
    private static void explainWake(long address, int most) {
        try (Frame frame = Frame.borrow()) {
            if (Native.once(frame, SYSCALL, FUTEX, address, FUTEX_WAKE, most, NONE, NONE) < 0) {
                throw frame.failure("futex(FUTEX_WAKE)", "most=" + most);
            }
        }
    }
}
