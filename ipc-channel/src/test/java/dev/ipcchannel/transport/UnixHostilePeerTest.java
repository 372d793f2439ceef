package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The bytes that strangers and broken programs may send into a Unix socket, which do no harm.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixHostilePeerTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    private ChildProcess child;
    private Transport.Listener<String, String> listener;

    @BeforeEach
    void listen() {
        child = UnixTalk.startCat();
        listener = Transport.unix().listen(STRING, STRING);
    }

    @AfterEach
    void end() {
        listener.close();
        child.kill();
    }

    @ParameterizedTest
    @MethodSource("firstBytes")
    void strangerIsTurnedAwayWithTheReasonAndTheWaitGoesOn(String reason, int[] bytes)
            throws Exception {
        try (SocketChannel stranger = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.sendRaw(stranger, bytes);
            Waits<Link<String, String>> accept = Waits.in(this::accept);
            UnixTalk.assertRefusedAndEnded(stranger, reason);
            assertThat(accept.result()).isNotDone();
            try (Link<String, String> other = connect(); Link<String, String> link =
                    accept.value()) {
                other.send("hello");
                assertThat(link.receive()).isEqualTo("hello");
            }
        }
    }

    static Stream<Arguments> firstBytes() {
        String strange = "it does not speak ipc-channel";
        String length = strange + ": a frame has from 1 to 1048577 bytes: length=";
        String first = strange + ": its first frame is ";
        return Stream.of(
                Arguments.of("it was silent too long", new int[]{}),
                Arguments.of("it was silent too long", new int[]{0, 0, 0, 50, 1, 'I', 'P'}),
                Arguments.of(length + 0x47455420, new int[]{'G', 'E', 'T', ' ', '/', ' '}),
                Arguments.of(length + 0, new int[]{0, 0, 0, 0}),
                Arguments.of(length + 0xffffffffL, new int[]{0xff, 0xff, 0xff, 0xff}),
                Arguments.of(strange + ": a frame is of no known kind: kind=99",
                        new int[]{0, 0, 0, 1, 99}),
                Arguments.of(first + "MESSAGE", new int[]{0, 0, 0, 1, 0}),
                Arguments.of(first + "WELCOME", new int[]{0, 0, 0, 1, 2}),
                Arguments.of(first + "BYE", new int[]{0, 0, 0, 1, 4}),
                Arguments.of(first + "GO_AWAY", new int[]{0, 0, 0, 2, 6, 7}),
                Arguments.of(strange, new int[]{0, 0, 0, 3, 1, 7, 7}), // too short
                Arguments.of(strange, new int[]{0, 0, 0, 14, 1, // with a text beyond its end
                    0x49, 0x50, 0x43, 0x55, 0, 0, 0, 1, 0x7f, 0, 0, 0, 'x'}));
    }

    @Test
    void crowdOfSilentStrangersKeepsNoClientOut() throws Exception {
        List<SocketChannel> strangers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            strangers.add(UnixTalk.connectRaw(listener.address()));
        }
        assertChildGetsThrough();
        for (SocketChannel stranger : strangers) {
            byte[] _ = UnixTalk.readAll(stranger); // to its end
            stranger.close();
        }
    }

    @ParameterizedTest
    @MethodSource("hostileBytes")
    void brokenFormatEndsTheLinkAfterTheMessagesSentBefore(String what, int[] bytes)
            throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.send(raw, UnixTalk.greeting());
            UnixTalk.send(raw, SocketFrame.message(new byte[]{'a'}));
            try (Link<String, String> link = accept()) {
                UnixTalk.sendRaw(raw, bytes);
                assertThat(link.receive()).isEqualTo("a");
                assertThatThrownBy(link::receive).as(what).isInstanceOf(ProtocolViolation.class)
                        .hasMessageContaining("the other side broke the format")
                        .hasMessageContaining("child=cat, pid=" + child.pid());
                assertThatThrownBy(() -> link.send("x")).isInstanceOf(ProtocolViolation.class);
                assertThat(UnixTalk.readAll(raw)).startsWith(0, 0, 0, 1, 2); // welcome, end
            }
        }
    }

    static Stream<Arguments> hostileBytes() {
        return Stream.of(
                Arguments.of("a length of zero", new int[]{0, 0, 0, 0}),
                Arguments.of("one byte too long", new int[]{0x40, 0, 0, 2}),
                Arguments.of("a negative length", new int[]{0x80, 0, 0, 0}),
                Arguments.of("an unknown kind", new int[]{0, 0, 0, 1, 99}),
                Arguments.of("what belongs on a lifeline", new int[]{0, 0, 0, 2, 6, 7}),
                Arguments.of("a second greeting", new int[]{0, 0, 0, 1, 1}));
    }

    @Test
    void messageThatIsCutOffIsNotReceived() throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.send(raw, UnixTalk.greeting());
            UnixTalk.sendRaw(raw, 0, 0, 0, 9, 0, 'h', 'a', 'l');
            try (Link<String, String> link = accept()) {
                raw.shutdownOutput();
                assertThatThrownBy(link::receive).isInstanceOf(Disconnected.class)
                        .hasMessageContaining(
                                "has ended, in the middle of a message: child=cat, pid=");
            }
        }
    }

    @Test
    void bytesThatAreNoMessageHarmNoOther() throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.send(raw, UnixTalk.greeting());
            UnixTalk.send(raw, SocketFrame.message(new byte[]{(byte) 0xff}));
            UnixTalk.send(raw, SocketFrame.message(new byte[]{'b'}));
            try (Link<String, String> link = accept()) {
                assertThatThrownBy(link::receive).isInstanceOf(CodecFailed.class);
                assertThat(link.receive()).isEqualTo("b");
            }
        }
    }

    private Link<String, String> connect() throws InterruptedException {
        return Transport.unix().connect(listener.address(), STRING, STRING);
    }

    private Link<String, String> accept() throws InterruptedException {
        return listener.accept(child.awaited(), Children.PATIENCE);
    }

    private void assertChildGetsThrough() throws InterruptedException {
        UnixTalk.assertGetsThrough(listener, child);
    }
}
