package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The close of what another process has sent: the thread that closes it does not wait for that
/// process.
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // less than the linger
class CloserTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int ROUNDS = 20;
    private static final int MANY = 600;

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
    void foreignSocketThatLingersKeepsNoThreadButItsCloser() {
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
    void strangersWhoseDescriptorsLingerShareOneThreadAndOneThatIsRecognisedHasItsOwn() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        Libc.Connection other = Libc.lingering(Lingers.SECONDS);
        Libc.Connection peers = Libc.lingering(Lingers.SECONDS);
        String path = children.directory().resolve("server").toString();
        Descriptor listener = Sockets.listen(path);
        await().atMost(PATIENCE).until(() -> threads() == 0); // those of earlier tests are done

        Descriptor first = acceptedWith(listener, path, connection.full());
        Descriptor second = acceptedWith(listener, path, other.full());
        Descriptor peer = acceptedWith(listener, path, peers.full());
        peer.closer().recognise();
        List.of(first, second, peer).forEach(Sockets::end);

        Lingers.awaitClosing(connection.port());
        Lingers.awaitClosing(peers.port());
        assertThat(threads()).isEqualTo(2);
        assertThat(first.closer().isIdle()).isTrue(); // so that no thread waits for it
        assertThat(second.closer().isIdle()).isTrue();
        assertThat(peer.closer().isIdle()).isFalse();
        assertThat(second.closer().isOverrun()).isFalse();
        listener.close();
        List.of(connection, other, peers).forEach(one -> one.silent().close());
        await().atMost(PATIENCE).until(() -> threads() == 0);
        closePair();
    }

    @Test
    void strangerThatBringsWithoutEndIsOverrun() {
        String path = children.directory().resolve("server").toString();
        Descriptor listener = Sockets.listen(path);
        Descriptor client = Sockets.connect(path, Deadline.after(PATIENCE));
        Descriptor accepted = accept(listener);

        bringMoreThanMayWait(client, accepted);

        assertThat(accepted.closer().isOverrun()).isTrue();
        List.of(listener, client, accepted).forEach(Descriptor::close);
        closePair();
    }

    @Test
    void everyStrangerIsOverrunWhileTooManyOfAllWaitAndNoPeerIs() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        String path = children.directory().resolve("server").toString();
        Descriptor listener = Sockets.listen(path);
        Sockets.hangUp(acceptedWith(listener, path, connection.full()));
        Descriptor client = Sockets.connect(path, Deadline.after(PATIENCE));
        Descriptor rich = accept(listener);
        Descriptor other = Sockets.connect(path, Deadline.after(PATIENCE));
        Descriptor newest = accept(listener);
        assertThat(newest.closer().isOverrun()).isFalse();

        bringMoreThanMayWait(client, rich);

        assertThat(newest.closer().isOverrun()).isTrue();
        newest.closer().recognise();
        assertThat(newest.closer().isOverrun()).isFalse();
        List.of(listener, client, rich, other, newest).forEach(Descriptor::close);
        connection.silent().close();
        await().atMost(PATIENCE).until(() -> threads() == 0);
        closePair();
    }

    @Test
    void closeReturnsWhenTheCloserIsDone() {
        for (int i = 0; i < ROUNDS; i++) {
            Descriptor received = sendAndReceive(pair.first().duplicate());

            received.close();

            assertThat(pair.second().closer().isIdle()).isTrue();
        }
        closePair();
    }

    /// Otherwise this would take more than the time given: a tenth of a second for each.
    @Test
    void closerThatHasKeptACallerKeepsNoneAgain() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        List<Descriptor> many = new ArrayList<>();
        Descriptor first = sendAndReceive(connection.full());
        for (int i = 0; i < MANY; i++) {
            many.add(sendAndReceive(pair.first().duplicate()));
        }
        first.close();

        many.forEach(Descriptor::close);

        assertThat(pair.second().closer().isIdle()).isFalse();
        endAll(connection);
    }

    @Test
    void closerAtWhichMoreThanAThousandWaitIsOverrun() {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        Closer closer = pair.second().closer();
        sendAndReceive(connection.full()).close();

        bringMoreThanMayWait(pair.first(), pair.second());

        assertThat(closer.isOverrun()).isTrue();
        endAll(connection);
        assertThat(closer.isOverrun()).isFalse();
    }

    @Test
    void memoryFileOfManyPagesIsNotClosedInPlace() {
        try (SharedMemory small = SharedMemory.create(4096);
                SharedMemory large = SharedMemory.create(129 << 20)) {
            Descriptor sparse = Libc.memoryFile(1L << 34, 0);

            assertThat(Closer.isQuick(small.file().number())).isTrue();
            assertThat(Closer.isQuick(sparse.number())).isTrue();
            assertThat(Closer.isQuick(large.file().number())).isFalse();
            assertThat(Closer.isQuick(pair.first().number())).isFalse();
            sparse.close();
        }
        closePair();
    }

    @Test
    void aPeekOpensNothingAndShowsDescriptors() {
        Wire.garbage(pair.first(), 3, List.of(pair.first()));
        Wire.ring(pair.first());
        long before = Children.descriptors();
        try (Packet packet = new Packet()) {
            assertThat(packet.peek(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.hasDescriptors()).isTrue();
            assertThat(packet.length()).isEqualTo(3);
            assertThat(Children.descriptors()).isEqualTo(before);
            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            packet.takeDescriptors().forEach(Descriptor::close);
            assertThat(packet.peek(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.hasDescriptors()).isFalse();
            assertThat(packet.length()).isEqualTo(1);
        }
        closePair();
    }

    /// The result of sending a descriptor through the pair, of which no other process has a
    /// descriptor.
    private Descriptor sendAndReceive(Descriptor descriptor) {
        Wire.garbage(pair.first(), 1, List.of(descriptor));
        descriptor.close();
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            return packet.takeDescriptors().getFirst();
        }
    }

    private static Descriptor acceptedWith(Descriptor listener, String path, Descriptor lingering) {
        Descriptor client = Sockets.connect(path, Deadline.after(PATIENCE));
        Wire.garbage(client, 1, List.of(lingering));
        lingering.close();
        client.close();
        return accept(listener);
    }

    private static Descriptor accept(Descriptor listener) {
        return Objects.requireNonNull(Sockets.accept(listener));
    }

    private void bringMoreThanMayWait(Descriptor from, Descriptor to) {
        for (int i = 0; i < 5; i++) { // sockets: nothing says that their closes do not wait
            Wire.garbage(from, 1, Collections.nCopies(Packet.MAX_DESCRIPTORS, pair.first()));
            try (Packet packet = new Packet()) {
                assertThat(packet.receive(to)).isEqualTo(Packet.Receiving.PACKET);
            }
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("ipc-channel closer")).count();
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
