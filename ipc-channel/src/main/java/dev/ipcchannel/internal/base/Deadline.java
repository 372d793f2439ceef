package dev.ipcchannel.internal.base;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A moment on the monotonic clock after which waiting ends. The wall clock is never asked.
public final class Deadline {

    /// Waits as long as it takes.
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE, Duration.ZERO);

    /// Waits not at all.
    public static final Deadline NOW = new Deadline(System.nanoTime(), Duration.ZERO);

    /// How long a wait for other processes lasts before it is worth a line in the log.
    public static final Duration LONG_WAIT = Duration.ofSeconds(5);

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2; // 146 years: no wrap-around

    private final long atNanos; // as System.nanoTime has it
    private final Duration given;

    private Deadline(long atNanos, Duration given) {
        this.atNanos = atNanos;
        this.given = given;
    }

    /// The moment `timeout` from now; at once if that is negative.
    public static Deadline after(Duration timeout) {
        // A duration that a long cannot hold becomes the longest there is, of either sign.
        long nanos = Math.clamp(TimeUnit.NANOSECONDS.convert(
                Argument.given(timeout, "timeout")), 0, LONGEST_NANOS);
        return new Deadline(System.nanoTime() + nanos, timeout);
    }

    /// Whether waiting ends at all.
    public boolean isFinite() {
        return this != NEVER;
    }

    /// Nanoseconds left, at least 0; [Long#MAX_VALUE] where waiting has no end.
    public long remainingNanos() {
        return isFinite() ? Math.max(0, atNanos - System.nanoTime()) : Long.MAX_VALUE;
    }

    /// Whether the moment has come.
    public boolean isPast() {
        return isFinite() && atNanos - System.nanoTime() <= 0;
    }

    /// The time left, at least nothing, and no more than `nanos`.
    public Duration atMost(long nanos) {
        return Duration.ofNanos(Math.min(nanos, remainingNanos()));
    }

    /// The time left, at least nothing.
    public Duration remaining() {
        return atMost(Long.MAX_VALUE);
    }

    /// The sentence for a user whose time has passed.
    ///
    /// @param what has not come or gone until then
    public String passed(String what) {
        return passed(what, given);
    }

    /// The same where that time is at hand.
    public static String passed(String what, Duration timeout) {
        return what + " within the time given: timeout=" + ShownTime.of(timeout);
    }

    /// Whichever of the two comes first.
    public Deadline earlier(Deadline other) {
        return remainingNanos() <= other.remainingNanos() ? this : other;
    }
}
