package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/// One thread's wait on sockets that ends on [Thread#interrupt] and on [#wakeup] as well.
///
/// The JDK calls [Selector#wakeup] of a selector whose `begin` has been called by the interrupted
/// thread; ours then writes to an eventfd that stands in the poll set. The pair costs 20 to 100 ns,
/// on the sleeping path only.
///
/// Waiters are borrowed from a pool. A wake-up that comes late may hit the next borrower, who finds
/// nothing and waits on.
public final class Waiter extends AbstractSelector {

    // int eventfd(unsigned int initval, int flags);
    private static final MemorySegment EVENTFD = Native.symbol("eventfd");
    // ssize_t read(int fd, void *buf, size_t count);
    private static final MemorySegment READ = Native.symbol("read");
    // ssize_t write(int fd, const void *buf, size_t count);
    private static final MemorySegment WRITE = Native.symbol("write");

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private static final ConcurrentLinkedDeque<Waiter> POOL = new ConcurrentLinkedDeque<>();

    private final Descriptor event;

    @SuppressWarnings("NullAway") // a selector of no provider: nobody registers a channel with it
    private Waiter(Descriptor event) {
        super(null);
        this.event = event;
    }

    /// A waiter of the caller's own until [#giveBack].
    public static Waiter borrow() {
        Waiter pooled = POOL.pollFirst();
        return pooled != null ? pooled : new Waiter(createEvent());
    }

    /// Puts it back. Not `close`, which the JDK makes final and which would end it.
    public void giveBack() {
        POOL.addFirst(this);
    }

    /// Waits until a descriptor of the set is ready, [#wakeup], or the deadline. May return early,
    /// with nothing found.
    ///
    /// @return whether a descriptor of the set is ready
    /// @throws InterruptedException if the thread is interrupted, before or while it waits; its
    /// flag is cleared
    public boolean await(PollSet set, Deadline deadline) throws InterruptedException {
        int place = set.add(event, PollSet.READABLE);
        begin(); // from here to end(), an interrupt calls wakeup; also one that came before
        try {
            set.poll(deadline.remainingNanos());
        } finally {
            end();
            if (set.isReady(place)) {
                drain();
            }
        }
        if (Thread.interrupted()) {
            drain(); // the interrupt may have come after the poll
            throw new InterruptedException();
        }
        return set.removeLastAndLook();
    }

    /// Ends the wait of the thread that is in [#await], or the next one. Any thread may call it.
    @Override
    public Selector wakeup() {
        try (Frame frame = Frame.borrow()) {
            frame.setLong(0, 1);
            // Full is as good.
            Native.call(frame, WRITE, event.number(), frame.address(0), Long.BYTES, 0, 0, 0);
        }
        return this;
    }

    private void drain() {
        try (Frame frame = Frame.borrow()) {
            // Empty is as good.
            Native.call(frame, READ, event.number(), frame.address(0), Long.BYTES, 0, 0, 0);
        }
    }

    private static Descriptor createEvent() {
        try (Frame frame = Frame.borrow()) {
            int fd = (int) Native.call(frame, EVENTFD, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0, 0, 0, 0);
            if (fd < 0) {
                throw frame.failure("eventfd", "flags=" + (EFD_CLOEXEC | EFD_NONBLOCK));
            }
            return new Descriptor(fd);
        }
    }

    @Override
    protected void implCloseSelector() {
        event.close();
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations,
            Object attachment) {
        throw new UnsupportedOperationException("no channel can be registered");
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public int selectNow() {
        return 0;
    }

    @Override
    public int select(long timeout) {
        return 0;
    }

    @Override
    public int select() {
        return 0;
    }
}
