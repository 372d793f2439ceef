package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file descriptor with one owner. The second and later closes do nothing.
///
/// Closing one that another process has sent may take as long as that process likes: its [Closer]
/// sees to it. So a close never waits for another process; but what may lie unread in the queue of
/// a socket goes with it, and who closes one that others send to uses [Sockets#end].
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
        handOver();
        if (isForeign) {
            closer.settle();
        }
    }

    /// Closes many, which a message has brought.
    public static void closeAll(List<Descriptor> descriptors) {
        descriptors.forEach(Descriptor::handOver);
        descriptors.forEach(descriptor -> descriptor.closer.settle()); // mostly one closer's
    }

    /// The same, and no look back where the closer does it: for a thread that serves many peers.
    void handOver() {
        int current = number.getAndSet(CLOSED);
        if (current == CLOSED) {
            return;
        }
        if (isForeign) {
            closer.close(current);
        } else {
            Closer.closeNow(current);
        }
    }

    /// The same in place, where it is known that this does not wait.
    void closeNow() {
        int current = number.getAndSet(CLOSED);
        if (current != CLOSED) {
            Closer.closeNow(current);
        }
    }

    /// The same on the closer's thread: for a socket that others may send to and that is not this
    /// process's alone, so that nothing can be taken off its queue.
    public void closeLater() {
        handOverLater();
        closer.settle();
    }

    /// The same, and no look back.
    void handOverLater() {
        int current = number.getAndSet(CLOSED);
        if (current != CLOSED) {
            closer.closeLater(current);
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
