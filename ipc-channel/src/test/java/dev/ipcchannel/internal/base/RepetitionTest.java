package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An event that comes again and again: it is worth few lines, and none of its occurrences is lost.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RepetitionTest {

    private static final long WINDOW = 1000;
    private static final long LONGEST = 8 * WINDOW;

    private final Repetition repetition = new Repetition(WINDOW, LONGEST);

    @Test
    void firstIsReportedAtOnce() {
        assertThat(repetition.note("first", 5)).isEqualTo(said("first"));
        assertThat(repetition.summary(5 + WINDOW)).isNull();
    }

    @Test
    void othersOfAWindowAreReportedOnceWithTheirNumberAndTheLastOfThem() {
        repetition.note("first", 0);
        assertThat(repetition.note("second", 1)).isEqualTo(new Repetition.Verdict(null, true));
        assertThat(repetition.note("third", 2)).isEqualTo(new Repetition.Verdict(null, false));

        assertThat(repetition.summary(WINDOW - 1)).as("too early").isNull();
        assertThat(repetition.summary(WINDOW)).isEqualTo("2 more of these, the last one: third");
        assertThat(repetition.summary(WINDOW)).as("said").isNull();
    }

    @Test
    void oneThatComesLongAfterAWindowIsAFirstOneAgain() {
        repetition.note("first", 0);

        assertThat(repetition.note("second", WINDOW + LONGEST)).isEqualTo(said("second"));
        assertThat(repetition.left(WINDOW + LONGEST)).isEqualTo(WINDOW);
    }

    @Test
    void oneThatComesSoonAfterAWindowOpensALongerOne() {
        repetition.note("first", 0);

        assertThat(repetition.note("second", WINDOW)).isEqualTo(said("second"));
        assertThat(repetition.left(WINDOW)).isEqualTo(2 * WINDOW);
    }

    /// No pace gets more than a line for each of the longest windows.
    @ParameterizedTest
    @ValueSource(longs = {WINDOW / 2, WINDOW, WINDOW + 1, 2 * WINDOW + 1, LONGEST - 1, LONGEST,
        LONGEST + 1})
    void eventsOfAnyPaceGetFewLines(long pace) {
        long lines = 0;
        for (long now = 0; now < 100 * LONGEST; now += pace) {
            lines += repetition.note("again", now).line() != null ? 1 : 0;
        }

        assertThat(lines).isLessThanOrEqualTo(105);
    }

    @Test
    void summaryThatNoCallerAskedForIsGivenWithTheNext() {
        repetition.note("first", 0);
        repetition.note("second", 1);

        assertThat(repetition.note("third", WINDOW))
                .isEqualTo(said("2 more of these, the last one: third"));
    }

    /// A flood that never ends gets a line for each of the longest windows.
    @Test
    void endlessFloodGetsFewLinesThatCountAllOfIt() {
        long lines = 0;
        long counted = 0;
        long events = 100 * LONGEST;
        for (long now = 0; now < events; now++) {
            String line = repetition.note("again", now).line();
            if (line != null) {
                lines++;
                counted += line.equals("again") ? 1
                        : Long.parseLong(line.substring(0, line.indexOf(' ')));
            }
        }

        assertThat(lines).isBetween(100L, 105L);
        assertThat(events - counted).as("still to be said").isBetween(0L, LONGEST);
    }

    private static Repetition.Verdict said(String line) {
        return new Repetition.Verdict(line, false);
    }
}
