package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The watch that ends tests without progress, and only those.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProgressWatchTest {

    private final List<String> ends = new ArrayList<>();

    @Test
    void junitFindsItByItself() {
        assertThat(ProgressWatch.count()).isPositive();
    }

    @Test
    void noProgressIsTheEndAndSaysWhereAllThreadsAre() {
        ProgressWatch.watch(() -> 1, Duration.ofMillis(20), ends::add);

        assertThat(ends).singleElement().asString()
                .contains("no test has begun or ended", "noProgressIsTheEnd");
    }

    @Test
    void progressPutsTheEndOff() {
        AtomicLong looks = new AtomicLong();

        ProgressWatch.watch(() -> Math.min(looks.incrementAndGet(), 10), Duration.ofMillis(20),
                ends::add);

        assertThat(looks.get()).as("looks, of which the first ten found progress")
                .isGreaterThan(10);
        assertThat(ends).hasSize(1);
    }
}
