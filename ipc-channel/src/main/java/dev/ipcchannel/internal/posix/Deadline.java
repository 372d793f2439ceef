package dev.ipcchannel.internal.posix;

import java.time.Duration;

/// A moment on the monotonic clock after which waiting ends. The wall clock is never asked.
public final class Deadline {

    /// Waits as long as it takes.
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE, false);

    private final long atNanos; // as System.nanoTime has it
    private final boolean isFinite;

    private Deadline(long atNanos, boolean isFinite) {
        this.atNanos = atNanos;
        this.isFinite = isFinite;
    }

    /// The moment `timeout` from now; at once if that is negative.
    public static Deadline after(Duration timeout) {
        // 146 years: further would wrap around.
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        long nanos =
                timeout.compareTo(longest) > 0 ? longest.toNanos() : Math.max(0, timeout.toNanos());
        return new Deadline(System.nanoTime() + nanos, true);
    }

    /// Whether waiting ends at all.
    public boolean isFinite() {
        return isFinite;
    }

    /// Nanoseconds left, at least 0; [Long#MAX_VALUE] where waiting has no end.
    public long remainingNanos() {
        return isFinite ? Math.max(0, atNanos - System.nanoTime()) : Long.MAX_VALUE;
    }

    /// Whether the moment has come.
    public boolean isPast() {
        return isFinite && atNanos - System.nanoTime() <= 0;
    }

    /// Whichever of the two comes first.
    public Deadline earlier(Deadline other) {
        return remainingNanos() <= other.remainingNanos() ? this : other;
    }
}
