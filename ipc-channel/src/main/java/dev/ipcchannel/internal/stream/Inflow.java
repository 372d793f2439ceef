package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.wait.Sleeper;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue of frames that have come through a connection and were not yet taken. Any thread
/// takes; one thread at a time reads from the socket and puts.
///
/// A platform thread that waits for a frame reads the socket itself: to be woken by the loop, which
/// the kernel has woken before, takes twice as long. The loop reads in all other cases: until the
/// connection is open; for virtual threads, which must not sleep in the kernel; while a thread
/// waits for room to send, since the other side may wait for the same; and after the other side's
/// end. The next reader is chosen under the lock; a thread that reads has the turn, and the socket
/// is not closed before it has given it back.
///
/// The queue is bounded for the loop, which asks [#hasRoom] before it reads on, and is notified
/// when there is room again; a thread that takes reads only where the queue is empty. What one read
/// brings may exceed the bound.
public final class Inflow {

    /// The socket that the frames come from.
    interface Source {

        Descriptor socket();

        /// Reads what is there, and puts the frames. By the thread that has the turn; never waits.
        void read();

        /// Has the loop look at the connection again. Called under the lock.
        void notifyLoop();
    }

    /// The outcome of a look for a frame.
    public sealed interface Taken {

        /// The frame, which belongs to the taker.
        record Arrived(SocketFrame frame) implements Taken {}

        /// The outcome that there was none in time.
        record Nothing() implements Taken {}

        /// The outcome that no more frames come.
        record Over(ConnectionEnd end) implements Taken {}
    }

    private static final int MAX_FRAMES = 1024;
    private static final int MAX_BYTES = 8 << 20;
    private static final Taken NOTHING = new Taken.Nothing();

    private final Source source;
    private final PollSet set = new PollSet(); // used by the thread that has the turn
    private final ReentrantLock lock = new DeepLock(); // a taker may be near its stack's end
    private final Condition events = lock.newCondition();
    // This and all below are guarded by the lock.
    private final ArrayDeque<SocketFrame> frames = new ArrayDeque<>();
    private final FlowCounts counts = new FlowCounts();
    private long bytes;
    private int maxFrames = 1; // a stranger may send one frame, no more
    private boolean isPaused;
    private boolean isBeingRead; // some thread has the turn
    private boolean isLoops = true; // it is the loop that reads
    private int loopNeeds; // why it has to, counted
    private @Nullable Sleeper sleeper; // of the thread that has the turn, while it sleeps
    private @Nullable Sleeper formerSleeper;
    private @Nullable ConnectionEnd end;
    private @Nullable ConnectionEnd closed;

    Inflow(Source source) {
        this.source = source;
    }

