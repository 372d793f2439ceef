package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.stream.SocketFrame;
import dev.ipcchannel.internal.stream.SocketHello;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnProcess;
import dev.ipcchannel.testing.Waits;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The clients that a parent accepts on a Unix socket, and the ends of its wait.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixListenerTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    private ChildProcess child;
    private Transport.Listener<String, String> listener;

    record Old(int number) {}

    record New(long number) {}

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

    @Test
    void directoryIsItsUsersAloneAndGoneAfterTheAccept() throws Exception {
        Path directory = Objects.requireNonNull(Path.of(listener.address()).getParent());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertChildGetsThrough();
        assertThat(directory).doesNotExist();
    }

    @Test
    void directoryIsGoneAfterTheClose() {
        listener.close();
        listener.close();
        assertThat(Path.of(listener.address()).getParent()).doesNotExist();
        assertThat(listener).asString().endsWith(", closed]");
        assertThatThrownBy(this::connect).isInstanceOf(Disconnected.class)
                .hasMessageContaining("no process listens there: address=" + listener.address());
        assertThatThrownBy(() -> listener.accept(child.awaited(), Children.PATIENCE))
                .isInstanceOf(EndClosed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nowhere", "/dev/null/server", "/a\0b"})
    void noListenerIsAtAnAddressThatNoServerHas(String address) {
        assertNoListenerThere(address);
        assertNoListenerThere("/" + address + "x".repeat(Sockets.MAX_PATH));
    }

    private static void assertNoListenerThere(String address) {
        assertThatThrownBy(() -> Transport.unix().connect(address, STRING, STRING))
                .isInstanceOf(Disconnected.class).hasMessageContaining("no process listens there");
    }

    @Test
    void closeEndsAConnectThatWaits() throws Exception {
        Waits<Link<String, String>> connect = Waits.in(this::connect).asleep();
        try (SocketChannel stranger = UnixTalk.connectRaw(listener.address())) {
            listener.close();
            connect.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("waits no longer");
            UnixTalk.assertEnd(stranger);
        }
    }

    @Test
    void closeEndsAnAccept() throws Exception {
        Waits<?> accept = Waits.in(this::accept).asleep();
        listener.close();
        accept.failure().isInstanceOf(EndClosed.class);
    }

    @Test
    void interruptEndsAnAcceptAndTheListenerStays() throws Exception {
        Waits<?> accept = Waits.in(this::accept).asleep();
        accept.thread().interrupt();
        accept.failure().isInstanceOf(InterruptedException.class);
        assertChildGetsThrough();
    }

    @Test
    void interruptEndsAConnect() throws Exception {
        Waits<?> connect = Waits.in(this::connect).asleep();
        connect.thread().interrupt();
        connect.failure().isInstanceOf(InterruptedException.class);
    }

    @Test
    void acceptEndsInTime() {
        assertThatThrownBy(() -> listener.accept(child.awaited(), Duration.ofMillis(5)))
                .isInstanceOf(TimedOut.class).hasMessage(
                        "the child did not connect within the time given: timeout=5 ms, pid="
                                + child.pid());
    }

    @Test
    void exitOfTheChildEndsAnAccept() throws Exception {
        Waits<?> accept = Waits.in(this::accept).asleep();
        child.kill();
        accept.failure().isInstanceOfSatisfying(ChildFailed.class, failure -> {
            assertThat(failure).hasMessageContaining("the child ended before it connected: pid="
                    + child.pid()).hasMessageContaining("exit=137 (SIGKILL)");
            assertThat(Objects.requireNonNull(failure.report()).exitCode()).hasValue(137);
        });
    }

    @Test
    void messagesOfAChildThatSendsAndExitsAtOnceAreReceived() throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.send(raw, UnixTalk.greeting());
            UnixTalk.send(raw, SocketFrame.message(new byte[]{'h', 'i'}));
        }
        child.kill();
        try (Link<String, String> link = accept()) {
            assertThat(link.receive()).isEqualTo("hi");
            assertThatThrownBy(link::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("exit=137");
        }
    }

    @Test
    void typesThatDifferAreNamedOnBothSides() throws Exception {
        try (OwnProcess self = new OwnProcess();
                Transport.Listener<String, Old> old =
                        Transport.unix().listen(STRING, TypeToken.of(Old.class))) {
            Waits<?> connect = Waits.in(() -> connectOtherwise(old));
            assertThatThrownBy(() -> old.accept(new AwaitedChild(self, "self"), Children.PATIENCE))
                    .isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("what comes from the child: Old.number: int here,"
                            + " long in the child");
            connect.failure().isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("what comes from the child: Old.number: long here,"
                            + " int in the parent: give both sides the same one");
        }
    }

    @Test
    void strangerOfOtherTypesGetsTheReasonAndTheChildIsAccepted() throws Exception {
        try (Transport.Listener<String, Old> old =
                Transport.unix().listen(STRING, TypeToken.of(Old.class))) {
            Waits<?> connect = Waits.in(() -> connectOtherwise(old));
            AwaitedChild awaited = child.awaited();
            Waits<Link<String, Old>> accept =
                    Waits.in(() -> old.accept(awaited, Children.PATIENCE));
            connect.failure().isInstanceOf(TypeMismatch.class);

            try (Link<Old, String> other = Transport.unix().connect(old.address(),
                    TypeToken.of(Old.class), STRING); Link<String, Old> link = accept.value()) {
                other.send(new Old(7));
                assertThat(link.receive()).isEqualTo(new Old(7));
            }
            assertThat(awaited.lastTurnedAway())
                    .contains("what comes from the child: Old.number: int here");
        }
    }

    private static Link<New, String> connectOtherwise(Transport.Listener<String, Old> listener)
            throws InterruptedException {
        return Transport.unix().connect(listener.address(), TypeToken.of(New.class), STRING);
    }

    @ParameterizedTest
    @MethodSource("strangeGreetings")
    void childOfAnotherLibraryOrVersionIsAnErrorThatNamesIt(SocketHello greeting, String reason)
            throws Exception {
        String words = "the child connected, but " + reason + ": pid="
                + ProcessHandle.current().pid();
        try (OwnProcess self = new OwnProcess();
                SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.send(raw, greeting.toFrame());
            assertThatThrownBy(
                    () -> listener.accept(new AwaitedChild(self, "self"), Children.PATIENCE))
                    .isInstanceOf(HandshakeFailed.class).hasMessage(words);
            listener.close();
            UnixTalk.assertRefusedAndEnded(raw, words);
        }
    }

    @ParameterizedTest
    @MethodSource("strangeGreetings")
    void strangerOfAnotherLibraryOrVersionIsTurnedAwayWithTheReason(SocketHello greeting,
            String reason) throws Exception {
        try (SocketChannel raw = UnixTalk.connectRaw(listener.address())) {
            UnixTalk.send(raw, greeting.toFrame());
            assertChildGetsThrough();
            UnixTalk.assertRefusedAndEnded(raw, reason);
        }
    }

    static Stream<Arguments> strangeGreetings() {
        return Stream.of(
                Arguments.of(new SocketHello(0x49504355, 2, "", ""),
                        "it speaks another version: version=2, ours=1: use the same on both sides"),
                Arguments.of(new SocketHello(0x12345678, 1, "", ""),
                        "it does not speak ipc-channel"));
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
