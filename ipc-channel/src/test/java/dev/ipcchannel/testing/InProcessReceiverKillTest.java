package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.children.Estate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Receivers of an in-process channel that are killed on request: for senders that is like the kill
/// of a process.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessReceiverKillTest {

    private static final String ENDED = "the receiver's process has ended";
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
    void senderLearnsOfTheReceiversDeathAtOnce(SendingVerb verb) throws Exception {
        for (boolean isLaneKnown : List.of(false, true)) {
            try (InProcess<String> doomed = InProcess.open(String.class)) {
                doomed.sender().send("lost");
                if (isLaneKnown) {
                    assertThat(doomed.receiver().tryReceive()).isEqualTo("lost");
                    doomed.sender().send("lost too");
                }

                doomed.killReceiver();

                assertThatThrownBy(() -> verb.send(doomed.sender(), "x", Children.PATIENCE))
                        .isInstanceOf(Disconnected.class)
                        .hasMessageContaining(ENDED);
                assertThat(doomed.sender().isConnected()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void senderThatWaitsForRoomLearnsOfTheReceiversDeath(SendingVerb verb) throws Exception {
        while (sender.trySend("full") == SendOutcome.SENT) {
            // one more
        }
        Waits<Boolean> waits =
                Waits.in(() -> verb.send(sender, "x".repeat(200), Children.PATIENCE)).asleep();

        channel.killReceiver();

        waits.failure().isInstanceOf(Disconnected.class)
                .hasMessageContaining(ENDED);
    }

    @ParameterizedTest
    @EnumSource
    void killedReceiverIsUsedUp(ReceivingVerb verb) throws Exception {
        sender.send("unread");

        channel.killReceiver();

        assertThatThrownBy(() -> verb.from(receiver)).isInstanceOf(EndClosed.class)
                .hasMessage(RECEIVER_KILLED);
        assertThat(receiver.isConnected()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "TRY_.*")
    void receiverThatWaitsEndsWithItsKill(ReceivingVerb verb) throws Exception {
        Waits<String> waits = Waits.in(() -> verb.from(receiver)).asleep();

        channel.killReceiver();

        waits.failure().isInstanceOf(EndClosed.class).hasMessage(RECEIVER_KILLED);
    }

    @Test
    void handlerThatKillsItsReceiverIsItsLast() throws Exception {
        sender.send("one");
        sender.send("two");

        assertThat(receiver.receive((_, _, _) -> channel.killReceiver(), 10)).isOne();

        assertThatThrownBy(receiver::receive).isInstanceOf(EndClosed.class)
                .hasMessage(RECEIVER_KILLED);
        assertThatThrownBy(() -> {
            while (true) {
                sender.send("x", Children.PATIENCE);
            }
        }).isInstanceOf(Disconnected.class)
                .hasMessageContaining(ENDED);
    }

    @Test
    void receiverThatHasMovedOutlivesTheKill() throws Exception {
        try (Channel<Estate> carrier = Channel.create(Estate.class)) {
            sender.send("one");
            carrier.sender().send(new Estate(receiver));
            try (Receiver<String> moved = carrier.receiver().receive().receiver()) {
                channel.killReceiver();
                sender.send("two");

                assertThat(moved.receive()).isEqualTo("one");
                assertThat(moved.receive()).isEqualTo("two");
            }
        }
    }
}
