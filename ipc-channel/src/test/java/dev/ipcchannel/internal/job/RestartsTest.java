package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The time at which a worker that died may be replaced.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestartsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void firstReplacementComesAtOnceAndLaterOnesTwiceAsLateEachUpToASecond() {
        Restarts restarts = new Restarts(100, Duration.ofMinutes(1));
        List<Long> millis = new ArrayList<>();
        millis.add(TimeUnit.NANOSECONDS.toMillis(restarts.delayNanos()));
        for (int i = 0; i < 8; i++) {
            assertThat(restarts.note(i)).isTrue();
            millis.add(TimeUnit.NANOSECONDS.toMillis(restarts.delayNanos()));
        }
        assertThat(millis).containsExactly(0L, 0L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
    }

    @Test
    void delayStaysALimitHoweverManyFail() {
        Restarts restarts = new Restarts(100_000, Duration.ofMinutes(1));
        for (int i = 0; i < 10_000; i++) {
            restarts.note(i);
            assertThat(restarts.delayNanos()).isBetween(0L, SECOND);
        }
        assertThat(restarts.count()).isEqualTo(10_000);
    }

    @Test
    void jobThatWasDoneMakesTheNextReplacementComeAtOnce() {
        Restarts restarts = new Restarts(100, Duration.ofMinutes(1));
        for (int i = 0; i < 5; i++) {
            restarts.note(i);
        }
        restarts.succeeded();
        assertThat(restarts.delayNanos()).isZero();
    }

    @Test
    void eachWorkerIsReplacedByPlanOnceASecondAndMoreSeldomWhileNothingSucceeds() {
        Restarts restarts = new Restarts(0, Duration.ofMinutes(1));
        long now = Long.MAX_VALUE - SECOND; // System.nanoTime may overflow
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            restarts.noteReplaced(now, 1);
            long delay = restarts.replacementDelayNanos(now);
            seconds.add(TimeUnit.NANOSECONDS.toSeconds(delay));
            now += delay;
        }
        assertThat(seconds).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 32L, 32L);
        assertThat(restarts.count()).as("restarts that count").isZero();

        restarts.succeeded();
        restarts.noteReplaced(now, 1);
        assertThat(restarts.replacementDelayNanos(now)).isLessThanOrEqualTo(SECOND);
    }

    @Test
    void twoWorkersAreReplacedTwiceASecond() {
        Restarts restarts = new Restarts(0, Duration.ofMinutes(1));
        for (int i = 0; i < 2; i++) {
            restarts.noteReplaced(0, 2);
            assertThat(restarts.replacementDelayNanos(0)).isZero();
        }
        restarts.noteReplaced(0, 2);
        assertThat(restarts.replacementDelayNanos(0)).isEqualTo(SECOND);
        assertThat(restarts.replacementDelayNanos(SECOND)).isZero();
    }

    @Test
    void limitIsOfThoseWithinTheInterval() {
        Restarts restarts = new Restarts(2, Duration.ofSeconds(10));
        long now = Long.MAX_VALUE - SECOND; // System.nanoTime may overflow
        assertThat(restarts.note(now)).isTrue();
        assertThat(restarts.note(now + 5 * SECOND)).isTrue();
        assertThat(restarts.note(now + 11 * SECOND)).as("the first is too long ago").isTrue();
        assertThat(restarts.note(now + 12 * SECOND)).isFalse();
        assertThat(restarts.describe()).contains("restarts=3", "limit=2", "10 s");
    }

    @Test
    void noneIsAllowedWhereTheLimitIsZeroAndResetForgivesAll() {
        Restarts restarts = new Restarts(0, Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(restarts.note(0)).isFalse();
        restarts.reset();
        assertThat(restarts.delayNanos()).isZero();
        assertThat(restarts.describe()).contains("restarts=0");
        assertThat(restarts.count()).as("counted for the statistics").isEqualTo(1);
    }
}
