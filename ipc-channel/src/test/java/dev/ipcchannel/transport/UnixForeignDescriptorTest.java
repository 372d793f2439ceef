package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.internal.posix.Chunk;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Event;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Streams;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.Waits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Unexpected descriptors through a Unix socket whose last close blocks: the connection that brings
/// them ends, and nothing else in this process waits for that close.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixForeignDescriptorTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final int UNREAD = 3000; // more frames than a link keeps
    private static final int FRAMES_AT_ONCE = 100;
    private static final int STRANGERS = 5;

    @RegisterExtension
    final Children children = new Children();

    private final List<Descriptor> silent = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private UnixTalk<String, String> bystanders;
    private ChildProcess child;
    private Transport.Listener<String, String> listener;
    private Descriptor hostile;

    @BeforeEach
    void connect() throws Exception {
        bystanders = UnixTalk.open();
        child = UnixTalk.startCat();
        listener = Transport.unix().listen(STRING, STRING);
        hostile = Objects.requireNonNull(Streams.tryConnect(listener.address()));
    }

    @AfterEach
    void end() {
        silent.forEach(Descriptor::close); // a reset: the lingering closes end
        hostile.close();
        listener.close();
        child.kill();
        bystanders.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6}) // with a frame, in the middle of its header, of its bytes
    void descriptorEndsTheLinkThatItComesBy(int before) throws Exception {
        send(UnixTalk.bytes(UnixTalk.greeting()));
        try (Link<String, String> link = listener.accept(child.awaited(), Children.PATIENCE)) {
            byte[] frame = UnixTalk.bytes(SocketFrame.message(new byte[]{'h', 'i'}));
            if (before > 0) {
                send(Arrays.copyOf(frame, before));
            }
            UnixTalk.whileTheLoopIsHeld(() -> {
                sendLingering(hostile, Arrays.copyOfRange(frame, before, frame.length));
                sendLingering(hostile, frame); // unread when the first one ends the link
            });

            assertThatThrownBy(link::receive).isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("the other side broke the format: descriptors came with"
                            + " bytes, and none are due here: child="
                            + child.awaited().commandLine()
                            + ", pid=" + child.pid());
            assertNoThreadWaits();
        }
    }

    /// The kernel would close it while reading the bytes after that byte.
    @Test
    void descriptorOfAnUrgentByteEndsTheLinkThatItComesBy() throws Exception {
        send(UnixTalk.bytes(UnixTalk.greeting()));
        try (Link<String, String> link = listener.accept(child.awaited(), Children.PATIENCE)) {
            UnixTalk.whileTheLoopIsHeld(() -> {
                Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
                silent.add(connection.silent());
                ports.add(connection.port());
                Libc.sendUrgent(hostile, connection.full());
                connection.full().close(); // not the last one
                send(UnixTalk.bytes(SocketFrame.message(new byte[]{'h', 'i'})));
            });

            assertThatThrownBy(link::receive).isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("descriptors came with bytes");
            assertNoThreadWaits();
        }
    }

    @Test
    void strangerWhoseGreetingBringsADescriptorIsTurnedAway() throws Exception {
        sendLingering(hostile, UnixTalk.bytes(UnixTalk.greeting()));
        Waits<Link<String, String>> accept =
                Waits.in(() -> listener.accept(child.awaited(), Children.PATIENCE));
        Lingers.awaitClosing(ports.getFirst());
        assertNoThreadWaits();
        try (Link<String, String> other = Transport.unix().connect(listener.address(), STRING,
                STRING);
                Link<String, String> link = accept.value()) {
            other.send("hello");
            assertThat(link.receive()).isEqualTo("hello");
        }
    }

    @Test
    void whatStrangersBringAlongIsNotEvenTaken() throws Exception {
        Event event = new Event();
        List<Descriptor> strangers = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            strangers.add(Objects.requireNonNull(Streams.tryConnect(listener.address())));
        }
        for (Descriptor stranger : strangers) {
            sendLingering(stranger, new byte[]{0}, Collections.nCopies(
                    Packet.MAX_DESCRIPTORS - 1, event.descriptor()));
        }
        Waits<Link<String, String>> accept =
                Waits.in(() -> listener.accept(child.awaited(), Children.PATIENCE));
        strangers.forEach(UnixForeignDescriptorTest::awaitEnd);
        assertNoThreadWaits();
        assertThat(Children.descriptors()).isLessThan(Packet.MAX_DESCRIPTORS);
        listener.close();
        accept.failure().isInstanceOf(EndClosed.class);
        strangers.forEach(Descriptor::close);
        event.descriptor().close();
    }

    @Test
    void descriptorAfterUnreadBytesIsClosedWithTheSocket() throws Exception {
        send(UnixTalk.bytes(UnixTalk.greeting()));
        Link<String, String> link = listener.accept(child.awaited(), Children.PATIENCE);
        ByteBuffer frames = ByteBuffer.allocate(FRAMES_AT_ONCE * (SocketFrame.HEADER + 1));
        while (frames.hasRemaining()) {
            frames.put(UnixTalk.bytes(SocketFrame.message(new byte[]{'x'})));
        }
        for (int i = 0; i < UNREAD; i += FRAMES_AT_ONCE) {
            send(frames.array());
        }
        sendLingering(hostile, new byte[]{0});
        hostile.close(); // as it does when its process ends

        link.close();

        assertThatThrownBy(link::receive).isInstanceOf(EndClosed.class);
        assertNoThreadWaits();
    }

    @Test
    void descriptorThatWasNotEvenAcceptedGoesWithTheListener() throws Exception {
        UnixTalk.whileTheLoopIsHeld(() -> {
            Descriptor late = Objects.requireNonNull(Streams.tryConnect(listener.address()));
            sendLingering(late, new byte[]{0});
            late.close();
            listener.close();
        });
        assertNoThreadWaits();
    }

    private static void awaitEnd(Descriptor stranger) {
        Chunk chunk = Chunk.borrow();
        try {
            await().atMost(Children.PATIENCE)
                    .ignoreException(PosixException.class) // ECONNRESET, once: its bytes are unread
                    .until(() -> chunk.receive(stranger) == Chunk.Receiving.END);
        } finally {
            chunk.giveBack();
        }
    }

    /// Asserts that a blocking close has begun, on the thread for strangers or of a peer, and that
    /// the loop goes on meanwhile.
    private void assertNoThreadWaits() throws Exception {
        await().atMost(Children.PATIENCE).until(this::isOneClosing);
        for (int i = 0; i < 100; i++) {
            bystanders.parent().send("question " + i, Children.PATIENCE);
            assertThat(bystanders.other().receive(Children.PATIENCE)).isEqualTo("question " + i);
            bystanders.other().send("answer " + i, Children.PATIENCE);
            assertThat(bystanders.parent().receive(Children.PATIENCE)).isEqualTo("answer " + i);
        }
        assertThat(isOneClosing()).isTrue();
    }

    private boolean isOneClosing() {
        return ports.stream().anyMatch(Lingers::isClosing);
    }

    private void send(byte[] bytes) {
        send(hostile, bytes, List.of());
    }

    private void sendLingering(Descriptor socket, byte[] bytes) {
        sendLingering(socket, bytes, List.of());
    }

    /// Sends while nothing reads the socket.
    private void sendLingering(Descriptor socket, byte[] bytes, List<Descriptor> others) {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        silent.add(connection.silent());
        ports.add(connection.port());
        List<Descriptor> all = new ArrayList<>(others);
        all.addFirst(connection.full());
        send(socket, bytes, all);
        connection.full().close(); // not the last one
    }

    private static void send(Descriptor socket, byte[] bytes, List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            assertThat(packet.putBytes(0, bytes).send(socket, descriptors))
                    .isEqualTo(Packet.Sending.SENT);
        }
    }
}
