package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file descriptor with one owner. The second and later closes do nothing.
///
/// A close never waits for another process: one that another process has sent may take as long to
/// close as that process likes, so its [Closer] sees to it. What lies unread in the queue of a
/// socket goes with the socket, and may wait as well: a socket that others send to is closed by
/// [Sockets].
///
/// Whoever closes one makes sure first that no thread is in a call with its number: the kernel
/// gives the number out again at once, and closing wakes nobody.
public final class Descriptor implements AutoCloseable {

    // int fcntl(int fd, int op, ... /* int arg */);
    static final MemorySegment FCNTL = Native.symbol("fcntl");

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int CLOSED = -1;

    private final AtomicInteger number;
    private final Closer closer; // of what comes through it, and of itself if it is foreign
    private final boolean isForeign;

    /// One that this process has made.
    public Descriptor(int number) {
        this(number, new Closer(), false);
    }

    /// One that this process is about to make, for [#is]: where the heap has no room for it, that
    /// is known before the kernel has opened anything.
    static Descriptor toBe() {
        return new Descriptor(CLOSED);
    }

    /// The same for a connection that a listener of this process is about to accept: a stranger's,
    /// until its closer has been told otherwise.
    static Descriptor toBeAccepted() {
        return new Descriptor(CLOSED, Closer.ofStranger(), false);
    }

    /// One that another process has sent through a socket.
    public Descriptor(int number, Descriptor socket) {
        this(number, socket.closer, true);
    }

    private Descriptor(int number, Closer closer, boolean isForeign) {
        this.number = new AtomicInteger(number);
        this.closer = closer;
        this.isForeign = isForeign;
    }

    /// The kernel has opened it.
    Descriptor is(int opened) {
        number.set(opened);
        return this;
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

    boolean isClosed() {
        return number.getPlain() == CLOSED;
    }

    /// Another descriptor for the same open file, closed on exec. Of one that came from elsewhere
    /// only once it is known what it is: the copy is closed in place.
    public Descriptor duplicate() {
        Descriptor duplicate = new Descriptor(CLOSED, closer, false);
        try (Frame frame = Frame.borrow()) {
            int copy = (int) Native.call(frame, FCNTL, number(), F_DUPFD_CLOEXEC, 0, 0, 0, 0);
            if (copy < 0) {
                throw frame.failure("fcntl(F_DUPFD_CLOEXEC)", "fd=" + number());
            }
            return duplicate.is(copy);
        }
    }

    /// Gives the descriptor back to the kernel.
    @Override
    public void close() {
        give();
        if (isForeign) {
            closer.settle();
        }
    }

    private void give() {
        int current = release();
        if (current == CLOSED) {
            return;
        }
        if (isForeign) {
            closer.close(current);
        } else {
            Closer.closeNow(current);
        }
    }

    /// Closes many that a message has brought.
    public static void closeAll(List<Descriptor> descriptors) {
        for (int i = 0; i < descriptors.size(); i++) { // an iterator would ask the heap for room
            descriptors.get(i).give();
        }
        for (int i = 0; i < descriptors.size(); i++) {
            descriptors.get(i).closer.settle(); // mostly one closer's
        }
    }

    /// Has its closer close it, on the thread that may wait.
    void closeLater() {
        int current = release();
        if (current != CLOSED) {
            closer.closeLater(current);
        }
    }

    /// Closes it in place, once it is known that this cannot wait.
    void closeNow() {
        int current = release();
        if (current != CLOSED) {
            Closer.closeNow(current);
        }
    }

    /// @return the number, for whatever closes it, once; then -1
    private int release() {
        return number.getAndSet(CLOSED);
    }

    /// Closes what comes through this descriptor, a socket; and the descriptor itself, if it has
    /// come through another: what one process has sent has one closer.
    public Closer closer() {
        return closer;
    }

    @Override
    public String toString() {
        return "fd " + number.getPlain();
    }
}
