package dev.ipcchannel.call;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The time that a call may wait, and the moment at which that ends.
final class TimeLimit {

    /// Waits as long as it takes.
    static final TimeLimit NONE = new TimeLimit(Long.MAX_VALUE, Duration.ZERO);

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2; // 146 years: no wrap-around

    private final long atNanos; // as System.nanoTime has it
    private final Duration given;

    private TimeLimit(long atNanos, Duration given) {
        this.atNanos = atNanos;
        this.given = given;
    }

    /// The limit `timeout` from now; at once if that is negative.
    static TimeLimit after(Duration timeout) {
        long nanos = Math.clamp(TimeUnit.NANOSECONDS.convert(
                Argument.given(timeout, "timeout")), 0, LONGEST_NANOS);
        return new TimeLimit(System.nanoTime() + nanos, timeout);
    }

    boolean isFinite() {
        return this != NONE;
    }

    boolean isPast() {
        return isFinite() && atNanos - System.nanoTime() <= 0;
    }

    /// What is left, at least nothing.
    Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /// What is left, at least 0; [Long#MAX_VALUE] where there is no limit.
    long remainingNanos() {
        return isFinite() ? Math.max(0, atNanos - System.nanoTime()) : Long.MAX_VALUE;
    }

    /// What is left, but no more than `nanos`.
    Duration atMost(long nanos) {
        return Duration.ofNanos(Math.min(nanos, remainingNanos()));
    }

    /// @param what has not come or gone, up to the name of the other side
    /// @param otherSide as [dev.ipcchannel.Link#otherSide] has it; empty if it is not known
    TimedOut timedOut(String what, String otherSide) {
        return timedOut(otherSide.isEmpty() ? what.substring(0, what.lastIndexOf(' '))
                : what + " " + otherSide);
    }

    TimedOut timedOut(String what) {
        return new TimedOut("%s within the time given: timeout=%s".formatted(what,
                ShownTime.of(given)));
    }
}
