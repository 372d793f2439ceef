package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The place where the descriptors of one peer are closed, so that a slow close delays only other
/// closes of that peer.
///
/// The last `close` of a TCP socket with SO_LINGER waits until the other side has read everything;
/// that of a file on FUSE or NFS waits until its server has answered: for as long as their sender
/// likes. The close of a memory file waits for no process. It runs in place, unless the file has so
/// many pages that freeing them takes long. All other descriptors go to a daemon thread, which is
/// started on demand and ends when there is nothing to close. The test for a memory file cannot
/// wait itself: it asks for the seals, which only memory files have. A question for the pages would
/// ask a file's server, so it comes second. A caller that hands a descriptor over waits for a
/// moment, as long as no close of this peer has ever taken longer.
///
/// Strangers, which have connected and are not accepted, share one thread, and no caller waits for
/// it: their number is unlimited, and they must not use up the threads of peers. That thread also
/// closes for peers for which there is no thread.
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
    private static final int BLOCKS = 48; // its offset in struct statx
    private static final int STATX_INO = 0x100;
    private static final int INODE = 32;
    private static final int STATX_LENGTH = 256;
    private static final long BLOCK = 512;
    private static final long MAX_IN_PLACE = 128 << 20; // bytes: some 10 ms of the kernel's work
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final long COURTESY_NANOS = 100_000_000;
    private static final long PAUSE_NANOS = 20_000;
    private static final int MAX_WAITING = 1024; // in addition to those of one message
    // Each peer has one, and peers are what this process made.
    private static final int MAX_THREADS = 1024;
    private static final long STACK = 256 << 10; // bytes: a waiting thread costs little
    private static final long NEVER = 0;

    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final Closer SHARED = new Closer(); // always gets a thread

    private final ConcurrentLinkedQueue<Integer> waiting = new ConcurrentLinkedQueue<>();
    // Of waiting ones, and of the one being closed.
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean isRunning = new AtomicBoolean();
    private final AtomicInteger brought = new AtomicInteger(); // by a stranger, closed or not
    private volatile boolean isStranger;
    // Until a close has delayed a caller; never again after that.
    private volatile boolean isPrompt = true;
    private volatile long since = NEVER; // the start of the present close

    /// The closer of a peer that has connected and is a stranger until [#recognise].
    static Closer ofStranger() {
        Closer closer = new Closer();
        closer.isStranger = true;
        return closer;
    }

    /// Notes that the peer is known to this process: from now on it has a thread of its own.
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

    /// Whether it is a memory file with few pages. Pages are counted, because a file may have some
    /// beyond its end.
    static boolean isQuick(int number) {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, Descriptor.FCNTL, number, F_GET_SEALS, 0, 0, 0, 0) >= 0
                    && blocks(frame, number) <= MAX_IN_PLACE / BLOCK;
        }
    }

    private static long blocks(Frame frame, int number) {
        frame.setInt(STATX_LENGTH, 0); // an empty path, without making a string
        return (int) Native.call(frame, STATX, number, frame.address(STATX_LENGTH), AT_EMPTY_PATH,
                STATX_BLOCKS,
                frame.address(0), 0) == 0 ? frame.getLong(BLOCKS) : Long.MAX_VALUE;
    }

    /// The kernel's inode number of an open file; 0 if the kernel does not give it.
    static long inode(Frame frame, int number) {
        long path = frame.cString(STATX_LENGTH, "");
        return (int) Native.call(frame, STATX, number, path, AT_EMPTY_PATH, STATX_INO,
                frame.address(0), 0) == 0 ? frame.getLong(INODE) : 0;
    }

    /// Closes a descriptor, however long that takes.
    static void closeNow(int number) {
        try (Frame frame = Frame.borrow()) {
            closeNow(frame, number);
        }
    }

    private static void closeNow(Frame frame, int number) {
        // Closed whatever the result, also after EINTR, as Linux does it.
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
            // It cannot even be queued.
        } finally {
            if (!isAdded) {
                count.decrementAndGet(); // no thread may wait for a descriptor that is not queued
                closeNow(number); // so the calling thread closes it
            }
        }
        // Else the running thread looks once more before it ends.
        if (isRunning.compareAndSet(false, true)) {
            start();
        }
    }

    private void start() {
        boolean isStarted = false;
        try {
            if (THREADS.incrementAndGet() <= MAX_THREADS || this == SHARED) {
                // Not by Thread's builders, whose classes would be loaded at every child's start.
                Thread thread = new Thread(null, this::run, "ipc-channel closer", STACK);
                thread.setDaemon(true);
                thread.start();
                isStarted = true;
            }
        } catch (OutOfMemoryError _) {
            // No thread is available.
        } finally {
            if (!isStarted) {
                THREADS.decrementAndGet();
                isRunning.set(false);
                overflow();
            }
        }
    }

    /// Handles too many threads, or the lack of one: the shared thread closes. If even that is
    /// missing, the calling thread closes, and waits.
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
        try (Frame frame = Frame.borrow()) { // here, so that the code below needs no memory
            do {
                closeWaiting(frame);
                isRunning.set(false); // then look once more: a caller before this started no thread
            } while (!waiting.isEmpty() && isRunning.compareAndSet(false, true));
            isDone = true;
        } finally {
            if (!isDone) { // OutOfMemoryError: the next caller starts another thread
                isRunning.set(false);
            }
            THREADS.decrementAndGet();
        }
    }

    private void closeWaiting(Frame frame) {
        for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
            since = System.nanoTime() | 1; // never equal to NEVER
            try {
                closeNow(frame, next);
            } finally {
                since = NEVER;
                count.decrementAndGet();
            }
        }
    }

    /// Waits for a moment until everything is closed, so that a verb has closed descriptors when it
    /// returns. Not after a close has once taken a tenth of a second, which no honest peer's does,
    /// and never for a stranger.
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

    /// Whether a close has taken a second so far, or one has delayed a caller and very many wait:
    /// then it is time to end the connection to this peer. It is also tested before further
    /// descriptors of the peer are opened, so at most those of one message are added. All strangers
    /// count as overrun while very many descriptors of all strangers wait.
    public boolean isOverrun() {
        if (isStranger) { // the closes of other peers say nothing of this one
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
