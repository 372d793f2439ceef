package dev.ipcchannel.internal.ring;

/// The other side's [SleepWord], seen by the one who wakes it.
final class WakeWord {

    private final Memory memory;
    private final long offset;
    private long rungFor; // even: no sleep is even

    WakeWord(Memory memory, long offset) {
        this.memory = memory;
        this.offset = offset;
    }

    /// The sleep that nobody has rung for, or 0. To be asked after a full fence behind the news.
    long unrungSleep() {
        long epoch = memory.loadAcquire(offset); // pairs with SleepWord.announce
        return (epoch & 1) != 0 && epoch != rungFor ? epoch : 0;
    }

    /// Remembers that the bell for `sleep` has been rung.
    void rung(long sleep) {
        rungFor = sleep;
    }
}