    /// Waits for the next frame. An interrupt loses none.
    public Taken take(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            Taken taken = look();
            return taken instanceof Taken.Nothing ? await(deadline) : taken;
        } finally {
            lock.unlock();
        }
    }

    private Taken await(Deadline deadline) throws InterruptedException {
        boolean isVirtual = Thread.currentThread().isVirtual();
        Taken taken = NOTHING;
        counts.beginWait();
        loopNeeds += isVirtual ? 1 : 0;
        try {
            while (taken instanceof Taken.Nothing && !deadline.isPast()) {
                if (!mayReadHere() || !sleepAndRead(deadline)) {
                    letTheLoopRead();
                    long _ = events.awaitNanos(deadline.remainingNanos());
                }
                counts.wakeUp();
                taken = next();
            }
            return taken;
        } finally {
            loopNeeds -= isVirtual ? 1 : 0;
            counts.endWait();
            if (!isBeingRead) { // it may have taken another thread's signal
                events.signal();
            }
        }
    }

    /// The next frame, if it is there. Never waits.
    public Taken poll() {
        lock.lock();
        try {
            return look();
        } finally {
            lock.unlock();
        }
    }

    private Taken look() {
        Taken taken = next();
        if (taken instanceof Taken.Nothing && !isLoops && !isBeingRead) {
            isBeingRead = true;
            lock.unlock();
            try {
                source.read();
            } finally {
                lock.lock();
                giveTurnBack();
            }
            taken = next();
        }
        return taken;
    }

    private Taken next() {
        if (closed != null) {
            return new Taken.Over(closed);
        }
        SocketFrame frame = frames.poll();
        if (frame != null) {
            bytes -= frame.bytes().length;
            counts.add(frame);
            goOn();
            return new Taken.Arrived(frame);
        }
        return end == null ? NOTHING : new Taken.Over(end);
    }

    /// Whether the calling thread, which waits, may read the socket.
    private boolean mayReadHere() {
        return loopNeeds == 0 && !isBeingRead && maxFrames > 1 && end == null;
    }

    /// Sleeps on the socket and reads it.
    ///
    /// @return false if the thread cannot, because there is no descriptor for its wakers
    private boolean sleepAndRead(Deadline deadline) throws InterruptedException {
        if (isLoops) { // before the turn is taken: it may need memory
            source.notifyLoop();
            isLoops = false;
        }
        Sleeper sleep;
        try {
            sleep = Sleeper.borrow(formerSleeper);
        } catch (PosixException _) {
            return false;
        }
        isBeingRead = true;
        sleeper = sleep;
        lock.unlock();
        try {
            set.clear();
            int _ = set.add(source.socket(), PollSet.READABLE);
            if (sleep.await(set, deadline)) {
                source.read();
            }
        } finally {
            lock.lock();
            sleeper = null;
            formerSleeper = sleep;
            sleep.giveBack();
            giveTurnBack();
        }
        return true;
    }

    /// Another waiting thread may be the next one to read, or the loop; or the loop closes.
    private void giveTurnBack() {
        isBeingRead = false;
        isLoops |= loopNeeds > 0;
        if (isLoops || end != null) {
            source.notifyLoop();
        }
        if (frames.isEmpty()) {
            events.signal();
        }
    }

    private void letTheLoopRead() {
        if (!isLoops && !isBeingRead) { // else the thread that reads does this
            source.notifyLoop(); // first: it may need memory
            isLoops = true;
        }
    }

    /// Has the loop read from now on, until as many calls of [#endLoopNeed]: a thread waits for
    /// room to send.
    void beginLoopNeed() {
        lock.lock();
        try {
            letTheLoopRead();
            loopNeeds++;
        } finally {
            lock.unlock();
        }
    }

    void endLoopNeed() {
        lock.lock();
        try {
            loopNeeds--;
        } finally {
            lock.unlock();
        }
    }

    /// Has the loop read from now on for ever, also if a thread sleeps on the socket.
    void handToLoop() {
        lock.lock();
        try {
            letTheLoopRead();
            loopNeeds++;
            wakeReader();
        } finally {
            lock.unlock();
        }
    }

    private void wakeReader() {
        if (sleeper != null) {
            sleeper.wakeup();
        }
    }

    /// Gives the loop the turn to read, if it is the loop that reads and no other thread does.
    boolean beginLoopTurn() {
        lock.lock();
        try {
            boolean isFree = isLoops && !isBeingRead;
            isBeingRead |= isFree;
            return isFree;
        } finally {
            lock.unlock();
        }
    }

    void endLoopTurn() {
        lock.lock();
        try {
            isBeingRead = false;
            if (frames.isEmpty()) {
                events.signal(); // a thread that waits may read on
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether the loop waits for bytes: if not, it is notified once it has to.
    boolean isForLoop() {
        lock.lock();
        try {
            return isLoops && !isBeingRead && hasRoom();
        } finally {
            lock.unlock();
        }
    }

    /// Whether no thread reads or will read: there is an end, and the turn is given back.
    boolean isLeft() {
        lock.lock();
        try {
            return end != null && !isBeingRead;
        } finally {
            lock.unlock();
        }
    }

    /// Half of the room has to be free, or the loop would be woken for each frame.
    private void goOn() {
        if (isPaused && frames.size() <= maxFrames / 2 && bytes <= MAX_BYTES / 2) {
            isPaused = false;
            notifyLoopIfItReads();
        }
    }

    private void notifyLoopIfItReads() {
        if (isLoops) {
            source.notifyLoop();
        }
    }

    /// Allows more than the first frame, because the other side is known.
    public void open() {
        lock.lock();
        try {
            maxFrames = MAX_FRAMES;
            goOn();
        } finally {
            lock.unlock();
        }
    }

    /// Whether more may be read; after a close here it may, and the frames are dropped. If not, the
    /// loop is notified once it may.
    boolean hasRoom() {
        lock.lock();
        try {
            isPaused = closed == null
                    && (isPaused || frames.size() >= maxFrames || bytes >= MAX_BYTES);
            return !isPaused;
        } finally {
            lock.unlock();
        }
    }

    void put(SocketFrame frame) {
        lock.lock();
        try {
            if (closed == null) {
                frames.add(frame);
                bytes += frame.bytes().length;
                events.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Notes that no more frames come; those that are here are taken first.
    void end(ConnectionEnd why) {
        lock.lock();
        try {
            end = end == null ? why : end;
            wakeReader();
            events.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Notes that no thread takes frames any more; what still comes, the loop reads and drops.
    void close(ConnectionEnd why) {
        lock.lock();
        try {
            closed = why;
            frames.clear();
            bytes = 0;
            if (isPaused) {
                isPaused = false;
                notifyLoopIfItReads();
            }
            events.signalAll();
        } finally {
            lock.unlock();
        }
        handToLoop();
    }

    /// Whether no thread takes frames any more.
    public boolean isClosed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }

    /// The counts of taken frames, and of waits.
    public FlowCounts.Snapshot counts() {
        lock.lock();
        try {
            return counts.snapshot();
        } finally {
            lock.unlock();
        }
    }

    /// The number of frames that wait to be taken.
    public int length() {
        lock.lock();
        try {
            return frames.size();
        } finally {
            lock.unlock();
        }
    }
}
