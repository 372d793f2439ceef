package dev.ipcchannel.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The age of a beat: it is counted by the interval of the process that beats, from the time of the
/// beat and not from when the beat is first seen.
@Timeout(60)
class BeatTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 24})
    void beatIsYoungForThreeOfItsOwnIntervals(long hours) {
        long interval = TimeUnit.HOURS.toNanos(hours); // the test takes no part of it
        try (Beat made = Beat.make(interval);
                Beat seen = Beat.of(made.file().duplicate(), interval)) {
            made.beat();
            long after = System.nanoTime();
            assertThat(seen.isYoung(after)).isTrue();
            assertThat(seen.isYoung(after + 2 * interval + interval / 2)).isTrue();
            assertThat(seen.isYoung(after + 3 * interval)).isFalse();
        }
    }

    @Test
    void beatThatIsSeenLateIsAsOldAsItIs() {
        long interval = TimeUnit.HOURS.toNanos(1);
        try (Beat made = Beat.make(interval)) {
            made.beat();
            long late = System.nanoTime() + 3 * interval;
            try (Beat seen = Beat.of(made.file().duplicate(), interval)) {
                assertThat(seen.isYoung(late)).isFalse();
                assertThat(seen.isYoung()).isTrue();
            }
        }
    }

    @Test
    void beatThatHasNotBeenOrIsOverIsNotYoung() {
        try (Beat made = Beat.make(TimeUnit.HOURS.toNanos(1))) {
            assertThat(made.isYoung()).isFalse();
            made.beat();
            assertThat(made.isYoung()).isTrue();
            made.end();
            assertThat(made.isYoung()).isFalse();
        }
    }
}
