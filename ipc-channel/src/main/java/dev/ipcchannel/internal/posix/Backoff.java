package dev.ipcchannel.internal.posix;

/// The pauses between tries of one thing, each twice as long as the one before, up to a limit.
///
/// ```java
/// Backoff pauses = new Backoff(1_000_000, 250_000_000);
/// while (!isDone()) {
///     pauses.pause();
/// }
/// ```
///
/// Used by one thread at a time.
public final class Backoff {

    private final long firstNanos;
    private final long longestNanos;
    private long nextNanos;

    public Backoff(long firstNanos, long longestNanos) {
        this.firstNanos = firstNanos;
        this.longestNanos = longestNanos;
        this.nextNanos = firstNanos;
    }

    /// The length of the next pause in nanoseconds, for a caller that waits by itself.
    public long nextNanos() {
        long next = nextNanos;
        nextNanos = Math.min(2 * next, longestNanos);
        return next;
    }

    /// Pauses, see [Pause#of].
    public void pause() {
        Pause.of(nextNanos());
    }

    /// Starts with the shortest pause again.
    public void restart() {
        nextNanos = firstNanos;
    }
}
