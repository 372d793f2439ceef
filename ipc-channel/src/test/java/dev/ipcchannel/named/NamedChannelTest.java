package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends of one name in one process, whose messages reach all receivers.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedChannelTest {

    record Message(int id, List<Float> data) {}

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    @Test
    void receiverWhoseLeaveIsInterruptedHasLeftAllTheSame() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("leaving", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("leaving", String.class)) {
            sender.send("last");

            Waits.run(() -> {
                Thread.currentThread().interrupt();
                receiver.leave();
            }).failure().isInstanceOf(InterruptedException.class);

            assertThat(receiver.receive(PATIENCE)).isEqualTo("last");
            await().atMost(PATIENCE).until(() -> sender.receiverCount() == 0);
            assertThatThrownBy(() -> receiver.receive(PATIENCE)).isInstanceOf(Disconnected.class);
            try (NamedSender<String> later = NamedSender.open("leaving", String.class)) {
                assertThat(later.receiverCount()).isZero();
            }
        }
    }

    @Test
    void receiverThatIsCountedGetsWhatIsSent() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            for (int i = 0; i < 300; i++) {
                Waits<NamedReceiver<String>> opening =
                        Waits.in(() -> NamedReceiver.open("words", String.class));
                while (sender.receiverCount() == 0) {
                    Thread.onSpinWait();
                }
                SendOutcome outcome = sender.trySend("at once");
                try (NamedReceiver<String> receiver = opening.value()) {
                    assertThat(outcome).isEqualTo(SendOutcome.SENT);
                    receiver.leave();
                }
            }
        }
    }

    @Test
    void pairReceivesItsOwnMessages() throws Exception {
        try (NamedChannel<Message> channel = NamedChannel.open("my_service", Message.class)) {
            Message message = new Message(1, List.of(1.0f, 2.0f, 3.0f));

            channel.sender().send(message);

            assertThat(channel.receiver().receive(PATIENCE)).isEqualTo(message);
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void eachReceiverGetsEachMessageOfEachSender() throws Exception {
        try (NamedSender<String> first = NamedSender.open("words", String.class);
                NamedReceiver<String> left = NamedReceiver.open("words", String.class);
                NamedSender<String> second = NamedSender.open("words", String.class);
                NamedReceiver<String> right = NamedReceiver.open("words", String.class)) {
            assertThat(first.receiverCount()).isEqualTo(2);
            assertThat(second.receiverCount()).isEqualTo(2);
            first.send("one");
            second.send("two");

            for (NamedReceiver<String> receiver : List.of(left, right)) {
                assertThat(List.of(receiver.receive(PATIENCE), receiver.receive(PATIENCE)))
                        .containsExactlyInAnyOrder("one", "two");
            }
        }
    }

    @Test
    void senderWaitsUntilAReceiverIsReady() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                Heartbeat beat = receiver.startHeartbeat(Duration.ofMillis(500))) {
            sender.waitUntilReady(PATIENCE);
            assertThat(beat.isBeating()).isTrue();
        }
    }

    @Test
    void receiverThatHasLeftGetsWhatWasSentBeforeAndThenEnds() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            sender.send("last");

            receiver.leave();

            assertThat(sender.receiverCount()).isZero();
            assertThat(receiver).containsExactly("last");
        }
    }
}
