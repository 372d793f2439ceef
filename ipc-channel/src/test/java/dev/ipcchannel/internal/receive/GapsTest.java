package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.CaughtLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The messages that a receiver has missed, as the numbers before the messages show it.
@Timeout(30)
class GapsTest {

    private final Gaps gaps = new Gaps("words");
    private final SenderNumbers numbers = new SenderNumbers();
    private final List<Long> reported = new ArrayList<>();

    private void note(long sender, long number) {
        gaps.add(numbers.note(sender, number));
        gaps.report();
    }

    @Test
    void firstMessageOfASenderIsAfterNoGap() {
        gaps.whenMissing(reported::add);
        note(1, 1);
        note(2, 1000);
        note(1, 2);
        note(2, 1001);

        assertThat(reported).isEmpty();
        assertThat(gaps.lost()).isZero();
    }

    @Test
    void missingMessagesAreReportedAndCountedForEachSender() {
        gaps.whenMissing(reported::add);
        note(1, 1);
        note(2, 1);
        note(1, 4);
        note(2, 2);
        note(2, 4);

        assertThat(reported).containsExactly(2L, 1L);
        assertThat(gaps.lost()).isEqualTo(3);
    }

    /// A peer may number its messages as it likes.
    @Test
    void gapsBeyondAllNumbersAreAsManyAsCanBeCounted() {
        gaps.whenMissing(reported::add);
        for (long sender = 1; sender <= 3; sender++) {
            gaps.add(numbers.note(sender, 1));
            gaps.add(numbers.note(sender, Long.MAX_VALUE));
        }
        gaps.report();
        note(1, 2);
        note(1, 4);

        assertThat(reported).containsExactly(Long.MAX_VALUE, 1L);
        assertThat(gaps.lost()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void gapThatIsNotReportedAtOnceIsReportedWithTheNext() {
        gaps.whenMissing(reported::add);
        note(1, 1);
        gaps.add(numbers.note(1, 3)); // one that could not be read, for example
        note(1, 5);

        assertThat(reported).containsExactly(2L);
    }

    @Test
    void gapWithoutAnActionIsCounted() {
        note(1, 1);
        note(1, 11);
        gaps.whenMissing(reported::add);
        note(1, 12);

        assertThat(reported).isEmpty();
        assertThat(gaps.lost()).isEqualTo(9);
    }

    @Test
    void actionThatFailsIsLoggedAndCostsNothing() {
        try (CaughtLog log = CaughtLog.listen()) {
            gaps.whenMissing(_ -> {
                throw new IllegalStateException("of a user's");
            });
            note(1, 1);
            note(1, 3);
            assertThat(log.lines()).anyMatch(line -> line
                    .contains("that are missing has failed: name=words: ")
                    && line.contains("of a user's"));
        }
        gaps.whenMissing(reported::add);
        note(1, 5);
        assertThat(reported).containsExactly(1L);
    }

    /// Another process may write what it likes there.
    @Test
    void numbersThatMakeNoSenseAreNoGaps() {
        gaps.whenMissing(reported::add);
        note(1, 5);
        note(1, 5);
        note(1, 3);
        note(1, Long.MIN_VALUE);
        note(1, Long.MIN_VALUE + 1);

        assertThat(reported).isEmpty();
        assertThat(gaps.lost()).isZero();
    }

    @Test
    void sendersWithoutARecentMessageAreForgotten() {
        gaps.whenMissing(reported::add);
        for (long sender = 0; sender <= 65_536; sender++) {
            note(sender, 1);
        }
        note(0, 100);
        note(65_536, 100);

        assertThat(reported).containsExactly(98L);
    }
}
