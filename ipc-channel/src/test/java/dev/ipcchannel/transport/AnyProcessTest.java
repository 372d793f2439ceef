package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A listener that waits for any process, and one that knows no more of a child than its process.
@Timeout(60)
class AnyProcessTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final TypeToken<Integer> NUMBER = TypeToken.of(Integer.class);
    private static final Duration SHORT = Duration.ofMillis(5);

    @Test
    void largerRingsThanAreAllowedAreRefused() throws Exception {
        Transport small = Transport.shm(ChannelOptions.defaults().withCapacity(4096));
        try (Transport.Listener<String, String> listener = small.listen(STRING, STRING)) {
            Waits<Link<String, String>> connect = Waits.in(
                    () -> Transport.shm().connect(listener.address(), STRING, STRING));

            assertThatThrownBy(() -> listener.accept(Children.PATIENCE))
                    .isInstanceOf(HandshakeFailed.class)
                    .hasMessageContaining("with more than is allowed here: pid="
                            + ProcessHandle.current().pid() + ", capacity=")
                    .hasMessageContaining("limit=4096");

            try (Link<String, String> link = connect.value()) {
                assertThatThrownBy(link::receive).isInstanceOf(Disconnected.class);
            }
        }
    }

    @Test
    void timeThatIsOverNamesTheAddressAndThoseTurnedAway() throws Exception {
        try (Transport.Listener<String, String> listener =
                Transport.unix().listen(STRING, STRING)) {
            assertThatThrownBy(() -> listener.accept(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessage("no process connected within the time given: timeout=5 ms, address="
                            + listener.address());

            Waits<Link<Integer, Integer>> connect = Waits.in(
                    () -> Transport.unix().connect(listener.address(), NUMBER, NUMBER));
            Waits<Link<String, String>> accept =
                    Waits.in(() -> listener.accept(Children.PATIENCE));
            connect.failure().isInstanceOf(TypeMismatch.class);
            try (Link<String, String> other =
                    Transport.unix().connect(listener.address(), STRING, STRING);
                    Link<String, String> link = accept.value()) {
                other.send("the right one");
                assertThat(link.receive()).isEqualTo("the right one");
                assertThat(link.otherSide())
                        .isEqualTo("process (pid=" + ProcessHandle.current().pid() + ")");
                assertThat(other.otherSide())
                        .isEqualTo("parent (pid=" + ProcessHandle.current().pid() + ")");
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
