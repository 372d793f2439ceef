package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.ring.RingMarks;
import dev.ipcchannel.internal.ring.SegmentMemory;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The marks of one lane, for threads that use them at any time, without the turn or the guard of
/// the lane's end.
///
/// The region's own segment must not be touched once it is unmapped, and a lock around each access
/// would cost more than the access. So these bytes are reached by a segment of an arena of their
/// own. Its close waits until no thread is in an access, and makes later accesses fail with an
/// exception. That costs some 60 us at the end of a lane whose marks were used.
public final class LaneMarks {

    private final Function<SegmentMemory, RingMarks> side;
    private final SharedMemory memory;
    private final Arena arena = Arena.ofShared();
    private final RingMarks marks;
    private final ReentrantLock closing = new ReentrantLock();
    private long last; // the other side's mark, once the arena is closed; guarded by the lock

    private LaneMarks(SharedMemory memory, Function<SegmentMemory, RingMarks> side) {
        this.memory = memory;
        this.side = side;
        this.marks = side.apply(new SegmentMemory(
                memory.guarded(memory.segment().byteSize(), arena)));
    }

    /// The marks as the writer of a ring sees them.
    public static LaneMarks ofWriter(SharedMemory memory, long capacity) {
        return new LaneMarks(memory, words -> RingMarks.ofWriter(words, capacity));
    }

    /// The marks as the reader of a ring sees them.
    public static LaneMarks ofReader(SharedMemory memory, long capacity) {
        return new LaneMarks(memory, words -> RingMarks.ofReader(words, capacity));
    }

    /// See [Marks#set].
    public void set(long mark) {
        try {
            marks.set(mark);
        } catch (IllegalStateException _) {
            // The lane has ended, and no other side will load the mark.
        }
    }

    /// See [Marks#other].
    long other() {
        try {
            return marks.other();
        } catch (IllegalStateException _) {
            return last();
        }
    }

    private long last() {
        closing.lock(); // the closing thread may be about to load the last mark
        try {
            return last;
        } finally {
            closing.unlock();
        }
    }

    /// Loads the other mark for the last time. Called before the region is unmapped; the second and
    /// later closes do nothing.
    ///
    /// The load comes after the close of the arena: else another thread could see a later mark
    /// first, and then this earlier one.
    public void close() {
        closing.lock();
        try {
            if (arena.scope().isAlive()) {
                arena.close();
                last = side.apply(new SegmentMemory(memory.segment())).other();
            }
        } finally {
            closing.unlock();
        }
    }
}
