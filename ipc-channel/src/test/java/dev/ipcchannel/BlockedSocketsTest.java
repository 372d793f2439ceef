package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Waits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lanes whose sender is between the descriptors of a message and the message itself: the receiver
/// leaves the descriptors in the socket, notices packets after them, and is not blocked.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockedSocketsTest {

    private static final int CAPACITY = 4096;
    private static final int PACKETS = 5; // of one message of an honest sender
    private static final int MOST_GIVEN_UP = 64; // packets before those of a record
    private static final int SENDERS = 30;
    private static final int MESSAGES = 50; // of each, all unread
    private static final Duration SHORT = Duration.ofMillis(50);

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messageAfterItsManyDescriptorsArrives(boolean isVirtual) throws Exception {
        try (HandMade ends = HandMade.open()) {
            ends.begin();
            assertThatThrownBy(() -> ends.receiver().receive(SHORT)).isInstanceOf(TimedOut.class);
            Waits<String> wait =
                    Waits.in(isVirtual, () -> ends.receiver().receive(Children.PATIENCE)).asleep();

            ends.finish("behind them");

            wait.failure().isInstanceOf(CodecFailed.class); // it has ends, and a text has none
            ends.lane().send("another".getBytes(StandardCharsets.UTF_8), List.of());
            assertThat(ends.receiver().receive(Children.PATIENCE)).isEqualTo("another");
        }
    }

    @Test
    void messageAfterItsManyDescriptorsArrivesInASet() throws Exception {
        try (HandMade ends = HandMade.open(); ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(ends.receiver());
            ends.begin();
            assertThat(set.select(SHORT)).isEmpty();
            Waits<List<ReceiverEvent<String>>> wait =
                    Waits.in(() -> List.copyOf(set.select(Children.PATIENCE))).asleep();

            ends.finish("behind them");

            assertThat(wait.value()).singleElement().isInstanceOf(ReceiverEvent.Failed.class);
            set.remove(ends.receiver());
        }
    }

    @Test
    void waitAfterDescriptorsSleeps() throws Exception {
        try (HandMade ends = HandMade.open()) {
            ends.begin();
            long before = ends.receiver().stats().wakeUps();

            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> ends.receiver().receive(SHORT))
                        .isInstanceOf(TimedOut.class);
            }

            assertThat(ends.receiver().stats().wakeUps() - before).isLessThanOrEqualTo(30);
        }
    }

    @Test
    void endOfASenderIsSeenAfterItsDescriptors() throws Exception {
        try (HandMade ends = HandMade.open()) {
            ends.begin();
            assertThatThrownBy(() -> ends.receiver().receive(SHORT)).isInstanceOf(TimedOut.class);
            Waits<String> wait =
                    Waits.in(() -> ends.receiver().receive(Children.PATIENCE)).asleep();

            ends.die();

            wait.failure().isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void noDescriptorIsTakenUpThatNoMessageHasAskedFor() throws Exception {
        try (HandMade ends = HandMade.open()) {
            long before = Children.descriptors();
            ends.begin();

            assertThatThrownBy(() -> ends.receiver().receive(SHORT)).isInstanceOf(TimedOut.class);
            assertThat(ends.receiver().isConnected()).isTrue();

            // Two for the lane, one to watch for packets after them.
            assertThat(Children.descriptors()).isLessThanOrEqualTo(before + 3);
        }
    }

    @Test
    void messageAfterAsManyGivenUpAsASenderMayLeaveArrives() throws Exception {
        try (HandMade ends = HandMade.open()) {
            ends.sendAfter(MOST_GIVEN_UP);

            assertThat(ends.receiver().receive(Children.PATIENCE)).isEqualTo("before");
            assertThatThrownBy(() -> ends.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(CodecFailed.class); // it has arrived: it has an end
        }
    }

    @Test
    void oneMoreIsABreachAndNoDescriptorStays() throws Exception {
        try (HandMade ends = HandMade.open()) {
            long before = Children.descriptors();
            ends.sendAfter(MOST_GIVEN_UP + 1);

            assertThat(ends.receiver().receive(Children.PATIENCE)).isEqualTo("before");
            assertThatThrownBy(() -> ends.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(ProtocolViolation.class).hasMessageContaining("given up");

            await().untilAsserted(
                    () -> assertThat(Children.descriptors()).isLessThanOrEqualTo(before));
        }
    }

    /// Far more descriptors than any limit, of honest senders: they wait in the sockets until their
    /// message is received, and none is lost or refused.
    @Test
    void honestCrowdWithManyEndsOnTheirWayIsServed() throws Exception {
        try (Channel<Sender<String>> channel = Channel.create(new TypeToken<Sender<String>>() {});
                Channel<String> work = Channel.create(String.class)) {
            List<Sender<Sender<String>>> crowd = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                crowd.add(channel.sender().exclusive());
                crowd.get(i).send(work.sender().share());
                channel.receiver().receive(Children.PATIENCE).close();
            }
            long before = Children.descriptors();
            for (Sender<Sender<String>> sender : crowd) {
                for (int i = 0; i < MESSAGES; i++) {
                    sender.send(work.sender().share());
                }
            }

            assertThat(channel.receiver().isConnected()).isTrue(); // by a look at every socket
            assertThat(Children.descriptors()).isLessThanOrEqualTo(before + 1);

            for (int i = 0; i < SENDERS * MESSAGES; i++) {
                channel.receiver().receive(Children.PATIENCE).close();
            }
            crowd.forEach(Sender::close);
        }
    }

    /// A channel whose lane this test writes by hand.
    private record HandMade(Channel<String> channel, Transferable.Moving sender, HostileLane lane,
            Descriptor cargo) implements AutoCloseable {

        static HandMade open() {
            Channel<String> channel = Channel.create(String.class,
                    ChannelOptions.defaults().withCapacity(CAPACITY));
            Transferable.Moving sender = channel.sender().export();
            Sockets.Pair pair = Sockets.pair();
            pair.first().close();
            return new HandMade(channel, sender,
                    HostileLane.announce(sender.transfer().descriptors().getFirst(), CAPACITY),
                    pair.second());
        }

        Receiver<String> receiver() {
            return channel.receiver();
        }

        void begin() {
            lane.begin(Stream.generate(
                    () -> Collections.nCopies(Packet.MAX_DESCRIPTORS, cargo))
                    .limit(PACKETS).toList());
        }

        void finish(String text) {
            lane.finish(text.getBytes(StandardCharsets.UTF_8), PACKETS);
        }

        /// Gives up half of the packets in place of a message that arrives, half in place of the
        /// next.
        void sendAfter(int givenUp) {
            for (int i = 0; i < givenUp; i++) {
                if (i == MOST_GIVEN_UP / 2) {
                    lane.send("before".getBytes(StandardCharsets.UTF_8), List.of());
                }
                lane.giveUp(List.of(cargo));
            }
            lane.send("behind them".getBytes(StandardCharsets.UTF_8), List.of(cargo));
        }

        void die() {
            lane.close();
            sender.notMoved();
            channel.sender().close();
        }

        @Override
        public void close() {
            channel.close();
            die();
            cargo.close();
        }
    }
}
