package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.PacketLifeline;
import dev.ipcchannel.internal.posix.Closer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.Wire;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Many peers that have sent what cannot be closed: the ends of others come without delay all the
/// same.
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // less than the linger
class StuckPeersTest {

    private static final int PEERS = 70;
    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 30, "");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long FAR_LESS_THAN_A_MOMENT_FOR_EACH = 3; // seconds; of 0.1 for each peer

    @RegisterExtension
    final Children children = new Children();

    private final List<Libc.Connection> lingering = new ArrayList<>();
    private final List<Descriptor> sockets = new ArrayList<>();
    private final List<Closer> closers = new ArrayList<>();
    private final Sockets.Pair pair = Sockets.pair();

    @AfterEach
    void end() {
        lingering.forEach(one -> one.silent().close()); // a reset: what lingers is done
        await().atMost(PATIENCE).until(() -> closers.stream().allMatch(Closer::isIdle));
        sockets.forEach(Descriptor::close);
        pair.first().close();
        pair.second().close();
    }

    @Test
    void foreignDescriptorOfAnotherPeerIsClosedAndTheEndOfASenderComesAtOnce() {
        stickMany();

        Descriptor received = receiveThrough(pair, sockets.getFirst());
        Path open = Path.of("/proc/self/fd/" + received.number());

        received.close();

        await().atMost(PATIENCE).until(() -> !Files.exists(open, LinkOption.NOFOLLOW_LINKS));

        Outbox outbox = Outbox.shared(pair.first(), SETTINGS, null);
        Share share = outbox.share();

        outbox.end(share, "closed");

        assertThat(isAtItsEnd(pair.second())).isTrue();
        assertThat(pair.first().closer().isIdle()).isTrue();
    }

    @Test
    void senderWhoseReceiverHasSentWhatLingersIsClosedWithoutAWait() {
        Libc.Connection connection = lingering();
        Outbox outbox = Outbox.shared(pair.first(), SETTINGS, null);
        Share share = outbox.share();
        Wire.garbage(pair.second(), 0, List.of());
        Wire.garbage(pair.second(), 1, List.of(connection.full()));
        connection.full().close();
        closers.add(pair.first().closer());

        outbox.end(share, "closed");

        Lingers.awaitClosing(connection.port());
        assertThat(pair.first().closer().isIdle()).isFalse();
    }

    @Test
    void descriptorOfASenderThatWasNotSentIsTheLastOneAndClosedWithoutAWait() {
        Outbox outbox = Outbox.shared(pair.first(), SETTINGS, null);
        Share share = outbox.share();
        Transfer transfer = new Transfer();
        outbox.export(share, transfer);
        Descriptor last = transfer.descriptors().getFirst();
        Libc.Connection connection = lingering();
        Wire.garbage(pair.second(), 1, List.of(connection.full()));
        connection.full().close();
        closers.add(last.closer());
        outbox.end(share, "closed");

        Sockets.leave(last);

        Lingers.awaitClosing(connection.port());
    }

    @Test
    void senderThatLeavesIsNotTheReceiversEndForTheOthers() throws Exception {
        Outbox outbox = Outbox.shared(pair.first(), SETTINGS, null);
        Share share = outbox.share();
        Outbox other = Outbox.importFrom(
                Transfer.of(wordsOf(outbox, share), List.of(pair.first().duplicate())), null);
        Share othersShare = other.share();
        CountDownLatch notified = new CountDownLatch(1);
        other.onDisconnect(othersShare, notified::countDown);

        outbox.end(share, "closed");

        awaitTheWatcher();
        assertThat(notified.getCount()).isEqualTo(1);
        assertThat(other.isConnected(othersShare)).isTrue();
        other.send(othersShare, OutgoingMessage.of(new byte[8], List.of()), Deadline.NEVER);
        pair.second().close();
        assertThat(notified.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        other.end(othersShare, "closed");
    }

    @Test
    void watcherLooksBackForNoPeer() throws Exception {
        for (int i = 0; i < PEERS; i++) {
            Sockets.Pair connection = Sockets.pair();
            Libc.Connection full = lingering();
            Wire.garbage(connection.first(), 1, List.of(full.full()));
            full.full().close();
            sockets.add(connection.first());
            closers.add(connection.second().closer());
            PacketLifeline _ = PacketLifeline.ofServer(connection.second());
        }

        awaitTheWatcher(FAR_LESS_THAN_A_MOMENT_FOR_EACH);
        Lingers.awaitClosing(lingering.getLast().port());
    }

    private void stickMany() {
        for (int i = 0; i < PEERS; i++) {
            Sockets.Pair peer = Sockets.pair();
            Libc.Connection connection = lingering();
            Descriptor received = receiveThrough(peer, connection.full());
            connection.full().close();
            sockets.add(peer.first());
            sockets.add(peer.second());
            closers.add(peer.second().closer());
            Sockets.handOn(received); // as close does it, and no look back
        }
    }

    private Libc.Connection lingering() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        lingering.add(connection);
        return connection;
    }

    private static Descriptor receiveThrough(Sockets.Pair peer, Descriptor descriptor) {
        Wire.garbage(peer.first(), 1, List.of(descriptor));
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(peer.second())).isEqualTo(Packet.Receiving.PACKET);
            return packet.takeDescriptors().getFirst();
        }
    }

    private static boolean isAtItsEnd(Descriptor socket) {
        return PollSet.isHungUp(socket);
    }

    private static long[] wordsOf(Outbox outbox, Share share) {
        Transfer transfer = new Transfer();
        outbox.export(share, transfer);
        transfer.descriptors().forEach(Descriptor::close);
        return transfer.words();
    }

    private void awaitTheWatcher() throws InterruptedException {
        awaitTheWatcher(PATIENCE.toSeconds());
    }

    /// Waits until what has come before is reported: the watcher keeps the order.
    private void awaitTheWatcher(long seconds) throws InterruptedException {
        Sockets.Pair news = Sockets.pair();
        CountDownLatch notified = new CountDownLatch(1);
        Watcher.Watched target = _ -> notified.countDown();
        long token = Watcher.instance().watch(news.second(), Epoll.Interest.ARRIVALS, target);
        Wire.ring(news.first());
        assertThat(notified.await(seconds, TimeUnit.SECONDS)).isTrue();
        Watcher.instance().unwatch(news.second(), token);
        news.first().close();
        news.second().close();
    }
}
