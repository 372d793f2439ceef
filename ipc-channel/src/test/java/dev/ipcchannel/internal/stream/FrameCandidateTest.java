package dev.ipcchannel.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Chunk;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Streams;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.rendezvous.Candidate.Progress;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.RendezvousException;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnProcess;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bytes that are taken from a client over frames before it is accepted, and the lifelines that
/// stay of its connections.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameCandidateTest {

    private static final int MAX_MESSAGE = 1000;
    private static final int MAX_LIFELINES = 64;
    private static final byte[] GREETING = bytes(SocketHello.of("out", "in").toFrame());
    private static final byte[] LIFELINE = bytes(SocketFrame.of(SocketFrame.Kind.LIFELINE));

    private final FrameDoorway doorway = new FrameDoorway(MAX_MESSAGE);
    private boolean isClosed;
    private final List<Descriptor> clients = new ArrayList<>();

    @AfterEach
    void end() {
        closeDoorway();
        clients.forEach(Sockets::hangUp);
    }

    private void closeDoorway() {
        if (!isClosed) {
            isClosed = true;
            doorway.close();
        }
    }

    @Test
    void noByteAfterTheGreetingIsTaken() {
        Sockets.Pair pair = Streams.pair();
        FrameCandidate candidate = candidate(pair, null);
        byte[] more = {1, 2, 3};
        send(pair.second(), ByteBuffer.allocate(GREETING.length + more.length).put(GREETING)
                .put(more).array());

        assertThat(candidate.look()).isEqualTo(new Progress.Ready<>(candidate));

        assertThat(candidate.hello()).isEqualTo(SocketHello.of("out", "in"));
        assertThat(receive(pair.first())).isEqualTo(more);
        Sockets.hangUp(pair.first());
    }

    @Test
    void greetingThatComesByteByByteIsReadAsItComes() {
        Sockets.Pair pair = Streams.pair();
        FrameCandidate candidate = candidate(pair, null);
        for (int i = 0; i < GREETING.length; i++) {
            assertThat(candidate.look()).isEqualTo(new Progress.Waiting<>());
            send(pair.second(), new byte[]{GREETING[i]});
        }
        assertThat(candidate.look()).isEqualTo(new Progress.Ready<>(candidate));
        Sockets.hangUp(pair.first());
    }

    @Test
    void endInsideAGreetingIsNoErrorOfTheChild() {
        try (OwnProcess self = new OwnProcess()) {
            Sockets.Pair pair = Streams.pair();
            FrameCandidate candidate = candidate(pair, Child.of(self));
            send(pair.second(), new byte[]{0, 0});
            Sockets.hangUp(pair.second());

            assertThat(candidate.look()).isEqualTo(
                    new Progress.Rejected<>("it closed the connection without a greeting"));
            Sockets.hangUp(pair.first());
        }
    }

    @Test
    void nonsenseIsAnErrorOfTheChildAsLongAsItLives() {
        OwnProcess self = new OwnProcess();
        Sockets.Pair pair = Streams.pair();
        FrameCandidate candidate = candidate(pair, Child.of(self));
        send(pair.second(), bytes(SocketFrame.of(SocketFrame.Kind.BYE)));

        assertThatThrownBy(candidate::look).isInstanceOf(RendezvousException.class).hasMessage(
                "the child connected, but it does not speak ipc-channel: its first frame is BYE:"
                        + " pid="
                        + self.pid());
        self.close();
        assertThat(candidate.look()).isInstanceOf(Progress.Rejected.class);
        Sockets.hangUp(pair.first());
    }

    @Test
    void oldestOfTooManyLifelinesGoes() {
        for (int i = 0; i <= MAX_LIFELINES; i++) {
            openLifeline();
        }
        await().atMost(Children.PATIENCE).until(() -> PollSet.isHungUp(clients.getFirst()));
        assertThat(clients.stream().filter(PollSet::isHungUp))
                .containsExactly(clients.getFirst());
    }

    @Test
    void lifelineOfAClientThatIsRefusedAndKeptOutlivesTheListener() {
        openLifeline();
        Sockets.Pair pair = Streams.pair();
        FrameCandidate candidate = candidate(pair, null);

        var lifeline = candidate.sayAndKeep(new Refusal(false, "no"));

        assertThat(lifeline).isNotNull();
        assertThat(receive(pair.second())).isEqualTo(bytes(new SocketFrame(
                SocketFrame.Kind.REFUSAL, new Refusal(false, "no").toBytes())));
        openLifeline(); // which no word keeps
        closeDoorway();
        await().atMost(Children.PATIENCE).until(() -> PollSet.isHungUp(clients.getLast()));
        assertThat(PollSet.isHungUp(clients.getFirst())).isFalse();
        lifeline.drop();
        await().atMost(Children.PATIENCE).until(() -> PollSet.isHungUp(clients.getFirst()));
        Sockets.hangUp(pair.first());
    }

    private void openLifeline() {
        Sockets.Pair pair = Streams.pair();
        clients.add(pair.second());
        send(pair.second(), LIFELINE);
        assertThat(candidate(pair, null).look()).isEqualTo(new Progress.HandedOver<>());
    }

    private FrameCandidate candidate(Sockets.Pair pair, @Nullable Child child) {
        if (!clients.contains(pair.second())) {
            clients.add(pair.second());
        }
        return (FrameCandidate) doorway.candidate(pair.first(), Users.ownPid(), child);
    }

    private static byte[] bytes(SocketFrame frame) {
        ByteBuffer bytes = ByteBuffer.allocate(SocketFrame.HEADER + frame.bytes().length);
        for (int i = 0; i < SocketFrame.HEADER; i++) {
            bytes.put(frame.header(i));
        }
        return bytes.put(frame.bytes()).array();
    }

    private static void send(Descriptor socket, byte[] bytes) {
        Chunk chunk = Chunk.borrow();
        try {
            chunk.bytes().clear().put(bytes);
            assertThat(chunk.send(socket)).isEqualTo(bytes.length);
        } finally {
            chunk.giveBack();
        }
    }

    private static byte[] receive(Descriptor socket) {
        Chunk chunk = Chunk.borrow();
        try {
            assertThat(chunk.receive(socket)).isEqualTo(Chunk.Receiving.BYTES);
            byte[] bytes = new byte[chunk.bytes().remaining()];
            chunk.bytes().get(bytes);
            return bytes;
        } finally {
            chunk.giveBack();
        }
    }
}
