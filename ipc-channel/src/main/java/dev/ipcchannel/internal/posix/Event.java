package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;

/// An event that a thread can wait for together with sockets, and that any thread can signal.
public final class Event {

    // int eventfd(unsigned int initval, int flags);
    private static final MemorySegment EVENTFD = Native.symbol("eventfd");
    // ssize_t read(int fd, void *buf, size_t count);
    private static final MemorySegment READ = Native.symbol("read");
    // ssize_t write(int fd, const void *buf, size_t count);
    private static final MemorySegment WRITE = Native.symbol("write");

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private final Descriptor descriptor = Descriptor.toBe();

    public Event() {
        try (Frame frame = Frame.borrow()) {
            int flags = EFD_CLOEXEC | EFD_NONBLOCK;
            int fd = (int) Native.call(frame, EVENTFD, 0, flags, 0, 0, 0, 0);
            if (fd < 0) {
                throw frame.failure("eventfd", "flags=" + flags);
            }
            descriptor.is(fd);
        }
    }

    /// A descriptor that is readable from the signal until [#clear].
    public Descriptor descriptor() {
        return descriptor;
    }

    /// Signals the event. Never waits.
    public void signal() {
        try (Frame frame = Frame.borrow()) {
            frame.setLong(0, 1);
            // Fails only if the counter is full, which has the same effect.
            Native.call(frame, WRITE, descriptor.number(), frame.address(0), Long.BYTES, 0, 0, 0);
        }
    }

    /// Resets the event. Never waits.
    public void clear() {
        try (Frame frame = Frame.borrow()) {
            // Fails only if the counter is zero, which has the same effect.
            Native.call(frame, READ, descriptor.number(), frame.address(0), Long.BYTES, 0, 0, 0);
        }
    }
}
