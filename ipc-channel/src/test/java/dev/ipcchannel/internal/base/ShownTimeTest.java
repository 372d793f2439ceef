package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Times as people read them.
@Timeout(60)
class ShownTimeTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.000000001S, 1 ns",
        "PT-0.000000001S, -1 ns",
        "PT0.000012345S, 12.3 us",
        "PT0.058720255S, 58.7 ms",
        "PT0.1S, 100 ms",
        "PT-0.001S, -1 ms",
        "PT1.5S, 1.5 s",
        "PT1.05S, 1.05 s",
        "PT9.999S, 10 s",
        "PT10S, 10 s",
        "PT12.34S, 12.3 s",
        "PT100S, 100 s",
        "PT26H, 93600 s",
        "PT2562047788015215H30M7S, 9223372036854775807 s",
    })
    void timeIsShownInItsUnit(Duration time, String shown) {
        assertThat(ShownTime.of(time)).isEqualTo(shown);
    }
}
