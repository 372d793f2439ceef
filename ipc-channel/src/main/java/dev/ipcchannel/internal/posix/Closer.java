package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The place where the descriptors of one peer are closed, so that only the peer's own closes wait
/// when one of them does.
///
/// The last `close` of a TCP socket with SO_LINGER waits until its other side has read everything,
/// that of a file on FUSE or NFS until its server has answered: as long as whoever sent it likes. A
/// memory file cannot wait and is closed in place; everything else, whatever it is, goes to a
/// daemon thread, made on demand and gone when there is nothing to close. The question that tells
/// the two apart cannot wait itself: it is for the seals, which memory files alone have. `fstat`
/// and `fstatfs` would ask a file's server. Who hands something over waits for it a moment, as long
/// as this peer has kept nobody for longer than that.
///
/// Any thread may use it.
public final class Closer {

    // int close(int fd);
    private static final MemorySegment CLOSE = Native.symbol("close");

    private static final int F_GET_SEALS = 1034;
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final long COURTESY_NANOS = 100_000_000;
    private static final long PAUSE_NANOS = 20_000;
    private static final int MAX_WAITING = 64 * 1024; // a message has at most 16 thousand
    private static final int MAX_THREADS = 64;
    private static final long NEVER = 0;

    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final Closer OVERFLOW = new Closer(); // of all peers beyond so many threads

    private final ConcurrentLinkedQueue<Integer> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger(); // of those, and the one being closed
    private final AtomicBoolean isRunning = new AtomicBoolean();
    private volatile boolean isPrompt = true; // as long as it has kept nobody
    private volatile long since = NEVER; // when the close began that is going on

    /// Closes in place what cannot wait, and later what may.
    void close(int number) {
        if (isMemory(number)) {
            closeNow(number);
        } else {
            closeLater(number);
        }
    }

    private static boolean isMemory(int number) {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, Descriptor.FCNTL, number, F_GET_SEALS, 0, 0, 0, 0) >= 0;
        }
    }

    /// Gives a number back to the kernel, however long that takes.
    static void closeNow(int number) {
        try (Frame frame = Frame.borrow()) {
            // Closed whatever it answers, EINTR as well, as Linux has it.
            Native.once(frame, CLOSE, number, 0, 0, 0, 0, 0);
        }
    }

    /// Closes it on the thread that may wait.
    void closeLater(int number) {
        count.incrementAndGet();
        waiting.add(number);
        if (isRunning.compareAndSet(false, true)) { // else it looks once more before it is gone
            start();
        }
    }

    private void start() {
        boolean isStarted = false;
        try {
            if (THREADS.incrementAndGet() <= MAX_THREADS || this == OVERFLOW) {
                Thread.ofPlatform().daemon().name("ipc-channel closer").start(this::run);
                isStarted = true;
            }
        } catch (OutOfMemoryError _) {
            // No thread can be had.
        } finally {
            if (!isStarted) {
                THREADS.decrementAndGet();
                isRunning.set(false);
                overflow();
            }
        }
    }

    /// There are too many threads, or none can be had at all: then whoever closes has to wait.
    private void overflow() {
        for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
            count.decrementAndGet();
            if (this == OVERFLOW) {
                closeNow(next);
            } else {
                OVERFLOW.closeLater(next);
            }
        }
    }

    private void run() {
        do {
            for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
                since = System.nanoTime() | 1; // whatever the clock says, it is not NEVER
                closeNow(next);
                since = NEVER;
                count.decrementAndGet();
            }
            isRunning.set(false); // then look once more: who came before started no thread
        } while (!waiting.isEmpty() && isRunning.compareAndSet(false, true));
        THREADS.decrementAndGet();
    }

    /// Waits until everything is closed: a moment, so that a verb gives descriptors back before it
    /// returns. Not once that has taken a tenth of a second, which no honest peer's do.
    void settle() {
        if (!isPrompt || isIdle()) {
            return;
        }
        long start = System.nanoTime();
        while (isPrompt && !isIdle()) {
            Pause.of(PAUSE_NANOS);
            isPrompt = System.nanoTime() - start < COURTESY_NANOS;
        }
    }

    /// Whether a close has been going on for a second, or more of them wait than many messages
    /// could have brought: time to have no more to do with this peer.
    public boolean isOverrun() {
        long began = since;
        return (began != NEVER && System.nanoTime() - began >= PATIENCE_NANOS)
                || count.get() > MAX_WAITING;
    }

    /// Whether everything has been closed.
    public boolean isIdle() {
        return count.get() == 0;
    }
}
