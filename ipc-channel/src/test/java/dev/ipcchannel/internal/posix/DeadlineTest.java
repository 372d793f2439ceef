package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Timeouts of all lengths, also those that a count of nanoseconds cannot hold.
@Timeout(30)
class DeadlineTest {

    private static final long CENTURY_NANOS = Duration.ofDays(36_500).toNanos();

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -10_000_000_000L, Long.MIN_VALUE})
    void timeoutThatIsNotPositiveIsPastAtOnce(long seconds) {
        Deadline deadline = Deadline.after(Duration.ofSeconds(seconds));

        assertThat(deadline.isPast()).isTrue();
        assertThat(deadline.remainingNanos()).isZero();
        assertThat(deadline.isFinite()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {10_000_000_000L, Long.MAX_VALUE})
    void timeoutBeyondTheClockIsMoreThanACentury(long seconds) {
        Deadline deadline = Deadline.after(Duration.ofSeconds(seconds));

        assertThat(deadline.isPast()).isFalse();
        assertThat(deadline.remainingNanos()).isGreaterThan(CENTURY_NANOS);
    }

    @Test
    void timeoutIsPastWhenItsTimeIsOverAndNotBefore() {
        Duration timeout = Duration.ofMillis(5);
        long before = System.nanoTime();
        Deadline deadline = Deadline.after(timeout);
        long after = System.nanoTime();

        long lastRemaining = Long.MAX_VALUE;
        boolean isPast = deadline.isPast();
        while (!isPast) {
            long remaining = deadline.remainingNanos();
            assertThat(remaining).isBetween(0L, Math.min(lastRemaining, timeout.toNanos()));
            lastRemaining = remaining;
            // What the clock says before the look is no later than what the look sees.
            boolean mustBePast = System.nanoTime() - after >= timeout.toNanos();
            isPast = deadline.isPast();
            assertThat(isPast || !mustBePast).as("past, in time").isTrue();
        }

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(timeout.toNanos());
        assertThat(deadline.remainingNanos()).isZero();
    }

    @Test
    void neverHasNoEnd() {
        assertThat(Deadline.NEVER.isFinite()).isFalse();
        assertThat(Deadline.NEVER.isPast()).isFalse();
        assertThat(Deadline.NEVER.remainingNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void earlierOfTwoIsTheOneThatComesFirst() {
        Deadline soon = Deadline.after(Duration.ofHours(1));
        Deadline late = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(soon.earlier(late)).isSameAs(soon);
        assertThat(late.earlier(soon)).isSameAs(soon);
        assertThat(Deadline.NEVER.earlier(late)).isSameAs(late);
    }
}
