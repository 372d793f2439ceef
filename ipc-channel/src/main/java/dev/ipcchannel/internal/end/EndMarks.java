package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Marks;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The marks of a sender or a receiver: those of its lane, as soon as there is one.
public final class EndMarks implements Marks {

    private final ReentrantLock lock = new ReentrantLock(); // until there is a lane
    private long kept; // for the first lane; inside the lock
    private volatile @Nullable LaneMarks lane;

    @Override
    public void set(long mark) {
        LaneMarks current = lane;
        if (current == null) {
            current = keep(mark);
        }
        if (current != null) {
            current.set(mark);
        }
    }

    /// Keeps a mark for the lane that is to come.
    ///
    /// @return the lane that has come meanwhile, or null
    private @Nullable LaneMarks keep(long mark) {
        lock.lock();
        try {
            if (lane == null) {
                kept = mark;
            }
            return lane;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long other() {
        LaneMarks current = lane;
        return current == null ? 0 : current.other();
    }

    /// The mark that waits for a lane; 0 if there is none.
    public long kept() {
        lock.lock();
        try {
            return kept;
        } finally {
            lock.unlock();
        }
    }

    /// Goes on with the marks of a lane, the first of which gets the mark that was kept. It
    /// allocates nothing, so it cannot fail between a lane and its first message.
    public void use(LaneMarks next) {
        lock.lock();
        try {
            if (lane == null && kept != 0) {
                next.set(kept);
            }
            lane = next;
        } finally {
            lock.unlock();
        }
    }
}
