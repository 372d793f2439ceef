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
/// memory file waits for nobody, and is closed in place unless it has so many pages that freeing
/// them takes long; everything else, whatever it is, goes to a daemon thread, made on demand and
/// gone when there is nothing to close. The question that tells the two apart cannot wait itself:
/// it is for the seals, which memory files alone have. Any other would ask a file's server, so the
/// one for the pages comes after it. A caller that hands something over waits for it a moment, as
/// long as this peer has kept nobody for longer than that.
///
/// Strangers, which have connected and are not accepted, share one thread, and no caller waits for
/// it: they are as many as they like, and must not use up the threads of peers. That thread closes
/// for those peers, too, that cannot have one.
///
/// Any thread may use it.
public final class Closer {

    // int close(int fd);
    private static final MemorySegment CLOSE = Native.symbol("close");
    // int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf);
    private static final MemorySegment STATX = Native.symbol("statx"); // as all processors have it

    private static final int F_GET_SEALS = 1034;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BLOCKS = 0x400;
    private static final int BLOCKS = 48; // where they are in struct statx
    private static final int STATX_INO = 0x100;
    private static final int INODE = 32;
    private static final int STATX_LENGTH = 256;
    private static final long BLOCK = 512;
    private static final long MAX_IN_PLACE = 128 << 20; // bytes: some 10 ms of the kernel's work
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final long COURTESY_NANOS = 100_000_000;
    private static final long PAUSE_NANOS = 20_000;
    private static final int MAX_WAITING = 1024; // beside those that one message brings
    private static final int MAX_THREADS = 1024; // a peer has one, and is what this process made
    private static final long STACK = 256 << 10; // bytes: one that waits costs little
    private static final long NEVER = 0;

    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final Closer SHARED = new Closer(); // has a thread in any case

    private final ConcurrentLinkedQueue<Integer> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger(); // of those, and the one being closed
    private final AtomicBoolean isRunning = new AtomicBoolean();
    private final AtomicInteger brought = new AtomicInteger(); // by a stranger, closed or not
    private volatile boolean isStranger;
    private volatile boolean isPrompt = true; // until it has kept somebody, and never again
    private volatile long since = NEVER; // when the close began that is going on

    /// That of a peer which has connected and is nobody yet, until [#recognise].
    static Closer ofStranger() {
        Closer closer = new Closer();
        closer.isStranger = true;
        return closer;
    }

    /// The peer is one that this process deals with: from now on it has a thread of its own.
    public void recognise() {
        isStranger = false;
    }

    /// Closes in place what cannot wait, and later what may.
    void close(int number) {
        if (isQuick(number)) {
            closeNow(number);
        } else {
            closeLater(number);
        }
    }

    /// Whether it is a memory file with few pages. Pages are counted, for a file may have them
    /// beyond its end.
    static boolean isQuick(int number) {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, Descriptor.FCNTL, number, F_GET_SEALS, 0, 0, 0, 0) >= 0
                    && blocks(frame, number) <= MAX_IN_PLACE / BLOCK;
        }
    }

    private static long blocks(Frame frame, int number) {
        frame.setInt(STATX_LENGTH, 0); // a path without a byte, and no text made for it
        return (int) Native.call(frame, STATX, number, frame.address(STATX_LENGTH), AT_EMPTY_PATH,
                STATX_BLOCKS,
                frame.address(0), 0) == 0 ? frame.getLong(BLOCKS) : Long.MAX_VALUE;
    }

    /// What an open file is to the kernel; 0 if that will not say.
    static long inode(Frame frame, int number) {
        long path = frame.cString(STATX_LENGTH, "");
        return (int) Native.call(frame, STATX, number, path, AT_EMPTY_PATH, STATX_INO,
                frame.address(0), 0) == 0 ? frame.getLong(INODE) : 0;
    }

    /// Gives a number back to the kernel, however long that takes.
    static void closeNow(int number) {
        try (Frame frame = Frame.borrow()) {
            closeNow(frame, number);
        }
    }

    private static void closeNow(Frame frame, int number) {
        // Closed whatever it answers, EINTR as well, as Linux has it.
        Native.once(frame, CLOSE, number, 0, 0, 0, 0, 0);
    }

    /// Closes it on the thread that may wait.
    void closeLater(int number) {
        if (isStranger) {
            brought.incrementAndGet();
            SHARED.closeLater(number);
            return;
        }
        count.incrementAndGet();
        boolean isAdded = false;
        try {
            waiting.add(number);
            isAdded = true;
        } catch (OutOfMemoryError _) {
            // It cannot even be noted.
        } finally {
            if (!isAdded) {
                count.decrementAndGet(); // nobody may wait for what is not there
                closeNow(number); // and whoever closes has to
            }
        }
        if (isRunning.compareAndSet(false, true)) { // else it looks once more before it is gone
            start();
        }
    }

    private void start() {
        boolean isStarted = false;
        try {
            if (THREADS.incrementAndGet() <= MAX_THREADS || this == SHARED) {
                // Not by the builders: every child's start would load them for this.
                Thread thread = new Thread(null, this::run, "ipc-channel closer", STACK);
                thread.setDaemon(true);
                thread.start();
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

    /// There are too many threads, or none can be had: the shared one closes. If there is not even
    /// that, whoever closes has to wait.
    private void overflow() {
        for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
            count.decrementAndGet();
            if (this == SHARED) {
                closeNow(next);
            } else {
                SHARED.closeLater(next);
            }
        }
    }

    private void run() {
        boolean isDone = false;
        try (Frame frame = Frame.borrow()) { // here, so that nothing below needs memory
            do {
                closeWaiting(frame);
                isRunning.set(false); // then look once more: who came before started no thread
            } while (!waiting.isEmpty() && isRunning.compareAndSet(false, true));
            isDone = true;
        } finally {
            if (!isDone) { // OutOfMemoryError: the next one to hand something over starts another
                isRunning.set(false);
            }
            THREADS.decrementAndGet();
        }
    }

    private void closeWaiting(Frame frame) {
        for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
            since = System.nanoTime() | 1; // whatever the clock says, it is not NEVER
            try {
                closeNow(frame, next);
            } finally {
                since = NEVER;
                count.decrementAndGet();
            }
        }
    }

    /// Waits until everything is closed: a moment, so that a verb gives descriptors back before it
    /// returns. Not once that has taken a tenth of a second, which no honest peer's do, and never
    /// for a stranger.
    void settle() {
        if (isStranger || !isPrompt || isIdle()) {
            return;
        }
        long start = System.nanoTime();
        while (isPrompt && !isIdle()) {
            Pause.of(PAUSE_NANOS);
            if (System.nanoTime() - start >= COURTESY_NANOS) {
                isPrompt = false;
            }
        }
    }

    /// Whether a close has been going on for a second, or one has kept its caller and very many
    /// wait: time to have no more to do with this peer. Asked before more descriptors of it are
    /// opened, too: so at most what one message brings comes on top. So it is of every stranger
    /// while very many of all strangers wait.
    public boolean isOverrun() {
        if (isStranger) { // how long the closes of others take says nothing of this one
            return brought.get() > MAX_WAITING || SHARED.count.get() > MAX_WAITING;
        }
        long began = since;
        return (began != NEVER && System.nanoTime() - began >= PATIENCE_NANOS)
                || (!isPrompt && count.get() > MAX_WAITING);
    }

    /// Whether everything has been closed.
    public boolean isIdle() {
        return count.get() == 0;
    }
}
