package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The error sentences of a broadcast channel, in its user's terms and numbers.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcChannelSentencesTest {

    private static final BroadcastOptions PLAIN = BroadcastOptions.defaults();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    record Order(String item, int count) {}

    static final class Other {

        record Order(int count, String item) {}
    }

    private static BroadcastOptions atMost(int bytes) {
        return PLAIN.withChannel(ChannelOptions.defaults().withMaxMessage(bytes));
    }

    private static IpcChannel<byte[]> open(ConnMode mode, BroadcastOptions options)
            throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "words", mode, options);
    }

    @Test
    void messageThatIsTooLongIsReportedInTheUsersNumbers() throws Exception {
        try (var sender = open(ConnMode.SENDER, atMost(1024))) {
            assertThatThrownBy(() -> sender.send(new byte[2000]))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageContaining(
                            "name=words, type=bytes, length=2000, limit=1024: open it"
                                    + " with BroadcastOptions.withChannel(ChannelOptions.defaults()"
                                    + ".withMaxMessage(2000)), or up to 1073741816");
            sender.send(new byte[1024]);
        }
    }

    @Test
    void messageThatIsTooLongForAReceiverIsReportedInTheSameNumbers() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN);
                var _ = open(ConnMode.RECEIVER, atMost(1024))) {
            assertThatThrownBy(() -> sender.send(new byte[1025]))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageContaining("length=1025, limit=1024, receiver: pid=");
            sender.send(new byte[1024]);
        }
    }

    @Test
    void receiverThatIsCutOffIsNamedWithItsRing() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                var sender = open(ConnMode.SENDER, PLAIN.withSlowReader(SlowReader.DISCONNECT));
                var _ = open(ConnMode.RECEIVER, PLAIN.withChannel(
                        ChannelOptions.defaults().withCapacity(4096)))) {
            for (int i = 0; sender.dropped() == 0; i++) {
                assertThat(i).as("messages that have room").isLessThan(100);
                sender.send(new byte[100]);
            }
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(log.lines()).anyMatch(line -> line.matches(
                            ".*cut off as too slow, since its ring had no room for a message:"
                                    + " dropped=1, name=words, pid=.*, ring=4096 bytes: .*")));
        }
    }

    @Test
    void orderOfComponentsThatDiffersIsNamedWithTheRecord() throws Exception {
        try (var _ = NamedReceiver.open("orders", Order.class)) {
            assertThatThrownBy(() -> NamedSender.open("orders", Other.Order.class))
                    .isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("Order: the same components in another order: (count,"
                            + " item) here, (item, count) there: ");
        }
    }

    @Test
    void emptyNameIsQuoted() {
        assertThatThrownBy(() -> open("")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(": name='', bytes=0");
    }

    private static IpcChannel<byte[]> open(String name) throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, name, ConnMode.SENDER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/proc/x", "/nonexistent/parent", "/tmp",
        "/tmp/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void directoryThatIsSetWronglyIsNoLackOfMemory(String path) throws Exception {
        String own = System.setProperty("ipc.directory", path);
        try {
            assertThatThrownBy(() -> open("words")).isInstanceOfSatisfying(IpcException.class,
                    failure -> assertThat(failure.status())
                            .isEqualTo(IpcStatus.CONNECTION_FAILED))
                    .hasMessageContaining(path + " (ipc.directory)");
        } finally {
            String _ = System.setProperty("ipc.directory", own);
        }
    }
}
