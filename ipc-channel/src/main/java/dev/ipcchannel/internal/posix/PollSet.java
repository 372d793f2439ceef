package dev.ipcchannel.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The sockets that one wait looks at, and the result. Used by one thread at a time, for wait after
/// wait.
public final class PollSet {

    // int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t
    // *sigmask);
    private static final MemorySegment PPOLL = Native.symbol("ppoll");

    /// The interest in something to read, or the end.
    public static final int READABLE = 0x001; // POLLIN
    /// The interest in room to write.
    public static final int WRITABLE = 0x004; // POLLOUT

    // struct pollfd { int fd; short events; short revents; };
    private static final long POLLFD = 8;
    private static final long EVENTS = 4;
    private static final long REVENTS = 6;

    // Struct timespec { time_t tv_sec; long tv_nsec; }; at the start of the frame, before the
    // descriptors.
    private static final long TIMESPEC = 16;
    private static final int NO_DESCRIPTOR = -1; // skipped by ppoll
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    private int[] numbers = new int[8];
    private int[] events = new int[8];
    private int[] found = new int[8];
    private int count;

    /// Removes all descriptors.
    public void clear() {
        count = 0;
    }

    /// Adds a descriptor and returns its place, which [#isReady] takes.
    public int add(Descriptor descriptor, int interest) {
        return add(descriptor.number(), interest);
    }

    /// Adds a place at which nothing is ever found.
    public void addNothing() {
        int _ = add(NO_DESCRIPTOR, 0);
    }

    private int add(int number, int interest) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            events = Arrays.copyOf(events, 2 * count);
            found = Arrays.copyOf(found, 2 * count);
        }
        numbers[count] = number;
        events[count] = interest;
        found[count] = 0;
        return count++;
    }

    /// Whether anything was found at this place: the interest, an end, or an error.
    public boolean isReady(int place) {
        return found[place] != 0;
    }

    /// Waits until something is found, a signal comes or `nanos` have passed; [Long#MAX_VALUE]
    /// waits for ever.
    ///
    /// @return whether anything was found
    public boolean poll(long nanos) {
        try (Frame frame = Frame.borrow()) {
            long room = (frame.arguments().byteSize() - TIMESPEC) / POLLFD;
            if (count <= room) {
                return poll(frame, frame.arguments(), TIMESPEC, nanos);
            }
            try (Arena arena = Arena.ofConfined()) {
                return poll(frame, arena.allocate(count * POLLFD, POLLFD), 0, nanos);
            }
        }
    }

    /// Polls. It uses no slice of the memory, so that a wait allocates nothing.
    private boolean poll(Frame frame, MemorySegment memory, long pollfds, long nanos) {
        for (int i = 0; i < count; i++) {
            memory.set(JAVA_INT, pollfds + i * POLLFD, numbers[i]);
            memory.set(JAVA_SHORT, pollfds + i * POLLFD + EVENTS, (short) events[i]);
            memory.set(JAVA_SHORT, pollfds + i * POLLFD + REVENTS, (short) 0);
        }
        frame.setLong(0, nanos / NANOS_A_SECOND);
        frame.setLong(8, nanos % NANOS_A_SECOND);
        long timeout = nanos == Long.MAX_VALUE ? 0 : frame.address(0);
        // A look is repeated after a signal: an event that it misses may never be notified again.
        int ready = (int) (nanos == 0
                ? Native.call(frame, PPOLL, memory.address() + pollfds, count, timeout, 0, 0, 0)
                : Native.once(frame, PPOLL, memory.address() + pollfds, count, timeout, 0, 0, 0));
        if (ready < 0 && frame.errno() != Errno.EINTR) {
            throw frame.failure("ppoll", "descriptors=" + count);
        }
        for (int i = 0; i < count; i++) {
            found[i] = ready <= 0 ? 0 : memory.get(JAVA_SHORT, pollfds + i * POLLFD + REVENTS);
        }
        return ready > 0;
    }

    /// Looks without waiting.
    ///
    /// @return whether anything was found
    public boolean look() {
        return poll(0);
    }

    /// Whether the other side of a socket is gone. Never waits.
    public static boolean isHungUp(Descriptor socket) {
        PollSet set = new PollSet();
        set.add(socket, 0); // the end is reported in any case
        return set.look();
    }

    /// Removes the last descriptor.
    ///
    /// @return whether anything was found at another place
    public boolean removeLastAndLook() {
        count--;
        for (int i = 0; i < count; i++) {
            if (found[i] != 0) {
                return true;
            }
        }
        return false;
    }
}
