package dev.ipcchannel.internal.ring;

/// The word in shared memory by which a sleeping side says that it is asleep.
///
/// The word counts: odd while asleep, even while awake. Only its owner writes it, so no swap is
/// needed, and each sleep has a number of its own, which lets the waker ring once a sleep.
final class SleepWord {

    private final Memory memory;
    private final long offset;
    private long epoch;

    /// Goes on from the count that a former owner left, above every sleep that anybody may have
    /// rung for.
    SleepWord(Memory memory, long offset) {
        this.memory = memory;
        this.offset = offset;
        this.epoch = memory.loadAcquire(offset) + 1 & ~1L;
    }

    /// Says "asleep". The caller looks for work once more, after a full fence, before it really
    /// sleeps.
    void announce() {
        // Release: in a writer's case the need stored before belongs to this sleep. Pairs with
        // WakeWord.
        epoch |= 1;
        memory.storeRelease(offset, epoch);
    }

    /// Says "awake". May be seen late: that costs a bell that nobody needed, nothing more.
    void withdraw() {
        epoch = epoch + 1 & ~1L;
        memory.storeRelease(offset, epoch);
    }
}
