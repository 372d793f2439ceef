package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.ring.SegmentMemory;

/// The heartbeat of a receiver, as a word in memory that it shares with its senders: the time of
/// the last beat by CLOCK_MONOTONIC, which all processes of a machine have in common and
/// [System#nanoTime] reads.
///
/// Senders can only read it, on kernels that have `F_SEAL_FUTURE_WRITE` (5.1): none can make a
/// receiver look ready to the others that is not.
///
/// Where a process is stopped, or has come to a halt, the word grows old.
public final class Beat implements AutoCloseable {

    /// A beat that is older than so many intervals counts no more.
    static final int MAX_MISSED = 3;

    private static final long LENGTH = 4096;

    private final SharedMemory memory;
    private final SegmentMemory word;
    private final long intervalNanos;
    private long haltSaid; // the last beat before a halt that was said; by those who look, in turn

    private Beat(SharedMemory memory, long intervalNanos) {
        this.memory = memory;
        this.word = new SegmentMemory(memory.segment());
        this.intervalNanos = intervalNanos;
    }

    /// One that this process makes.
    public static Beat make(long intervalNanos) {
        return new Beat(SharedMemory.createToShow(LENGTH), intervalNanos);
    }

    /// One that another process makes, to look at. Takes the file over.
    static Beat of(Descriptor file, long intervalNanos) {
        return new Beat(SharedMemory.adoptToLook(file, LENGTH), intervalNanos);
    }

    /// What its senders map; open where this process has made it.
    Descriptor file() {
        return memory.file();
    }

    public long intervalNanos() {
        return intervalNanos;
    }

    /// Beats once.
    public void beat() {
        word.storeRelease(0, System.nanoTime());
    }

    /// Beats no more: who looks sees that at once.
    public void end() {
        word.storeRelease(0, 0);
    }

    /// Whether the last beat is young enough.
    boolean isYoung() {
        return isYoung(System.nanoTime());
    }

    /// Whether the last beat is young enough at that time.
    boolean isYoung(long now) {
        long last = word.loadAcquire(0);
        return last != 0 && now - last < MAX_MISSED * intervalNanos;
    }

    /// Whether the halt after the last beat is to be said: once for each halt.
    boolean isHaltUnsaid() {
        long last = word.loadAcquire(0);
        boolean isUnsaid = last != haltSaid;
        haltSaid = last;
        return isUnsaid;
    }

    /// Unmaps the word, with no thread inside.
    @Override
    public void close() {
        memory.close();
    }
}
