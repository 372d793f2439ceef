package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Wire;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The announcement socket that all senders of a channel hold: what one of them does to it, or the
/// receiver because of it, does not end the others, whose lanes are open.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiverWatchTest {

    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 20, "");

    @RegisterExtension
    final Children children = new Children();

    private final Sockets.Pair pair = Sockets.pair();
    private final Inbox inbox = new Inbox(pair.second(), SETTINGS, null);
    private final Outbox honest = Outbox.shared(pair.first().duplicate(), SETTINGS, null);
    private final Share share = honest.share();
    private final CountDownLatch told = new CountDownLatch(1);

    @Test
    void breachOfOneSenderAndItsCloseAreNoEndOfAnother() throws Exception {
        openTheLane();
        Wire.announce(pair.first(), 3, 0, List.of()); // of no lane
        assertThat(inbox.isConnected()).isTrue();

        Sockets.leave(pair.first());

        assertThatTheHonestOneGoesOnUntilTheReceiverIsClosed();
    }

    @Test
    void senderThatEndsTheSocketInBothDirectionsEndsNoOther() throws Exception {
        openTheLane();

        Sockets.shutdown(pair.first());

        pair.first().close();
        assertThatTheHonestOneGoesOnUntilTheReceiverIsClosed();
    }

    @Test
    void senderWithoutALaneLearnsThatThereWillBeNone() throws Exception {
        honest.onDisconnect(share, told::countDown);

        Sockets.shutdown(pair.first());

        assertThat(told.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(honest.isConnected(share)).isFalse();
        assertThatThrownBy(() -> send(1)).isInstanceOf(LaneException.class)
                .hasMessageContaining("another sender");
        pair.first().close();
        honest.end(share, "closed");
        inbox.close("closed");
    }

    @Test
    void receiverThatTakesNoMoreUpSinceOneBrokeTheFormatIsNotReportedToBeGone() {
        Wire.announce(pair.first(), 3, 0, List.of()); // of no lane
        assertThat(inbox.isConnected()).isFalse(); // the sender that broke it had no lane

        assertThatThrownBy(() -> send(1)).isInstanceOf(LaneException.class)
                .hasMessageContaining("takes no more senders up");

        pair.first().close();
        honest.end(share, "closed");
        inbox.close("closed");
    }

    private void openTheLane() {
        assertThat(send(1)).isTrue();
        assertThat(inbox.isConnected()).isTrue(); // has taken the lane up
        honest.onDisconnect(share, told::countDown);
    }

    private void assertThatTheHonestOneGoesOnUntilTheReceiverIsClosed() throws Exception {
        awaitTheWatcher();
        assertThat(told.getCount()).as("times to be notified").isOne();
        assertThat(honest.isConnected(share)).isTrue();
        assertThat(send(2)).isTrue();

        inbox.close("closed");

        assertThat(told.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(honest.isConnected(share)).isFalse();
        honest.end(share, "closed");
    }

    /// Waits with an extra socket: the watcher reports sockets in the order in which they end, so
    /// it has reported those before.
    private static void awaitTheWatcher() throws Exception {
        Sockets.Pair other = Sockets.pair();
        Outbox outbox = Outbox.shared(other.first(), SETTINGS, null);
        Share one = outbox.share();
        CountDownLatch ended = new CountDownLatch(1);
        outbox.onDisconnect(one, ended::countDown);
        other.second().close();
        assertThat(ended.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        outbox.end(one, "closed");
    }

    private boolean send(int value) {
        return honest.trySend(share, OutgoingMessage.of(new byte[]{(byte) value}, List.of()));
    }
}
