package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.ring.SegmentMemory;

/// The heartbeat of a receiver, as a word in memory that it shares with its senders: the time of
/// the last beat by CLOCK_MONOTONIC, which is the same for all processes of a machine, and which
/// [System#nanoTime] reads.
///
/// Senders can only read it, on kernels with `F_SEAL_FUTURE_WRITE` (5.1): no sender can make a
/// receiver look ready to the others that is not.
///
/// If a process is stopped, or hangs, the word gets old.
public final class Beat implements AutoCloseable {

    /// The number of intervals after which a beat no longer counts.
    static final int MAX_MISSED = 3;

    private static final long LENGTH = 4096;

    private final SharedMemory memory;
    private final SegmentMemory word;
    private final long intervalNanos;
    private long reportedHalt; // the last beat before a reported halt; used by one thread at a time

    private Beat(SharedMemory memory, long intervalNanos) {
        this.memory = memory;
        this.word = new SegmentMemory(memory.segment());
        this.intervalNanos = intervalNanos;
    }

    /// Makes a heartbeat of this process.
    public static Beat make(long intervalNanos) {
        return new Beat(SharedMemory.createToShow(LENGTH), intervalNanos);
    }

    /// Maps the heartbeat of another process for reading. Takes the file over.
    static Beat of(Descriptor file, long intervalNanos) {
        return new Beat(SharedMemory.adoptToLook(file, LENGTH), intervalNanos);
    }

    /// The file that senders map; open if this process has made it.
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

    /// Ends the heartbeat: all that look see it at once.
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

    /// Whether the halt after the last beat has still to be reported: true once for each halt.
    boolean takeUnreportedHalt() {
        long last = word.loadAcquire(0);
        boolean isUnreported = last != reportedHalt;
        reportedHalt = last;
        return isUnreported;
    }

    /// Unmaps the word; no thread may be inside.
    @Override
    public void close() {
        memory.close();
    }
}
