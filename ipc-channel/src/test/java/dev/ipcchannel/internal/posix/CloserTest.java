package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.Wire;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What another process has sent is closed, and whoever closes it does not wait for that process.
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // less than the linger
class CloserTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @RegisterExtension
    final Children children = new Children();

    private final Sockets.Pair pair = Sockets.pair();

    @Test
    void foreignMemoryFileIsClosedInPlace() {
        Descriptor memory = Libc.memoryFile(4096, 0);
        Descriptor received = sendAndReceive(memory);
        long before = Children.descriptors();

        received.close();

        assertThat(Children.descriptors()).isEqualTo(before - 1);
        assertThat(pair.second().closer().isIdle()).isTrue();
        closePair();
    }

    @Test
    void foreignSocketThatLingersKeepsNobodyButItsCloser() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        Descriptor received = sendAndReceive(connection.full());

        received.close();

        Lingers.awaitClosing(connection.port());
        assertThat(pair.second().closer().isIdle()).isFalse();
        endAll(connection);
    }

    @Test
    void closerThatIsKeptForASecondIsOverrun() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        Closer closer = pair.second().closer();
        assertThat(closer.isOverrun()).isFalse();

        sendAndReceive(connection.full()).close();

        await().atMost(PATIENCE).until(closer::isOverrun);
        endAll(connection);
        assertThat(closer.isOverrun()).isFalse();
    }

    @Test
    void queueInWhichASocketLingersUnreadGoesWithoutAWait() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        Wire.garbage(pair.first(), 0, List.of()); // looks like the end, and is not
        Wire.garbage(pair.first(), 5, List.of());
        Wire.garbage(pair.first(), 1, List.of(connection.full()));
        connection.full().close();

        Sockets.end(pair.second());

        Lingers.awaitClosing(connection.port());
        assertThat(pair.second().closer().isIdle()).isFalse();
        pair.first().close();
        connection.silent().close();
    }

    @Test
    void queueWithoutDescriptorsGoesInPlace() {
        for (int i = 0; i < 10; i++) {
            Wire.garbage(pair.first(), i, List.of());
        }
        long before = Children.descriptors();

        Sockets.end(pair.second());

        assertThat(Children.descriptors()).isEqualTo(before - 1);
        pair.first().close();
    }

    @Test
    void nothingComesToASocketThatIsSilencedAndItStillSends() {
        Sockets.silence(pair.first());

        assertThat(Sockets.ring(pair.second(), 1)).isFalse();
        assertThat(Sockets.ring(pair.first(), 1)).isTrue();
        assertThat(PollSet.isHungUp(pair.first())).isFalse();
        pair.second().close();
        assertThat(PollSet.isHungUp(pair.first())).isTrue();
        pair.first().close();
    }

    @Test
    void connectionsThatWaitAtAListenerGoWithoutAWait() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        String path = children.directory().resolve("server").toString();
        Descriptor listener = Sockets.listen(path);
        Descriptor client = Sockets.connect(path, Deadline.after(PATIENCE));
        Wire.garbage(client, 1, List.of(connection.full()));
        connection.full().close();

        Sockets.endListener(listener);

        Lingers.awaitClosing(connection.port());
        client.close();
        connection.silent().close();
        closePair();
    }

    @Test
    void aPeekOpensNothingAndTellsOfDescriptors() {
        Wire.garbage(pair.first(), 3, List.of(pair.first()));
        Wire.ring(pair.first());
        long before = Children.descriptors();
        try (Packet packet = new Packet()) {
            assertThat(packet.peek(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.hasCompany()).isTrue();
            assertThat(packet.length()).isEqualTo(3);
            assertThat(Children.descriptors()).isEqualTo(before);
            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            packet.takeDescriptors().forEach(Descriptor::close);
            assertThat(packet.peek(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.hasCompany()).isFalse();
            assertThat(packet.length()).isEqualTo(1);
        }
        closePair();
    }

    /// What comes through the pair, of which nobody else has a descriptor.
    private Descriptor sendAndReceive(Descriptor descriptor) {
        Wire.garbage(pair.first(), 1, List.of(descriptor));
        descriptor.close();
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            return packet.takeDescriptors().getFirst();
        }
    }

    private void endAll(Libc.Connection connection) {
        connection.silent().close(); // with what it has not read: that ends the close
        await().atMost(PATIENCE).until(pair.second().closer()::isIdle);
        closePair();
    }

    private void closePair() {
        pair.first().close();
        pair.second().close();
    }
}
