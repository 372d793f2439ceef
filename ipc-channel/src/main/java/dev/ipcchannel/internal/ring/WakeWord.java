package dev.ipcchannel.internal.ring;

/// The other side's [SleepWord], as the ringing side sees it.
final class WakeWord {

    private final Memory memory;
    private final long offset;
    private long rungFor; // even: no sleep is even

    WakeWord(Memory memory, long offset) {
        this.memory = memory;
        this.offset = offset;
    }

    /// The number of a sleep without a bell, or 0. The caller has a full fence between its commit
    /// or publish and this call.
    long unrungSleep() {
        long epoch = memory.loadAcquire(offset); // pairs with SleepWord.announce
        return (epoch & 1) != 0 && epoch != rungFor ? epoch : 0;
    }

    /// Remembers that the bell for `sleep` has been rung.
    void rung(long sleep) {
        rungFor = sleep;
    }
}
