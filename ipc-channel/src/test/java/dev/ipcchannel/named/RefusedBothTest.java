package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A broadcast channel in both modes that is refused, since its name has a sender: it has received
/// nothing, so the messages that the sender keeps still go to the first receiver.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedBothTest {

    private static final long PATIENCE = Children.PATIENCE.toMillis();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private static IpcChannel<String> open(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, "words", mode, String.class);
    }

    /// Asserts that the sender has seen no receiver come and go.
    private static void assertAllIsThere(IpcChannel<String> sender, CaughtLog log)
            throws InterruptedException {
        assertThatThrownBy(() -> sender.send("to nobody", 1))
                .hasMessageNotContaining("that was here");
        try (IpcChannel<String> receiver = open(ConnMode.RECEIVER)) {
            assertThat(receiver.receive(PATIENCE)).isEqualTo("one");
            assertThat(receiver.receive(PATIENCE)).isEqualTo("two");
            assertThat(receiver.lost()).isZero();
        }
        assertThat(sender.dropped()).isZero();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void openThatIsRefusedTakesNoMessage() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                IpcChannel<String> sender = open(ConnMode.SENDER)) {
            sender.send("one");
            sender.send("two");

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> open(ConnMode.BOTH)).isInstanceOf(HandshakeFailed.class)
                        .hasMessageContaining("this name has a sender");
            }

            assertAllIsThere(sender, log);
        }
    }

    @Test
    void connectThatIsRefusedTakesNoMessage() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                IpcChannel<String> other = open(ConnMode.RECEIVER)) {
            other.disconnect();
            try (IpcChannel<String> sender = open(ConnMode.SENDER)) {
                sender.send("one");
                sender.send("two");

                assertThatThrownBy(() -> other.connect(ConnMode.BOTH))
                        .isInstanceOf(HandshakeFailed.class);

                assertThat(other.isConnected()).isFalse();
                assertThat(other.mode()).isEqualTo(ConnMode.RECEIVER);
                assertAllIsThere(sender, log);
            }
        }
    }
}
