package dev.ipcchannel.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The kernel's list of sockets to watch, each with a token of the caller's choice.
///
/// Any thread may add and remove, even while a thread waits; only one thread waits.
public final class Epoll {

    /// The most events of one wait.
    public static final int EVENTS = 64;

    /// The events of a socket that are wanted.
    public enum Interest {

        /// The peer's end, once.
        END(EPOLLRDHUP | EPOLLET),

        /// The end of both directions, once: then the peer is gone, whatever other processes do to
        /// this side.
        BOTH_ENDS(EPOLLET),

        /// Each arrival once, and the peer's end once.
        ARRIVALS(EPOLLIN | EPOLLRDHUP | EPOLLET),

        /// Something to read, or the peer's end, as long as it lasts.
        STATE(EPOLLIN | EPOLLRDHUP),

        /// Room to write, as long as it lasts.
        ROOM(EPOLLOUT),

        /// Both of the last two.
        STATE_OR_ROOM(EPOLLIN | EPOLLRDHUP | EPOLLOUT),

        /// Something to read, or the peer's end, but once, until [Epoll#change] asks again.
        NEXT_STATE(EPOLLIN | EPOLLRDHUP | EPOLLONESHOT);

        private final int bits;

        Interest(int bits) {
            this.bits = bits;
        }
    }

    // int epoll_create1(int flags);
    private static final MemorySegment EPOLL_CREATE1 = Native.symbol("epoll_create1");
    // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
    private static final MemorySegment EPOLL_CTL = Native.symbol("epoll_ctl");
    // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);
    private static final MemorySegment EPOLL_WAIT = Native.symbol("epoll_wait");

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLLIN = 0x1;
    private static final int EPOLLOUT = 0x4;
    private static final int EPOLLERR = 0x8;
    private static final int EPOLLHUP = 0x10;
    private static final int EPOLLRDHUP = 0x2000;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int EPOLLET = 1 << 31;

    // struct epoll_event { uint32_t events; epoll_data_t data; }; packed on x86-64 and nowhere else
    private static final boolean IS_PACKED = System.getProperty("os.arch").equals("amd64");
    private static final long EVENT = IS_PACKED ? 12 : 16;
    private static final long DATA = IS_PACKED ? 4 : 8;
    private static final ValueLayout.OfLong TOKEN = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Descriptor descriptor = Descriptor.toBe();
    private final MemorySegment events = Arena.ofAuto().allocate(EVENTS * EVENT, 8);

    public Epoll() {
        try (Frame frame = Frame.borrow()) {
            int fd = (int) Native.call(frame, EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0, 0, 0);
            if (fd < 0) {
                throw frame.failure("epoll_create1", "flags=" + EPOLL_CLOEXEC);
            }
            descriptor.is(fd);
        }
    }

    /// Closes the list.
    public void close() {
        descriptor.close();
    }

    /// A descriptor that is readable while there are events: for a wait on many things.
    public Descriptor descriptor() {
        return descriptor;
    }

    /// Reports events of a socket with `token` from now on; also those that are there already.
    public void add(Descriptor socket, Interest interest, long token) {
        control("epoll_ctl(EPOLL_CTL_ADD)", EPOLL_CTL_ADD, socket, interest.bits, token);
    }

    /// Reports other events of an added socket with `token` from now on; also those that are there
    /// already.
    public void change(Descriptor socket, Interest interest, long token) {
        control("epoll_ctl(EPOLL_CTL_MOD)", EPOLL_CTL_MOD, socket, interest.bits, token);
    }

    /// Stops watching `socket`. Called before its close: another process may keep the same open
    /// socket alive.
    public void remove(Descriptor socket) {
        control("epoll_ctl(EPOLL_CTL_DEL)", EPOLL_CTL_DEL, socket, 0, 0);
    }

    private void control(String call, int operation, Descriptor socket, int bits, long token) {
        try (Frame frame = Frame.borrow()) {
            frame.setInt(0, bits); // EPOLLERR and EPOLLHUP are reported in any case
            frame.arguments().set(TOKEN, DATA, token);
            if ((int) Native.call(frame, EPOLL_CTL, descriptor.number(), operation,
                    socket.number(), frame.address(0), 0, 0) < 0) {
                throw frame.failure(call, "fd=" + socket.number());
            }
        }
    }

    /// Waits for events, or only looks.
    ///
    /// @param isPatient whether to wait at all
    /// @return the number of events; [#token] gives them
    public int await(boolean isPatient) {
        try (Frame frame = Frame.borrow()) {
            int count = (int) Native.call(frame, EPOLL_WAIT, descriptor.number(), events.address(),
                    EVENTS, isPatient ? -1 : 0, 0, 0);
            if (count < 0) {
                throw frame.failure("epoll_wait", "fd=" + descriptor.number());
            }
            return count;
        }
    }

    /// The token of event number `i` of the last wait.
    public long token(int i) {
        return events.get(TOKEN, i * EVENT + DATA);
    }

    /// Whether event number `i` of the last wait is the peer's end.
    public boolean isEnd(int i) {
        return (found(i) & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    }

    /// Whether event number `i` of the last wait means that there is something to read, or an end.
    public boolean isReadable(int i) {
        return (found(i) & ~EPOLLOUT) != 0;
    }

    /// Whether event number `i` of the last wait means that a write would return at once: there is
    /// room, or the peer is gone.
    public boolean isWritable(int i) {
        return (found(i) & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
    }

    private int found(int i) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, i * EVENT);
    }
}
