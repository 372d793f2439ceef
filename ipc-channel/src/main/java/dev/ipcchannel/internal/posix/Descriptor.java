package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file descriptor with one owner. The second and later closes do nothing.
///
/// A close never waits for another process. A descriptor that another process has sent may take as
/// long to close as that process likes, so its [Closer] closes it. Unread packets in the queue of a
/// socket are closed with it, which may wait as well: [Sockets] closes sockets to which others
/// send.
///
/// Before a close, the caller makes sure that no thread is in a call with the number: the kernel
/// reuses the number at once, and a close wakes no thread.
public final class Descriptor implements AutoCloseable {

    // int fcntl(int fd, int op, ... /* int arg */);
    static final MemorySegment FCNTL = Native.symbol("fcntl");

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int CLOSED = -1;

    private final AtomicInteger number;
    private final Closer closer; // for descriptors that come through it, and for itself if foreign
    private final boolean isForeign;

    /// A descriptor that this process has made.
    public Descriptor(int number) {
        this(number, new Closer(), false);
    }

    /// A descriptor that this process is about to make, for [#is]: a lack of heap is found before
    /// the kernel has opened anything.
    static Descriptor toBe() {
        return new Descriptor(CLOSED);
    }

    /// The same for a connection that a listener of this process is about to accept: it belongs to
    /// a stranger until [Closer#recognise].
    static Descriptor toBeAccepted() {
        return new Descriptor(CLOSED, Closer.ofStranger(), false);
    }

    /// A descriptor that another process has sent through a socket.
    public Descriptor(int number, Descriptor socket) {
        this(number, socket.closer, true);
    }

    private Descriptor(int number, Closer closer, boolean isForeign) {
        this.number = new AtomicInteger(number);
        this.closer = closer;
        this.isForeign = isForeign;
    }

    /// Sets the number that the kernel has opened.
    Descriptor is(int opened) {
        number.set(opened);
        return this;
    }

    /// The kernel's number.
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

    /// Another descriptor for the same open file, closed on exec. A foreign descriptor may be
    /// duplicated only once its kind is known, because the copy is closed in place.
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

    /// Closes the descriptor.
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

    /// Closes the descriptors that a message has brought.
    public static void closeAll(List<Descriptor> descriptors) {
        for (int i = 0; i < descriptors.size(); i++) { // an iterator would be an allocation
            descriptors.get(i).give();
        }
        for (int i = 0; i < descriptors.size(); i++) {
            descriptors.get(i).closer.settle(); // usually all have one closer
        }
    }

    /// Hands the descriptor to its closer, whose thread may wait.
    void closeLater() {
        int current = release();
        if (current != CLOSED) {
            closer.closeLater(current);
        }
    }

    /// Closes the descriptor in place; the caller knows that this cannot wait.
    void closeNow() {
        int current = release();
        if (current != CLOSED) {
            Closer.closeNow(current);
        }
    }

    /// @return the number at the first call, for the close of it; then -1
    private int release() {
        return number.getAndSet(CLOSED);
    }

    /// The closer of descriptors that come through this one, a socket; and of this one if it has
    /// come through another: all descriptors sent by one process have one closer.
    public Closer closer() {
        return closer;
    }

    @Override
    public String toString() {
        return "fd " + number.getPlain();
    }
}
