package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.ring.RingMarks;
import dev.ipcchannel.internal.ring.SegmentMemory;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The marks of one lane, for threads that neither a turn nor a guard keeps apart from its end.
///
/// The region's own segment must not be touched once it is unmapped, and a lock at each access
/// would cost more than the access. So these bytes are reached by a segment of an arena of their
/// own, whose close waits until no thread is in an access, and makes later ones an exception. That
/// costs some 60 us at the end of a lane, where marks were asked for.
public final class LaneMarks {

    private final Function<SegmentMemory, RingMarks> side;
    private final SharedMemory memory;
    private final Arena arena = Arena.ofShared();
    private final RingMarks marks;
    private final ReentrantLock closing = new ReentrantLock();
    private long last; // of the other side's, once the arena is closed; inside the lock

    private LaneMarks(SharedMemory memory, Function<SegmentMemory, RingMarks> side) {
        this.memory = memory;
        this.side = side;
        this.marks = side.apply(new SegmentMemory(
                memory.guarded(memory.segment().byteSize(), arena)));
    }

    /// As the writer of a ring has them.
    public static LaneMarks ofWriter(SharedMemory memory, long capacity) {
        return new LaneMarks(memory, words -> RingMarks.ofWriter(words, capacity));
    }

    /// As the reader of a ring has them.
    public static LaneMarks ofReader(SharedMemory memory, long capacity) {
        return new LaneMarks(memory, words -> RingMarks.ofReader(words, capacity));
    }

    /// See [Marks#set].
    public void set(long mark) {
        try {
            marks.set(mark);
        } catch (IllegalStateException _) {
            // The lane is gone, and with it whoever would look.
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
        closing.lock(); // the thread that closes may be about to take its look
        try {
            return last;
        } finally {
            closing.unlock();
        }
    }

    /// Takes a last look at the other mark. Before the region is unmapped; the second and later
    /// closes do nothing.
    ///
    /// The look comes after the close of the arena: else a thread could see a later mark first and
    /// then this one.
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
