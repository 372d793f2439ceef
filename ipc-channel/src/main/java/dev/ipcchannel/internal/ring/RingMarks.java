package dev.ipcchannel.internal.ring;

/// The two marks beside a ring, seen from one side: a word that only this side stores, and the
/// other side's word. The users of the ring give the marks their meaning.
///
/// When each side stores its mark and then loads the other's, at least one side sees what the other
/// has stored. [#set] has a full fence between the store and any later load, and all such fences
/// are in one order. The side with the later fence loads after its fence, so it sees the store that
/// the other side made before the earlier fence. Without the fences both loads could go ahead of
/// the stores, on x86 too.
///
/// The store of a mark releases everything that the side has done before, above all its commits, to
/// the thread that loads the mark by [#other]. Any thread may load; one thread at a time stores.
public final class RingMarks {

    private final Memory memory;
    private final long own;
    private final long other;

    private RingMarks(Memory memory, long own, long other) {
        this.memory = memory;
        this.own = own;
        this.other = other;
    }

    /// The marks as the writer sees them.
    public static RingMarks ofWriter(Memory memory, long capacity) {
        return new RingMarks(memory, RingLayout.writerMark(capacity),
                RingLayout.readerMark(capacity));
    }

    /// The marks as the reader sees them.
    public static RingMarks ofReader(Memory memory, long capacity) {
        return new RingMarks(memory, RingLayout.readerMark(capacity),
                RingLayout.writerMark(capacity));
    }

    /// Stores this side's mark: after everything that the thread loaded and stored before, and
    /// before everything that it loads next.
    public void set(long mark) {
        memory.storeRelease(own, mark); // pairs with the load in the other side's other()
        memory.fullFence(); // pairs with the same fence on the other side
    }

    /// The other side's mark, 0 before its first one. The value is not checked: a side may store
    /// any.
    public long other() {
        return memory.loadAcquire(other);
    }
}
