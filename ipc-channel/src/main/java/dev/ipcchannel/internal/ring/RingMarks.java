package dev.ipcchannel.internal.ring;

/// The two marks beside a ring as one of its sides has them: a word that it alone stores, and the
/// other side's. What they mean is for those who talk over the ring to say.
///
/// Of two sides that each store their mark and then load the other's, at least one sees what the
/// other has stored. [#set] has a full fence between the two; all such fences are in one order. The
/// side whose fence is the later one loads after it, so after the store that the other side made
/// before the earlier one. Without the fences both loads could go ahead of the stores, on x86 too.
///
/// The store releases what this side has done before, its commits above all, to whoever sees it by
/// [#other]. Any thread may load; one at a time stores.
public final class RingMarks {

    private final Memory memory;
    private final long own;
    private final long other;

    private RingMarks(Memory memory, long own, long other) {
        this.memory = memory;
        this.own = own;
        this.other = other;
    }

    /// As the writer has them.
    public static RingMarks ofWriter(Memory memory, long capacity) {
        return new RingMarks(memory, RingLayout.writerMark(capacity),
                RingLayout.readerMark(capacity));
    }

    /// As the reader has them.
    public static RingMarks ofReader(Memory memory, long capacity) {
        return new RingMarks(memory, RingLayout.readerMark(capacity),
                RingLayout.writerMark(capacity));
    }

    /// Stores this side's mark: after all that was loaded and stored before, and before whatever
    /// the thread loads next.
    public void set(long mark) {
        memory.storeRelease(own, mark); // pairs with the load in the other side's other()
        memory.fullFence(); // pairs with this very fence on the other side
    }

    /// The other side's mark, 0 before its first one. Nothing is checked: every value is one that
    /// it may store.
    public long other() {
        return memory.loadAcquire(other);
    }
}
