package dev.ipcchannel.internal.base;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A moment on the monotonic clock at which waiting ends. The wall clock is never read.
public final class Deadline {

    /// The deadline of a wait without an end.
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE, Duration.ZERO);

    /// The deadline of a call that does not wait.
    public static final Deadline NOW = new Deadline(System.nanoTime(), Duration.ZERO);

    /// The time after which a wait for other processes is logged.
    public static final Duration LONG_WAIT = Duration.ofSeconds(5);

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2; // 146 years: no wrap-around

    private final long atNanos; // a System.nanoTime
    private final Duration given;

    private Deadline(long atNanos, Duration given) {
        this.atNanos = atNanos;
        this.given = given;
    }

    /// The moment `timeout` from now; at once if it is negative.
    public static Deadline after(Duration timeout) {
        // A duration too long for a `long` becomes the longest one, of either sign.
        long nanos = Math.clamp(TimeUnit.NANOSECONDS.convert(
                Argument.given(timeout, "timeout")), 0, LONGEST_NANOS);
        return new Deadline(System.nanoTime() + nanos, timeout);
    }

    /// Whether waiting ends at all.
    public boolean isFinite() {
        return this != NEVER;
    }

    /// The nanoseconds left, at least 0; [Long#MAX_VALUE] if waiting has no end.
    public long remainingNanos() {
        return isFinite() ? Math.max(0, atNanos - System.nanoTime()) : Long.MAX_VALUE;
    }

    /// Whether the moment has come.
    public boolean isPast() {
        return isFinite() && atNanos - System.nanoTime() <= 0;
    }

    /// The time left, at least zero, and at most `nanos`.
    public Duration atMost(long nanos) {
        return Duration.ofNanos(Math.min(nanos, remainingNanos()));
    }

    /// The time left, at least zero.
    public Duration remaining() {
        return atMost(Long.MAX_VALUE);
    }

    /// The sentence for a user whose time has passed.
    ///
    /// @param what has not happened until then
    public String passed(String what) {
        return passed(what, given);
    }

    /// The same sentence for a known timeout.
    public static String passed(String what, Duration timeout) {
        return what + " within the time given: timeout=" + ShownTime.of(timeout);
    }

    /// The earlier of the two.
    public Deadline earlier(Deadline other) {
        return remainingNanos() <= other.remainingNanos() ? this : other;
    }
}
