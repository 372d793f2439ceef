package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file descriptor with one owner. The second and later closes do nothing.
///
/// Whoever closes one makes sure first that no thread is in a call with its number: the kernel
/// gives the number out again at once, and closing wakes nobody.
public final class Descriptor implements AutoCloseable {

    // int close(int fd);
    private static final MemorySegment CLOSE = Native.symbol("close");
    // int fcntl(int fd, int op, ... /* int arg */);
    static final MemorySegment FCNTL = Native.symbol("fcntl");

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int CLOSED = -1;

    private final AtomicInteger number;

    public Descriptor(int number) {
        this.number = new AtomicInteger(number);
    }

    /// The number that the kernel knows it by.
    ///
    /// @throws IllegalStateException after a close
    public int number() {
        int current = number.getPlain();
        if (current == CLOSED) {
            throw new IllegalStateException("descriptor is closed");
        }
        return current;
    }

    /// Another descriptor for the same open file, closed on exec.
    public Descriptor duplicate() {
        try (Frame frame = Frame.borrow()) {
            int copy = (int) Native.call(frame, FCNTL, number(), F_DUPFD_CLOEXEC, 0, 0, 0, 0);
            if (copy < 0) {
                throw frame.failure("fcntl(F_DUPFD_CLOEXEC)", "fd=" + number());
            }
            return new Descriptor(copy);
        }
    }

    /// Gives the descriptor back to the kernel.
    @Override
    public void close() {
        int current = number.getAndSet(CLOSED);
        if (current != CLOSED) {
            try (Frame frame = Frame.borrow()) {
                // Closed whatever it answers, EINTR as well, as Linux has it.
                Native.once(frame, CLOSE, current, 0, 0, 0, 0, 0);
            }
        }
    }

    @Override
    public String toString() {
        return "fd " + number.getPlain();
    }
}
