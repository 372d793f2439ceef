package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.UnixBusyChild;
import dev.ipcchannel.testing.children.UnixEchoChild;
import dev.ipcchannel.testing.children.UnixLeavingChild;
import dev.ipcchannel.testing.children.UnixParentChild;
import dev.ipcchannel.testing.children.UnixPoorChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Child JVMs at the other end of a Unix socket.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixTransportIT {

    private static final int MESSAGES = 1000;

    @RegisterExtension
    final Children children = new Children();

    private static ChildJvm command(Class<?> main, String... arguments) {
        return ChildJvm.of(main).arguments(arguments).transport(Transport.unix())
                .output(Output.capture()).errors(Output.capture()).noClassArchive();
    }

    @Test
    void childAnswersAndEndsWithTheLink() throws Exception {
        ChildProcess process;
        try (ChildLink<String, String> child =
                command(UnixEchoChild.class).start(String.class, String.class)) {
            process = child.process();
            for (int i = 0; i < MESSAGES; i++) {
                child.send("message " + i);
                assertThat(child.receive()).isEqualTo("message " + i);
            }
            assertThat(child.link()).asString()
                    .isEqualTo("UnixLink[child=%s, pid=%d, open, unread=0]"
                            .formatted(UnixEchoChild.class.getName(), process.pid()));
        }
        assertThat(process.process().exitValue()).isZero();
        assertThat(process.output().lines())
                .containsExactly("the end: the parent has closed the channel");
        assertThatThrownBy(() -> Transport.unix().connect("/nowhere/server",
                TypeToken.of(String.class),
                TypeToken.of(String.class))).isInstanceOf(Disconnected.class);
    }

    @Test
    void typesThatDifferAreNamed() {
        assertThatThrownBy(() -> command(UnixEchoChild.class).start(Integer.class, String.class))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("the child means other types than this program: child=")
                .hasMessageEndingWith("what goes to the child: Integer here, String in the child:"
                        + " give both sides the same one; are the two classes the wrong way"
                        + " round?");
    }

    @Test
    void childThatEndsBeforeItConnectsIsReported() {
        assertThatThrownBy(() -> command(UnixEchoChild.class).jvmOptions("-XX:NoSuchOption")
                .start(String.class, String.class)).isInstanceOf(ChildFailed.class)
                .hasMessageContaining("exit=1").hasMessageContaining("NoSuchOption");
    }

    @ParameterizedTest
    @CsvSource({"3,true", "3,false"})
    void messagesOfAChildThatExitsAtOnceAreReceived(int count, boolean hasClosed)
            throws Exception {
        try (ChildLink<byte[], byte[]> child =
                command(UnixLeavingChild.class, Integer.toString(count),
                        Boolean.toString(hasClosed)).start(byte[].class, byte[].class)) {
            for (int i = 0; i < count; i++) {
                assertThat(child.receive(Children.PATIENCE)).hasSize(UnixLeavingChild.LENGTH);
            }
            assertThatThrownBy(child::receive).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(hasClosed ? "the child has closed the channel"
                            : "the child has ended: child="
                                    + UnixLeavingChild.class.getName());
            assertThat(child.process().awaitExit(Children.PATIENCE)).isEqualTo(7);
            if (!hasClosed) {
                assertThatThrownBy(child::receive).hasMessageContaining("exit=7");
            }
        }
    }

    @Test
    void killedChildIsGoneAtOnce() throws Exception {
        try (ChildLink<String, String> child =
                command(UnixEchoChild.class).start(String.class, String.class)) {
            child.send("hello");
            assertThat(child.receive()).isEqualTo("hello");
            Waits<String> receive = Waits.in(child::receive).asleep();

            child.process().process().destroyForcibly();

            receive.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the child has ended")
                    .hasMessageContaining("exit=137 (SIGKILL)");
            assertThatThrownBy(() -> child.send("x")).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void killedChildIsGoneForASenderThatWaits() throws Exception {
        try (ChildLink<String, String> child =
                command(UnixBusyChild.class, "fills").start(String.class, String.class)) {
            String message = "x".repeat(1 << 20);
            Waits<Void> send = Waits.run(() -> {
                while (true) {
                    child.send(message);
                }
            });
            send.asleep();
            child.process().process().destroyForcibly();
            send.failure().isInstanceOf(Disconnected.class).hasMessageContaining("exit=137");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "waits", "fills", "closes"})
    void childEndsWithItsKilledParentWhateverItDoes(String what) throws Exception {
        Path output = children.directory().resolve("grandchild.txt");
        dev.ipcchannel.testing.ChildJvm parent = children.command().piped()
                .start(UnixParentChild.class, what, output.toString());
        long pid = Long.parseLong(
                String.valueOf(parent.captured().readLine(Children.PATIENCE)));
        Optional<ProcessHandle> grandchild = ProcessHandle.of(pid);
        assertThat(grandchild).hasValueSatisfying(
                process -> assertThat(process.isAlive()).isTrue());

        parent.kill();

        await("the grandchild ends").atMost(Children.PATIENCE)
                .until(() -> grandchild.isEmpty() || !grandchild.get().isAlive());
    }

    @Test
    void parentThatMayOpenNoMoreFilesGetsTheReasonAndGoesOnLater() throws Exception {
        dev.ipcchannel.testing.ChildJvm parent = children.command().piped()
                .under("bash", "-c", "ulimit -n 100; exec \"$0\" \"$@\"")
                .start(UnixPoorChild.class);
        parent.awaitExit(0);
        assertThat(parent.captured().lines()).hasSize(3).startsWith("hello").endsWith("hello");
        assertThat(parent.captured().lines().get(1))
                .startsWith("ResourceExhausted: a connection cannot be taken up")
                .endsWith("raise the limit (ulimit -n)");
    }

    @Test
    void closedLinkRefusesCallsWhileTheChildRuns() throws IOException, InterruptedException {
        try (ChildLink<String, String> child =
                command(UnixBusyChild.class, "waits").start(String.class, String.class)) {
            child.link().close();
            assertThatThrownBy(child::receive).isInstanceOf(EndClosed.class);
            child.process().kill();
        }
    }
}
