package dev.ipcchannel.internal.stream;

/// The counts of one direction of a connection. Guarded by the lock of its owner.
public final class FlowCounts {

    /// The counts at one moment.
    ///
    /// @param bytes of the messages
    /// @param waitedNanos the time that threads have waited, including present waits
    /// @param wakeUps the number of their ended sleeps
    public record Snapshot(long messages, long bytes, long waitedNanos, long wakeUps) {}

    private long messages;
    private long bytes;
    private long waitedNanos; // less the beginnings of present waits
    private int waiting;
    private long wakeUps;

    FlowCounts() {}

    /// Counts a frame that has gone through.
    void add(SocketFrame frame) {
        if (frame.kind() == SocketFrame.Kind.MESSAGE) {
            messages++;
            bytes += frame.length();
        }
    }

    void beginWait() {
        waiting++;
        waitedNanos -= System.nanoTime();
    }

    void wakeUp() {
        wakeUps++;
    }

    void endWait() {
        waiting--;
        waitedNanos += System.nanoTime();
    }

    Snapshot snapshot() {
        return new Snapshot(messages, bytes, waitedNanos + waiting * System.nanoTime(), wakeUps);
    }
}
