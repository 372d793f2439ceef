package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The exception that a sender gets when its lane ends unread, without a refusal: the receiver
/// lacked the means to send one, or the receiver's process has ended.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CutOffSenderTest {

    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 20, "");
    private static final byte[] MESSAGE = {1};

    @RegisterExtension
    final Children children = new Children();

    private final Sockets.Pair pair = Sockets.pair();
    private final Outbox outbox = Outbox.shared(pair.first(), SETTINGS, null);
    private final Share share = outbox.share();

    @AfterEach
    void close() {
        outbox.end(share, "closed");
        pair.second().close();
    }

    @Test
    void laneThatEndsWhileTheReceiverGoesOnIsNoDeath() {
        assertThat(trySend()).isTrue();
        drop(descriptors());

        LaneException failure = catchThrowableOfType(LaneException.class, this::send);

        assertThat(failure).hasMessageContainingAll("has cut this sender off", "ulimit -n");
        assertThat(failure.kind()).isEqualTo(LaneException.Kind.REFUSED);
        assertThat(failure.isDeath()).isFalse();
        assertThat(catchThrowableOfType(LaneException.class, this::trySend).kind())
                .as("from now on").isEqualTo(LaneException.Kind.REFUSED);
    }

    @Test
    void laneThatEndsWithTheReceiverIsADeath() {
        assertThat(trySend()).isTrue();
        List<Descriptor> lane = descriptors();
        pair.second().close();
        drop(lane);

        LaneException failure = catchThrowableOfType(LaneException.class, this::send);

        assertThat(failure.kind()).isEqualTo(LaneException.Kind.DISCONNECTED);
        assertThat(failure.isDeath()).isTrue();
    }

    /// The sockets of a dying process end one by one.
    @Test
    void whetherItIsADeathIsNotReportedBeforeItIsKnown() {
        assertThat(trySend()).isTrue();
        drop(descriptors());

        LaneException early = catchThrowableOfType(LaneException.class, this::sendUntilItFails);
        pair.second().close();
        LaneException failure = catchThrowableOfType(LaneException.class, this::trySend);

        assertThat(early.kind()).isEqualTo(LaneException.Kind.DISCONNECTED);
        assertThat(early.isDeath()).isFalse();
        assertThat(failure.isDeath()).isTrue();
    }

    @Test
    void senderThatNeverWaitsLearnsItOnceTheMomentIsOver() {
        assertThat(trySend()).isTrue();
        drop(descriptors());

        LaneException failure = catchThrowableOfType(LaneException.class, this::sendUntilItFails);
        while (failure.kind() == LaneException.Kind.DISCONNECTED) {
            assertThat(failure.isDeath()).isFalse();
            failure = catchThrowableOfType(LaneException.class, this::trySend);
        }

        assertThat(failure.kind()).isEqualTo(LaneException.Kind.REFUSED);
    }

    /// The position is asked for once the lane's socket has ended.
    @Test
    void readersPositionThatBreaksTheFormatIsWhatTheNextSendThrows() {
        assertThat(trySend()).isTrue();
        HostileLane lane = HostileLane.adopt(SETTINGS.capacity(), descriptors());
        lane.store(SETTINGS.capacity() + HostileLane.READER_POSITION, Long.MAX_VALUE);
        lane.close();

        LaneException failure = catchThrowableOfType(LaneException.class, this::sendUntilItFails);

        assertThat(failure.kind()).isEqualTo(LaneException.Kind.VIOLATION);
        assertThat(outbox.isConnected(share)).isFalse();
    }

    private boolean trySend() {
        return outbox.trySend(share, OutgoingMessage.of(MESSAGE, List.of()));
    }

    private void sendUntilItFails() {
        while (true) { // the watcher learns of the lane's end a moment later
            boolean _ = trySend();
        }
    }

    private void send() throws InterruptedException {
        while (true) {
            boolean _ = outbox.send(share, OutgoingMessage.of(MESSAGE, List.of()),
                    Deadline.after(Children.PATIENCE));
        }
    }

    /// The lane's descriptors, as they come.
    private List<Descriptor> descriptors() {
        return descriptors(pair.second());
    }

    private static List<Descriptor> descriptors(Descriptor socket) {
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(socket)).isEqualTo(Packet.Receiving.PACKET);
            return packet.takeDescriptors();
        }
    }

    private static void drop(List<Descriptor> descriptors) {
        assertThat(descriptors).hasSize(2);
        Descriptor.closeAll(descriptors);
    }
}
