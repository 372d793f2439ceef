package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tests of the lines in which a node says what it does.
@Timeout(20)
class StatusLinesTest {

    private static final long STARTED = 47;

    private final StatusLines status = new StatusLines("words", "jobs3-4711-1f2e");

    private static NodeStats stats(long done, boolean isConnected, boolean isDraining) {
        return new NodeStats(4, 3, done, 2, 1, 5, 6, 7, isConnected, isDraining);
    }

    @Test
    void lineHasAllNumbersAndTheirDifferencesToTheLineBefore() {
        assertThat(status.next(new NodeStats(4, 0, 0, 0, 0, 0, 0, 0, true, false), STARTED))
                .isEqualTo("words node jobs3-4711-1f2e: 0/4 hands busy, 0 done, 0 failed,"
                        + " 0 cancelled, 0 given back, 0 quarantined, 0 ends kept, connected");
        assertThat(status.next(stats(1203, true, false), STARTED))
                .isEqualTo("words node jobs3-4711-1f2e: 3/4 hands busy, 1203 done (+1203),"
                        + " 2 failed (+2), 1 cancelled (+1), 5 given back (+5),"
                        + " 6 quarantined (+6), 7 ends kept, connected");
        assertThat(status.next(stats(1204, true, false), STARTED))
                .contains("1204 done (+1), 2 failed, 1 cancelled,");
    }

    @Test
    void lineEndsWithTheStateOfTheNode() {
        assertThat(status.next(stats(1, false, false), STARTED)).endsWith(", NO CONNECTION");
        assertThat(status.next(stats(1, true, true), STARTED)).endsWith(", connected, draining");
    }

    @Test
    void nodeOfWhichNothingHasChangedSaysSoOnceAMinute() {
        assertThat(status.next(stats(1, true, false), STARTED)).isNotNull();

        assertThat(status.next(stats(1, true, false), STARTED + TimeUnit.SECONDS.toNanos(59)))
                .isNull();
        assertThat(status.next(stats(1, true, false), STARTED + TimeUnit.SECONDS.toNanos(60)))
                .isNotNull();
        assertThat(status.next(stats(1, true, false), STARTED + TimeUnit.SECONDS.toNanos(119)))
                .isNull();
        assertThat(status.line(stats(1, true, false), STARTED + TimeUnit.SECONDS.toNanos(119)))
                .isNotNull();
    }
}
