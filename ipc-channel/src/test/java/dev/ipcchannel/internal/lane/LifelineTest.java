package dev.ipcchannel.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections that are kept for the other process's end: what may be said there, and what ends
/// them. Here is the client's side.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifelineTest {

    private final Sockets.Pair connection = Sockets.pair();
    private final AtomicInteger leavings = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();

    private final Lifeline lifeline = Lifeline.ofClient(connection.second(),
            leavings::incrementAndGet, ends::incrementAndGet);

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

    @Test
    void clientIsAcceptedOnceThatIsSaid() {
        assertThat(lifeline.isTurnedAway()).isFalse();
        assertThat(lifeline.isAccepted()).isFalse();

        say(LanePacket.ACCEPTED);
        say(LanePacket.LEAVING);
        Sockets.end(connection.first());

        assertThat(lifeline.isTurnedAway()).isFalse();
        assertThat(lifeline.isAccepted()).isTrue();
        awaitCount(ends);
        assertThat(leavings).as("what was asked meanwhile").hasValue(1);
        assertThat(lifeline.isTurnedAway()).isFalse();
    }

    @Test
    void clientWhoseConnectionEndsWithoutAWordIsTurnedAway() {
        Sockets.end(connection.first());

        assertThat(lifeline.isTurnedAway()).isTrue();
        awaitCount(ends);
        assertThat(lifeline.isTurnedAway()).isTrue();
        assertThat(lifeline.isAccepted()).isFalse();
    }

    @Test
    void clientThatSaysThatItIsAcceptedIsHeardNoMore() {
        Sockets.Pair client = Sockets.pair();
        Lifeline servers = Lifeline.ofServer(client.second());

        assertThat(Sockets.ring(client.first(), LanePacket.ACCEPTED)).isTrue();

        await().atMost(Children.PATIENCE).until(() -> PollSet.isHungUp(client.first()));
        servers.drop();
        Sockets.end(client.first());
    }

    @Test
    void connectionThatIsDroppedIsClosedAndSaysNothing() {
        lifeline.drop();
        lifeline.drop();

        assertThat(PollSet.isHungUp(connection.first())).isTrue();
        lifeline.sayAccepted();
        lifeline.sayLeaving();
        assertThat(lifeline.isTurnedAway()).isTrue();
        assertThat(ends).hasValue(0);
    }

    private void say(int word) {
        assertThat(Sockets.ring(connection.first(), word)).isTrue();
    }

    private static void awaitCount(AtomicInteger count) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(count).hasValue(1));
    }
}
