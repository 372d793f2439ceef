package dev.ipcchannel.internal.ring;

/// The word in shared memory by which a side announces that it sleeps.
///
/// The word counts: it is odd while the side sleeps, even while it is awake. Only its owner writes
/// it, so no compare-and-swap is needed. Each sleep has a number of its own, so that the other side
/// rings once a sleep.
final class SleepWord {

    private final Memory memory;
    private final long offset;
    private long epoch;

    /// Continues from the count that a former owner left, above every sleep for which a bell may
    /// have been rung.
    SleepWord(Memory memory, long offset) {
        this.memory = memory;
        this.offset = offset;
        this.epoch = (memory.loadAcquire(offset) + 1) & ~1L;
    }

    /// Announces a sleep. The caller looks for work once more, after a full fence, before it
    /// sleeps.
    void announce() {
        // Release: the need that a writer stored before belongs to this sleep. Pairs with WakeWord.
        epoch |= 1;
        memory.storeRelease(offset, epoch);
    }

    /// Announces that the side is awake. The other side may see it late: that costs one needless
    /// bell.
    void withdraw() {
        epoch = (epoch + 1) & ~1L;
        memory.storeRelease(offset, epoch);
    }
}
