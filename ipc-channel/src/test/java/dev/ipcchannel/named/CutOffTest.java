package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Receivers that were cut off as too slow: they get the messages sent before, and none sent after,
/// however soon.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CutOffTest {

    private static final int ROUNDS = 60;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    /// The member that joins later. It makes the connection, also anew after a failure.
    enum Later {
        SENDER, RECEIVER
    }

    @ParameterizedTest
    @EnumSource
    void receiverThatIsCutOffGetsNothingThatIsSentLater(Later later) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            IpcChannel<byte[]> first = later == Later.RECEIVER ? sender() : receiver();
            try (first; var second = later == Later.RECEIVER ? receiver() : sender()) {
                assertEndsWithoutAHole(later == Later.RECEIVER ? first : second,
                        later == Later.RECEIVER ? second : first);
            }
        }
    }

    private static IpcChannel<byte[]> sender() throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "slow", ConnMode.SENDER,
                BroadcastOptions.defaults().withSlowReader(SlowReader.DISCONNECT));
    }

    private static IpcChannel<byte[]> receiver() throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "slow", ConnMode.RECEIVER,
                BroadcastOptions.defaults()
                        .withChannel(ChannelOptions.defaults().withCapacity(4096)));
    }

    private static void assertEndsWithoutAHole(IpcChannel<byte[]> sender,
            IpcChannel<byte[]> receiver) throws Exception {
        assertThat(sender.waitForReceivers(1, Children.PATIENCE.toMillis())).isTrue();
        int sent = 0;
        while (sender.dropped() == 0) {
            sent = sendNext(sender, sent);
        }
        int received = 0;
        try {
            while (true) {
                sent = sendNext(sender, sent);
                byte[] message = receiver.tryReceive();
                if (message != null) {
                    assertThat(ByteBuffer.wrap(message).getInt()).isEqualTo(received);
                    received++;
                }
            }
        } catch (Disconnected cutOff) {
            assertThat(cutOff).hasMessageContaining("cut off as too slow");
            assertThat(received).isPositive();
            assertThat(receiver.lost()).isZero();
        }
    }

    private static int sendNext(IpcChannel<byte[]> sender, int number) {
        return sender.trySend(ByteBuffer.allocate(Integer.BYTES).putInt(number).array())
                ? number + 1
                : number;
    }
}
