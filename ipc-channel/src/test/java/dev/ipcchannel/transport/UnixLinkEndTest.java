package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The ends of a link over a Unix socket, on either side.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixLinkEndTest {

    private static final int LONG = 50 << 20;
    private static final String SERVER_HAS_CLOSED =
            "the server has closed the channel: pid=" + ProcessHandle.current().pid();

    @RegisterExtension
    final Children children = new Children();

    private final UnixTransport transport = UnixTransport.INSTANCE;

    @Test
    void closeInAnotherThreadEndsAReceive() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            Waits<String> receive = Waits.in(talk.parent()::receive).asleep();
            talk.parent().close();
            receive.failure().isInstanceOf(EndClosed.class)
                    .hasMessageStartingWith("this link is closed: UnixLink[child=");
            assertEndClosed(talk);
        }
    }

    @Test
    void closeInAnotherThreadEndsAWaitForRoom() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            int sent = UnixTalk.fill(talk);
            Waits<Void> send = Waits.run(() -> talk.parent().send("never")).asleep();
            talk.parent().close();
            send.failure().isInstanceOf(EndClosed.class);

            UnixTalk.drain(talk, sent); // messages in flight come first

            assertThatThrownBy(talk.other()::receive).isInstanceOf(Disconnected.class)
                    .hasMessage(SERVER_HAS_CLOSED);
        }
    }

    @Test
    void closedLinkRefusesEveryCall() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            talk.other().send("never taken");
            talk.parent().close();
            talk.parent().close();
            assertEndClosed(talk);
            assertThat(talk.parent()).asString().contains(", closed,");
        }
    }

    @Test
    void linkThatIsClosedAfterTheOtherSideIsClosed() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            talk.other().close();
            assertThatThrownBy(talk.parent()::receive).isInstanceOf(Disconnected.class)
                    .hasMessageStartingWith("the child has closed the channel: child=");
            talk.parent().close();
            assertEndClosed(talk);
        }
    }

    private static void assertEndClosed(UnixTalk<String, String> talk) {
        assertThatThrownBy(talk.parent()::receive).isInstanceOf(EndClosed.class);
        assertThatThrownBy(talk.parent()::tryReceive).isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> talk.parent().send("x")).isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> talk.parent().trySend("x")).isInstanceOf(EndClosed.class);
    }

    @Test
    void whatWasSentBeforeACloseComesFirst() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            talk.parent().send("first");
            talk.parent().send("last");
            talk.parent().close();

            assertThat(talk.other().receive()).isEqualTo("first");
            assertThat(talk.other().receive(Children.PATIENCE)).isEqualTo("last");
            assertThatThrownBy(talk.other()::receive).isInstanceOf(Disconnected.class)
                    .hasMessage(SERVER_HAS_CLOSED);
            assertThatThrownBy(talk.other()::tryReceive).isInstanceOf(Disconnected.class);
            assertThatThrownBy(() -> talk.other().send("x")).isInstanceOf(Disconnected.class)
                    .hasMessage(SERVER_HAS_CLOSED);
        }
    }

    @Test
    void longMessageIsFlushedAfterTheClose() throws Exception {
        try (UnixTalk<byte[], byte[]> talk =
                UnixTalk.open(transport, byte[].class, byte[].class)) {
            assertThat(talk.parent().trySend(new byte[LONG])).isEqualTo(SendOutcome.SENT);
            talk.parent().close();
            assertThat(talk.other().receive(Children.PATIENCE)).hasSize(LONG);
            assertThatThrownBy(talk.other()::receive).isInstanceOf(Disconnected.class)
                    .hasMessage(SERVER_HAS_CLOSED);
        }
    }

    @Test
    void exitOfTheChildEndsALinkThatAnotherProcessKeepsOpen() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            talk.other().send("last words");
            talk.child().kill();
            assertThat(talk.parent().receive()).isEqualTo("last words");
            assertThatThrownBy(talk.parent()::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(" has ended")
                    .hasMessageContaining("exit=137 (SIGKILL)");
            await("the sender learns of it").atMost(Children.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> talk.parent().trySend("x"))
                            .isInstanceOf(Disconnected.class).hasMessageContaining("exit=137"));
        }
    }

    /// Another process keeps its error output open, so its last lines may still come.
    @Test
    void verbThatNeverWaitsDoesNotWaitForLastWords() throws Exception {
        ChildProcess child = ChildJvm.ofCommand("sh", "-c", "sleep 600 & exec cat")
                .output(Output.capture()).errors(Output.capture()).start();
        try (UnixTalk<String, String> talk = UnixTalk.of(child)) {
            assertThat(child.process().destroyForcibly().waitFor()).isEqualTo(137);
            assertThatThrownBy(talk.parent()::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("exit=137");
            long before = waits();

            assertThatThrownBy(talk.parent()::tryReceive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("exit=137");

            assertThat(waits() - before).as("waits").isZero();
        } finally {
            child.kill();
        }
    }

    private static long waits() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().threadId()).getWaitedCount();
    }
}
