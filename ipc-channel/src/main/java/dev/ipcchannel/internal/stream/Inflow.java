package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue of frames that have come through a connection and were not yet taken. The loop puts,
/// any thread takes.
///
/// It is bounded: the loop asks [#mayRead] before it reads on, and is notified when there is room
/// again. A single frame may exceed the bound.
public final class Inflow {

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

    private final Runnable onRoom;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition events = lock.newCondition();
    // This and all below are guarded by the lock.
    private final ArrayDeque<SocketFrame> frames = new ArrayDeque<>();
    private final FlowCounts counts = new FlowCounts();
    private long bytes;
    private int maxFrames = 1; // a stranger may send one frame, no more
    private boolean isPaused;
    private @Nullable ConnectionEnd end;
    private @Nullable ConnectionEnd closed;

    /// @param onRoom makes the loop read on; called under the lock
    Inflow(Runnable onRoom) {
        this.onRoom = onRoom;
    }

    /// Waits for the next frame. An interrupt loses none.
    public Taken take(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            Taken taken = next();
            return taken instanceof Taken.Nothing ? await(deadline) : taken;
        } finally {
            lock.unlock();
        }
    }

    private Taken await(Deadline deadline) throws InterruptedException {
        Taken taken = NOTHING;
        counts.beginWait();
        try {
            while (taken instanceof Taken.Nothing && !deadline.isPast()) {
                long _ = events.awaitNanos(deadline.remainingNanos());
                counts.wakeUp();
                taken = next();
            }
            return taken;
        } finally {
            counts.endWait();
        }
    }

    /// The next frame, if it is there. Never waits.
    public Taken poll() {
        lock.lock();
        try {
            return next();
        } finally {
            lock.unlock();
        }
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

    /// Half of the room has to be free, or the loop would be woken for each frame.
    private void goOn() {
        if (isPaused && frames.size() <= maxFrames / 2 && bytes <= MAX_BYTES / 2) {
            isPaused = false;
            onRoom.run();
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

    /// Whether the loop may read on; after a close here it may, and the frames are dropped. If not,
    /// the loop is notified once it may.
    boolean mayRead() {
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
            events.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Notes that no thread takes frames any more.
    void close(ConnectionEnd why) {
        lock.lock();
        try {
            closed = why;
            frames.clear();
            bytes = 0;
            events.signalAll();
            if (isPaused) {
                isPaused = false;
                onRoom.run();
            }
        } finally {
            lock.unlock();
        }
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
