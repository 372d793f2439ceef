package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Listeners that wait for any process: they accept the first one with the right types, and turn
/// others away.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnyProcessTest {

    private static final TypeToken<String> TEXT = TypeToken.of(String.class);
    private static final TypeToken<Long> NUMBER = TypeToken.of(Long.class);
    private static final Duration SHORT = Duration.ofMillis(50);

    static Stream<Transport> transports() {
        return Stream.of(Transport.shm(), Transport.unix());
    }

    private static Waits<Link<String, String>> accept(
            Transport.Listener<String, String> listener) {
        return Waits.in(() -> listener.accept(Children.PATIENCE));
    }

    private static void assertTalk(Link<String, String> here, Link<String, String> there)
            throws InterruptedException {
        here.send("question");
        assertThat(there.receive(Children.PATIENCE)).isEqualTo("question");
        there.send("answer");
        assertThat(here.receive(Children.PATIENCE)).isEqualTo("answer");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void firstProcessThatComesGetsThrough(Transport transport) throws Exception {
        try (Transport.Listener<String, String> listener = transport.listen(TEXT, TEXT)) {
            Waits<Link<String, String>> accepted = accept(listener);
            try (Link<String, String> there = transport.connect(listener.address(), TEXT, TEXT);
                    Link<String, String> here = accepted.value()) {
                assertTalk(here, there);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void processThatMeansOtherTypesIsTurnedAwayAndTheNextGetsThrough(Transport transport)
            throws Exception {
        try (Transport.Listener<String, String> listener = transport.listen(TEXT, TEXT)) {
            Waits<Link<String, String>> accepted = accept(listener);
            assertThatThrownBy(() -> {
                try (Link<Long, Long> other =
                        transport.connect(listener.address(), NUMBER, NUMBER)) {
                    other.receive(Children.PATIENCE);
                }
            }).isInstanceOf(IpcException.class).hasMessageContaining("Long");

            try (Link<String, String> there = transport.connect(listener.address(), TEXT, TEXT);
                    Link<String, String> here = accepted.value()) {
                assertTalk(here, there);
            }
        }
    }

    @Test
    void processWithLargerRingsThanAllowedIsTurnedAwayWithTheReasonAndTheNextIsAccepted()
            throws Exception {
        Transport larger = Transport.shm(ChannelOptions.defaults()
                .withCapacity(2 * ChannelOptions.defaults().capacity()));
        try (Transport.Listener<String, String> listener =
                Transport.shm().listen(TEXT, TEXT)) {
            Waits<Link<String, String>> accepted = accept(listener);
            assertThatThrownBy(() -> {
                try (Link<String, String> other = larger.connect(listener.address(), TEXT, TEXT)) {
                    other.receive(Children.PATIENCE);
                }
            }).isInstanceOf(IpcException.class)
                    .hasMessageContaining("capacity=131072, limit=65536");

            try (Link<String, String> there =
                    Transport.shm().connect(listener.address(), TEXT, TEXT);
                    Link<String, String> here = accepted.value()) {
                assertTalk(here, there);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void withoutOneItTimesOutAndCanBeAskedAgain(Transport transport) throws Exception {
        try (Transport.Listener<String, String> listener = transport.listen(TEXT, TEXT)) {
            assertThatThrownBy(() -> listener.accept(SHORT)).isInstanceOf(TimedOut.class);

            Waits<Link<String, String>> accepted = accept(listener);
            try (Link<String, String> there = transport.connect(listener.address(), TEXT, TEXT);
                    Link<String, String> here = accepted.value()) {
                assertTalk(here, there);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closeEndsTheWait(Transport transport) throws Exception {
        Transport.Listener<String, String> listener = transport.listen(TEXT, TEXT);
        Waits<Link<String, String>> accepted = accept(listener).asleep();

        listener.close();

        accepted.failure().isInstanceOf(EndClosed.class);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void interruptEndsTheWaitAndLeavesItOpen(Transport transport) throws Exception {
        try (Transport.Listener<String, String> listener = transport.listen(TEXT, TEXT)) {
            Waits<Link<String, String>> interrupted = accept(listener).asleep();
            interrupted.thread().interrupt();
            interrupted.failure().isInstanceOf(InterruptedException.class);

            Waits<Link<String, String>> accepted = accept(listener);
            try (Link<String, String> there = transport.connect(listener.address(), TEXT, TEXT);
                    Link<String, String> here = accepted.value()) {
                assertTalk(here, there);
            }
        }
    }

    @Test
    void timeThatIsOverNamesTheAddressAndThoseTurnedAway() throws Exception {
        try (Transport.Listener<String, String> listener =
                Transport.unix().listen(TEXT, TEXT)) {
            assertThatThrownBy(() -> listener.accept(Duration.ofMillis(5)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessage("no process connected within the time given: timeout=5 ms, address="
                            + listener.address());

            Waits<Link<Long, Long>> connect = Waits.in(
                    () -> Transport.unix().connect(listener.address(), NUMBER, NUMBER));
            Waits<Link<String, String>> accept =
                    Waits.in(() -> listener.accept(Children.PATIENCE));
            connect.failure().isInstanceOf(TypeMismatch.class);
            try (Link<String, String> other =
                    Transport.unix().connect(listener.address(), TEXT, TEXT);
                    Link<String, String> link = accept.value()) {
                other.send("the right one");
                assertThat(link.receive()).isEqualTo("the right one");
                assertThat(link.otherSide())
                        .isEqualTo("process (pid=" + ProcessHandle.current().pid() + ")");
                assertThat(other.otherSide())
                        .isEqualTo("process (pid=" + ProcessHandle.current().pid() + ")");
            }
        }
    }

    @Test
    void childIsKnownByItsProcessAlone() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "exit 3").start();
        AwaitedChild child = new AwaitedChild(process, "a\nscript");

        assertThat(child.onExit().get()).isSameAs(process);
        assertThat(child.report().exitCode()).hasValue(3);
        assertThat(child)
                .hasToString("AwaitedChild[child=a\\u000ascript, pid=" + process.pid() + "]");
        child.turnedAway("it said \u0007");
        assertThat(child.lastTurnedAway()).isEqualTo("it said \\u0007");
    }
}
