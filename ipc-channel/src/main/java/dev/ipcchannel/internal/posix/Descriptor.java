package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// An open file descriptor with one owner. The second and later closes do nothing.
///
/// A close never waits for another process: one that another process has sent may take as long to
/// close as that process likes, so its [Closer] sees to it. What lies unread in the queue of a socket
/// goes with the socket, and may wait as well: a socket that others send to is closed by [Sockets].
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

    /// A connection that a listener of this process has accepted: a stranger's, until its closer
    /// has been told otherwise.
    static Descriptor accepted(int number) {
        return new Descriptor(number, Closer.ofStranger(), false);
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
        try (Frame frame = Frame.borrow()) {
            int copy = (int) Native.call(frame, FCNTL, number(), F_DUPFD_CLOEXEC, 0, 0, 0, 0);
            if (copy < 0) {
                throw frame.failure("fcntl(F_DUPFD_CLOEXEC)", "fd=" + number());
            }
            return new Descriptor(copy, closer, false);
        }
    }

    /// Gives the descriptor back to the kernel.
    @Override
    public void close() {
        if (isForeign) {
            release(closer::close);
            closer.settle();
        } else {
            release(Closer::closeNow);
        }
    }

    /// Closes many that a message has brought.
    public static void closeAll(List<Descriptor> descriptors) {
        descriptors.forEach(one -> one.release(one.isForeign ? one.closer::close
                : Closer::closeNow));
        descriptors.forEach(one -> one.closer.settle()); // mostly one closer's
    }

    /// Gives the number to whatever closes it, once.
    void release(IntConsumer closing) {
        int current = number.getAndSet(CLOSED);
        if (current != CLOSED) {
            closing.accept(current);
        }
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
