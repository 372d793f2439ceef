package dev.ipcchannel.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections that are kept for the other process's end: what may be said there, and what ends
/// them.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifelineTest {

    private final Sockets.Pair connection = Sockets.pair();
    private final AtomicInteger leavings = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();

    LifelineTest() {
        Watcher.instance().keepUntilEnd(connection.second(), leavings::incrementAndGet,
                ends::incrementAndGet);
    }

    @AfterEach
    void close() {
        Sockets.end(connection.first());
    }

    @Test
    void processThatSaysThatItExitsHasNotEndedYet() {
        say(LanePacket.LEAVING);
        awaitCount(leavings);
        assertThat(ends).hasValue(0);

        Sockets.end(connection.first());

        awaitCount(ends);
        assertThat(leavings).hasValue(1);
    }

    @Test
    void processThatSaysItAgainIsHeardNoMore() {
        say(LanePacket.LEAVING);
        say(LanePacket.LEAVING);

        awaitCount(ends);
        assertThat(leavings).hasValue(1);
    }

    @Test
    void processThatSaysAnythingElseIsHeardNoMore() {
        say(LanePacket.BELL);

        awaitCount(ends);
        assertThat(leavings).hasValue(0);
    }

    private void say(int word) {
        assertThat(Sockets.ring(connection.first(), word)).isTrue();
    }

    private static void awaitCount(AtomicInteger count) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(count).hasValue(1));
    }
}
