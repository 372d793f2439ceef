package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Repeated tries of one thing: they become ever less frequent, up to a limit.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackoffTest {

    @Test
    void eachPauseIsTwiceAsLongAsTheOneBeforeUpToTheLongest() {
        Backoff pauses = new Backoff(10, 50);

        assertThat(LongStream.generate(pauses::nextNanos).limit(5)).containsExactly(10L, 20L, 40L,
                50L, 50L);
    }

    @Test
    void restartBeginsWithTheShortest() {
        Backoff pauses = new Backoff(1000, 50_000);
        long start = System.nanoTime();
        for (int i = 0; i < 7; i++) {
            pauses.pause();
        }

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(113_000);
        pauses.restart();
        assertThat(pauses.nextNanos()).isEqualTo(1000);
    }
}
