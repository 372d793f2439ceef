package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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

    /// Compares with the clock before and after the deadline is made, and before and after each
    /// look at it.
    @Test
    void timeoutIsPastWhenItsTimeIsOverAndNotBefore() {
        long nanos = Duration.ofMillis(5).toNanos();
        long before = System.nanoTime();
        Deadline deadline = Deadline.after(Duration.ofNanos(nanos));
        long after = System.nanoTime();

        int tooSoon = 0;
        int tooLate = 0;
        int grown = 0;
        long remaining = nanos;
        boolean isPast = false;
        while (!isPast) {
            long beforeLook = System.nanoTime();
            isPast = deadline.isPast();
            long afterLook = System.nanoTime();
            tooSoon += isPast && afterLook - before < nanos ? 1 : 0;
            tooLate += !isPast && beforeLook - after >= nanos ? 1 : 0;
            long left = deadline.remainingNanos();
            grown += left > remaining ? 1 : 0;
            remaining = left;
        }

        assertThat(List.of(tooSoon, tooLate, grown)).containsExactly(0, 0, 0);
        assertThat(remaining).isZero();
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
