package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.OpaqueSender;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.children.Handover;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Ends of an in-process channel that are killed on request: for the other side that is like the
/// kill of a process.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessKillTest {

    private static final String ENDED = "ended without closing";
    private static final String SENDER_KILLED = "this sender was killed by its test";
    private static final String RECEIVER_KILLED = "this receiver was killed by its test";
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    @RegisterExtension
    final Children children = new Children();

    private InProcess<String> channel;
    private Sender<String> sender;
    private Receiver<String> receiver;

    @BeforeEach
    void open() { // here, so that leftovers are detected
        channel = InProcess.open(String.class, SMALL);
        sender = channel.sender();
        receiver = channel.receiver();
    }

    @AfterEach
    void close() {
        channel.close();
    }

    static Stream<SendingVerb> waiting() {
        return SendingVerb.waiting();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheKilledSenderSentIsReceivedFirst(ReceivingVerb verb) throws Exception {
        sender.send("one");
        sender.send("long ".repeat(10_000));

        channel.killSender();

        assertThat(verb.from(receiver)).isEqualTo("one");
        assertThat(verb.from(receiver)).startsWith("long ");
        assertThatThrownBy(() -> verb.from(receiver)).isInstanceOf(Disconnected.class)
                .hasMessageContaining(ENDED);
        assertThat(receiver.isConnected()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "TRY_.*")
    void receiverThatWaitsLearnsOfTheDeath(ReceivingVerb verb) throws Exception {
        sender.send("before");
        assertThat(receiver.receive()).isEqualTo("before");
        Waits<String> waits = Waits.in(() -> verb.from(receiver)).asleep();

        channel.killSender();

        waits.failure().isInstanceOf(Disconnected.class).hasMessageContaining(ENDED);
    }

    @Test
    void deathOfASenderThatNeverSentLooksLikeAClose() throws Exception {
        channel.killSender();

        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class)
                .hasMessageContaining("every sender has been closed");
    }

    @ParameterizedTest
    @EnumSource
    void killedSenderIsUsedUp(SendingVerb verb) throws Exception {
        sender.send("before");
        channel.killSender();

        assertThatThrownBy(() -> verb.send(sender, "x", Children.PATIENCE))
                .isInstanceOf(EndClosed.class).hasMessage(SENDER_KILLED);
        assertThatThrownBy(sender::share).isInstanceOf(EndClosed.class).hasMessage(SENDER_KILLED);
        assertThat(sender.isConnected()).isFalse();
        assertThat(sender).asString().contains("closed");
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void senderThatWaitsForRoomEndsWithItsKill(SendingVerb verb) throws Exception {
        while (sender.trySend("full") == SendOutcome.SENT) {
            // one more
        }
        Waits<Boolean> first =
                Waits.in(() -> verb.send(sender, "x".repeat(200), Children.PATIENCE)).asleep();
        Waits<Boolean> second =
                Waits.in(() -> verb.send(sender, "x".repeat(200), Children.PATIENCE)).asleep();

        channel.killSender();

        first.failure().isInstanceOf(EndClosed.class).hasMessage(SENDER_KILLED);
        second.failure().isInstanceOf(EndClosed.class).hasMessage(SENDER_KILLED);
        assertThat(receiver.receive()).isEqualTo("full");
    }

    @Test
    void killTakesAllSendersOfThisSide() throws Exception {
        Sender<String> shared = sender.share();
        OpaqueSender opaque = sender.share().erase();
        Sender<String> exclusive = sender.exclusive();
        sender.send("one");
        shared.send("two");
        exclusive.send("three");

        channel.killSender();

        assertThat(List.of(receiver.receive(), receiver.receive(), receiver.receive()))
                .containsExactlyInAnyOrder("one", "two", "three");
        assertThatThrownBy(receiver::receive).hasMessageContaining(ENDED);
        assertThatThrownBy(() -> shared.send("x")).hasMessage(SENDER_KILLED);
        assertThatThrownBy(() -> exclusive.send("x")).hasMessage(SENDER_KILLED);
        assertThatThrownBy(exclusive::exclusive).hasMessage(SENDER_KILLED);
        assertThatThrownBy(() -> opaque.as(String.class)).isInstanceOf(EndClosed.class)
                .hasMessage(SENDER_KILLED);
        opaque.close();
        exclusive.close();
    }

    @Test
    void exclusiveSenderOfAnotherThreadIsKilledWhileItWaits() throws Exception {
        Waits<Void> waits = Waits.run(() -> {
            try (Sender<String> exclusive = sender.exclusive()) {
                while (true) {
                    exclusive.send("exclusive");
                }
            }
        }).asleep();

        channel.killSender();

        waits.failure().isInstanceOf(EndClosed.class).hasMessage(SENDER_KILLED);
        assertThatThrownBy(() -> {
            while (true) {
                assertThat(receiver.receive()).isEqualTo("exclusive");
            }
        }).isInstanceOf(Disconnected.class).hasMessageContaining(ENDED);
    }

    @Test
    void openClaimOfTheKillersThreadGoesWithTheKill() throws Exception {
        sender.send("before");
        try (Claim claim = sender.claim(8)) {
            channel.killSender();

            assertThatThrownBy(claim::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(receiver.receive()).isEqualTo("before");
        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class)
                .hasMessageContaining(ENDED);
    }

    @ParameterizedTest
    @EnumSource(OpenClaim.class)
    void openClaimOfAnotherThreadIsNotSentAfterTheKill(OpenClaim kind) throws Exception {
        CompletableFuture<Claim> opened = new CompletableFuture<>();
        CountDownLatch isKilled = new CountDownLatch(1);
        Waits<Void> writer = Waits.run(() -> {
            try (Sender<String> own = kind.of(sender); Claim claim = own.claim(kind.length)) {
                opened.complete(claim);
                assertThat(isKilled.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                claim.payload().fill((byte) 'x'); // its memory is still there
                claim.commit();
            }
        });
        Claim _ = opened.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (kind == OpenClaim.OF_A_CLOSED_SENDER) {
            sender.close();
        }

        channel.killSender();

        // At once, not when the claim ends.
        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class)
                .hasMessageContaining(ENDED);
        isKilled.countDown();
        writer.failure().isInstanceOf(EndClosed.class);
        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
    }

    /// The kinds of an open claim, by sender and place.
    enum OpenClaim {
        /// In the ring.
        OF_A_SHARE(8),
        /// In a file of its own.
        LONG(100_000),
        /// In the ring of its thread.
        OF_AN_EXCLUSIVE_SENDER(8),
        /// In the ring, of a sender that another thread has closed.
        OF_A_CLOSED_SENDER(8);

        private final int length;

        OpenClaim(int length) {
            this.length = length;
        }

        Sender<String> of(Sender<String> sender) {
            return switch (this) {
                case OF_A_SHARE, LONG -> sender.share();
                case OF_AN_EXCLUSIVE_SENDER -> sender.exclusive();
                case OF_A_CLOSED_SENDER -> sender;
            };
        }
    }

    @Test
    void onDisconnectRunsOnBothKindsOfDeath() throws Exception {
        try (InProcess<String> other = InProcess.open(String.class)) {
            CountDownLatch notified = new CountDownLatch(2);
            receiver.onDisconnect(notified::countDown);
            other.sender().onDisconnect(notified::countDown);

            channel.killSender();
            other.killReceiver();

            assertThat(notified.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void senderThatHasMovedOutlivesTheKill() throws Exception {
        try (Channel<Handover> carrier = Channel.create(Handover.class)) {
            carrier.sender().send(new Handover(sender.share()));
            try (Sender<String> moved = carrier.receiver().receive().sender()) {
                sender.send("one");
                channel.killSender();
                moved.send("two");

                assertThat(List.of(receiver.receive(), receiver.receive()))
                        .containsExactlyInAnyOrder("one", "two");
                assertThat(receiver.tryReceive()).isNull();
            }
        }
        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class)
                .hasMessageContaining(ENDED);
    }

    @Test
    void killsMayComeTwiceAndAfterACloseAndOnBothSides() throws Exception {
        sender.send("lost");
        channel.killSender();
        channel.killSender();
        channel.killReceiver();
        channel.killReceiver();

        assertThatThrownBy(() -> sender.send("x")).hasMessage(SENDER_KILLED);
        assertThatThrownBy(receiver::receive).hasMessage(RECEIVER_KILLED);
    }

    @Test
    void killAfterACloseChangesNothing() {
        channel.close();

        channel.killReceiver();
        channel.killSender();

        assertThatThrownBy(() -> sender.send("x"))
                .hasMessage("this sender was closed: type=String");
        assertThatThrownBy(receiver::receive).hasMessage("this receiver was closed");
    }
}
