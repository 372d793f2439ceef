package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Number of jobs that a worker gets ahead, by the times of those before.
@Timeout(20)
class PaceTest {

    private final Pace pace = new Pace();

    private void jobs(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            pace.ended(nanos, 1);
        }
    }

    @Test
    void workerThatHasDoneNothingGetsNothingAhead() {
        assertThat(pace.ahead()).isZero();
        assertThat(pace.isShort()).isFalse();
    }

    @Test
    void workerGetsAheadWhatTakesItTwoHundredMicroseconds() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(5));

        assertThat(pace.ahead()).isBetween(39, 40);
        assertThat(pace.isShort()).isTrue();
    }

    @Test
    void jobsOfMoreGetNothingAhead() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(210));

        assertThat(pace.ahead()).isZero();
    }

    @Test
    void workerGetsAheadInBatchesWhatTakesItAMillisecond() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(50));

        assertThat(pace.aheadInBatches()).isBetween(19, 20);
    }

    @Test
    void nothingGoesAheadForSomeHundredJobsAfterOneOfManyMilliseconds() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(5));
        jobs(1, TimeUnit.MILLISECONDS.toNanos(20));
        jobs(499, TimeUnit.MICROSECONDS.toNanos(5));
        assertThat(pace.ahead()).isZero();
        assertThat(pace.aheadInBatches()).isZero();

        jobs(1, TimeUnit.MICROSECONDS.toNanos(5));

        assertThat(pace.ahead()).isPositive();
        assertThat(pace.aheadInBatches()).isPositive();
    }

    @Test
    void shortestJobsGetNoMoreThanTheMost() {
        jobs(300, 1);

        assertThat(pace.ahead()).isEqualTo(255);
    }

    @Test
    void singleLongJobIsForgottenAfterAFewShortOnes() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(1));
        jobs(1, TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(pace.ahead()).isLessThan(2);

        jobs(20, TimeUnit.MICROSECONDS.toNanos(1));

        assertThat(pace.ahead()).isGreaterThan(5);
    }

    @Test
    void batchThatTookLongOnceHasWaitedForAProcessor() {
        batches(3, 64 * 500);
        int before = pace.ahead();

        batches(1, TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(pace.ahead()).isEqualTo(before);

        batches(1, TimeUnit.MILLISECONDS.toNanos(5));
        assertThat(pace.ahead()).isLessThan(4);
        assertThat(pace.isShort()).isFalse();
    }

    /// Batches of 64 jobs, which took so long together.
    private void batches(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            pace.ended(nanos, 64);
        }
    }

    @Test
    void workerAtJobsAsShortAsTheirWayKeepsUpWithAnyNumberOfThem() {
        jobs(300, 500);

        assertThat(pace.keepsUpWith(10_000)).isTrue();
    }

    @Test
    void workerAtShortJobsKeepsUpWithWhatTakesItTwoHundredMicroseconds() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(5));
        assertThat(pace.keepsUpWith(39)).isTrue();
        assertThat(pace.keepsUpWith(41)).isFalse();

        jobs(300, TimeUnit.MICROSECONDS.toNanos(20));
        assertThat(pace.keepsUpWith(1)).as("to wake another one takes no longer").isFalse();
    }

    @Test
    void jobOfWhichTheWorkerSaysNothingChangesNothing() {
        jobs(300, TimeUnit.MICROSECONDS.toNanos(5));
        int before = pace.ahead();

        jobs(300, 0);

        assertThat(pace.ahead()).isEqualTo(before);
    }

    @Test
    void lackOfRoomLimitsItAndEachJobThatEndsLoosensThat() {
        jobs(300, 1);
        pace.limit(3);
        assertThat(pace.ahead()).isEqualTo(3);

        jobs(2, 1);

        assertThat(pace.ahead()).isEqualTo(5);
    }
}
