package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Counts of how long jobs took.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LatenciesTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 33, 1_000, 999_999_999, Long.MAX_VALUE})
    void bucketHasItsNanosecondsWithinItsBounds(long nanos) {
        assertBounds(nanos);
    }

    @Test
    void bucketsOfAnyNanosecondsAreWithinSevenPercent() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            assertBounds(random.nextLong() >>> (1 + random.nextInt(62)));
        }
    }

    private static void assertBounds(long nanos) {
        int bucket = Latencies.bucket(nanos);
        long upper = Latencies.upperBound(bucket);
        assertThat(upper).as("upper bound of %d", nanos).isGreaterThanOrEqualTo(nanos);
        assertThat((double) (upper - nanos)).as("error of %d", nanos)
                .isLessThanOrEqualTo(0.07 * nanos);
        if (bucket > 0) {
            assertThat(Latencies.upperBound(bucket - 1)).as("the bucket before %d", nanos)
                    .isLessThan(nanos);
        }
    }

    @Test
    void quantilesAreThoseOfWhatWasAdded() {
        Latencies latencies = new Latencies();
        assertThat(latencies.quantile(0.5)).isZero();
        for (int millis = 1; millis <= 100; millis++) {
            latencies.add(Duration.ofMillis(millis).toNanos());
        }
        latencies.add(-1); // of a clock that jumped: counts as nothing
        assertThat(latencies.count()).isEqualTo(101);
        assertThat(latencies.quantile(0)).isZero();
        assertThat(latencies.quantile(0.5)).isBetween(Duration.ofMillis(50), Duration.ofMillis(54));
        assertThat(latencies.quantile(0.99)).isBetween(Duration.ofMillis(99),
                Duration.ofMillis(106));
        assertThat(latencies.quantile(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(107));
        assertThat(latencies).hasToString("Latencies[count=101, p50=50.3 ms, p99=101 ms]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void quantileOutsideOfZeroToOneIsRefused(double part) {
        assertThatThrownBy(() -> new Latencies().quantile(part))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("part=" + part);
    }

    @Test
    void copyDoesNotChangeAnyMore() {
        Latencies latencies = new Latencies();
        Latencies copy = latencies.copy();
        latencies.add(1);
        assertThat(copy.count()).isZero();
    }
}
