package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Marks;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The marks of a sender or a receiver: once it has a lane, they are the lane's.
public final class EndMarks implements Marks {

    private final ReentrantLock lock = new ReentrantLock(); // held only until there is a lane
    private long kept; // for the first lane; guarded by the lock
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

    /// Keeps a mark for the first lane.
    ///
    /// @return the lane that came in the meantime, or null
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

    /// Uses the marks of a lane from now on. The first lane gets the mark that was kept. This
    /// allocates nothing, so that it cannot fail between a lane and its first message.
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
