package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.CuedEchoChild;
import dev.ipcchannel.testing.children.EchoChild;
import dev.ipcchannel.testing.children.FailingChild;
import dev.ipcchannel.testing.children.FaintingChild;
import dev.ipcchannel.testing.children.HastyChild;
import dev.ipcchannel.testing.children.HostingChild;
import dev.ipcchannel.testing.children.SilentChild;
import dev.ipcchannel.testing.children.Talk;
import dev.ipcchannel.testing.children.UnwantedMessageChild;
import dev.ipcchannel.testing.children.WrongVersionChild;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The handshake of a child and its parent, or the reason why it fails.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandshakeIT {

    private static final Duration SHORT = Duration.ofMillis(200);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void allMessagesOfAChildThatExitsAtOnceAreReceived() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(HastyChild.class, server.name());
            child.awaitExit(0);

            Talk talk = server.accept(child.process(), Children.PATIENCE);

            try (Sender<String> _ = talk.toChild(); Receiver<String> receiver = talk.fromChild()) {
                for (int i = 0; i < HastyChild.COUNT; i++) {
                    assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("message " + i);
                }
                assertThatThrownBy(() -> receiver.receive(Children.PATIENCE))
                        .isInstanceOf(Disconnected.class).hasMessageContaining("exit=0");
            }
        }
    }

    @Test
    void childThatConnectsWhileTheParentWaitsIsAccepted() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(CuedEchoChild.class, server.name());
            Waits<Talk> accept =
                    Waits.in(() -> server.accept(child.process(), Children.PATIENCE)).asleep();

            child.cue();

            echo(accept.value());
            child.awaitExit(0);
        }
    }

    @Test
    void relativeOfTheChildIsAccepted() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            // The shell remains, so the connecting process is not the one that was started.
            ChildJvm child = children.command().under("sh", "-c", "\"$0\" \"$@\"; exit $?")
                    .start(EchoChild.class, server.name());

            echo(server.accept(child.process(), Children.PATIENCE));
            child.awaitExit(0);
            assertThat(server.rejectedPeers()).isZero();
        }
    }

    @Test
    void anyProcessIsAcceptedIfNoChildIsNamed() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(EchoChild.class, server.name());

            echo(server.accept(Children.PATIENCE));
            child.awaitExit(0);
        }
    }

    @Test
    void childThatExitsBeforeItConnectsIsReportedWithItsExitCodeAndLastWords() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.command().piped().start(FailingChild.class, server.name());

            assertThatThrownBy(() -> child.captured().accept(server, Children.PATIENCE))
                    .isInstanceOf(ChildFailed.class)
                    .hasMessageContaining("exit=" + FailingChild.EXIT_CODE)
                    .hasMessageContaining("first complaint")
                    .hasMessageContaining("last complaint");
            child.awaitExit(FailingChild.EXIT_CODE);
        }
    }

    @Test
    void childThatEndsWellBeforeItConnectsMayBeAnotherProgram() throws Exception {
        Process child = new ProcessBuilder("true").start();
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            assertThatThrownBy(() -> server.accept(child, Children.PATIENCE))
                    .isInstanceOf(ChildFailed.class)
                    .hasMessageContaining("exit=0: see that it is the right program");
        }
        child.getOutputStream().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {FaintingChild.BEFORE_THE_GREETING, FaintingChild.AFTER_IT})
    void childThatHangsUpAndEndsIsReportedWithItsExitCodeAndLastWords(String moment)
            throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.command().piped()
                    .start(FaintingChild.class, server.name(), moment);
            Waits<Talk> accept =
                    Waits.in(() -> child.captured().accept(server, Children.PATIENCE));
            await("the child has hung up").atMost(Children.PATIENCE)
                    .until(() -> server.rejectedPeers() == 1);

            child.cue();

            accept.failure().isInstanceOf(ChildFailed.class)
                    .hasMessageContaining("exit=" + FaintingChild.EXIT_CODE)
                    .hasMessageContaining("turned away=1").hasMessageContaining("out of breath");
            child.awaitExit(FaintingChild.EXIT_CODE);
        }
    }

    @Test
    void childThatIsKilledBeforeItConnectsIsReportedWhileTheParentWaits() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(SilentChild.class, server.name());
            Waits<Talk> accept =
                    Waits.in(() -> server.accept(child.process(), Children.PATIENCE)).asleep();

            child.kill();

            accept.failure().isInstanceOf(ChildFailed.class)
                    .hasMessageContaining("exit=137 (SIGKILL)");
        }
    }

    @Test
    void endOfAnAcceptedChildWakesNoOtherThread() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class);
                Channel<String> channel = Channel.create(String.class, ChannelOptions.defaults()
                        .withWaitStrategy(WaitStrategy.BLOCK))) {
            ChildJvm child = children.start(CuedEchoChild.class, server.name());
            child.cue();
            Talk talk = server.accept(child.process(), Children.PATIENCE);
            Waits<String> receive = Waits.in(channel.receiver()::receive).asleep();

            echo(talk);
            child.awaitExit(0);
            await("the child's end is known").atMost(Children.PATIENCE).until(() -> Thread
                    .getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("process reaper (pid "
                            + child.pid() + ")")));

            assertThat(receive.result()).isNotDone();
            assertThat(channel.receiver().stats().wakeUps()).isZero();
            channel.sender().send("hello");
            assertThat(receive.value()).isEqualTo("hello");
        }
    }

    @Test
    void childThatDoesNotConnectInTimeMayStillDoItLater() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(CuedEchoChild.class, server.name());

            assertThatThrownBy(() -> server.accept(child.process(), SHORT))
                    .isInstanceOf(TimedOut.class)
                    .hasMessage("the child did not connect within the time given: timeout=200 ms,"
                            + " pid=" + child.pid());

            child.cue();
            echo(server.accept(child.process(), Children.PATIENCE));
            child.awaitExit(0);
        }
    }

    @Test
    void secondThreadThatAcceptsDoesNotWaitForTheFirst() throws Exception {
        OneShotServer<Talk> server = OneShotServer.open(Talk.class);
        Waits<Talk> first = Waits.in(() -> server.accept(Duration.ofDays(1))).asleep();

        Waits.in(() -> server.accept(SHORT)).failure()
                .isInstanceOfAny(TimedOut.class, IllegalStateException.class);

        assertThat(first.result()).isNotDone();
        server.close();
        first.failure().isInstanceOf(EndClosed.class);
    }

    @Test
    void secondConnectionFindsNoServerAndDoesNotAffectTheFirst() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm first = children.start(EchoChild.class, server.name());
            Talk talk = server.accept(first.process(), Children.PATIENCE);

            assertThatThrownBy(() -> OneShotServer.connect(server.name(), Talk.class))
                    .isInstanceOf(Disconnected.class).hasMessageContaining(server.name());
            assertThatThrownBy(() -> server.accept(first.process(), Children.PATIENCE))
                    .isInstanceOf(EndClosed.class);

            echo(talk);
            first.awaitExit(0);
        }
    }

    @Test
    void childOfAnotherVersionIsRefusedWithBothVersions() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(WrongVersionChild.class, server.name());
            long before = Children.descriptors();

            assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .isInstanceOf(HandshakeFailed.class)
                    .hasMessageContaining("version=3").hasMessageContaining("ours=2")
                    .hasMessageContaining("pid=" + child.pid());

            await("descriptors").atMost(Children.PATIENCE) // one thread closes those of strangers
                    .until(() -> Children.descriptors() <= before);
            child.cue();
            child.awaitExit(0);
            assertThat(child.output()).as("what the child hears")
                    .contains("the child connected, but it speaks another version: version=3,"
                            + " ours=2")
                    .doesNotContain("dev.ipcchannel");
        }
    }

    @Test
    void childThatWasTurnedAwayAndHasEndedIsReportedWithTheReason() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(WrongVersionChild.class, server.name());
            child.cue();
            child.awaitExit(0);

            assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .isInstanceOf(ChildFailed.class).hasMessageContaining("exit=0")
                    .hasMessageContaining("version=3").hasMessageContaining("ours=2");
        }
    }

    @Test
    void relativeThatHasGreetedIsWaitedForAlsoWhenTheChildHasEnded() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> relative = OneShotServer.connect(server.name(), String.class)) {
            ChildJvm child = children.start(SilentChild.class);
            child.cue();
            child.awaitExit(0);
            Waits<String> accept =
                    Waits.in(() -> server.accept(child.process(), Children.PATIENCE)).asleep();

            relative.send("hello");

            assertThat(accept.value()).isEqualTo("hello");
        }
    }

    @Test
    void clientOfAPidNamespaceThatCannotBeSeenIntoHasTheNumberZero() throws Exception {
        String[] unshare = {"unshare", "--pid", "--fork"};
        assumeTrue(mayRun(unshare), "no pid namespace can be made");
        ChildJvm host = children.command().under(unshare).piped().start(HostingChild.class);
        String name = String.valueOf(host.captured().readLine(Children.PATIENCE));
        try (Channel<String> inward = Channel.create(String.class);
                Channel<String> outward = Channel.create(String.class)) {
            try (Sender<Talk> bootstrap = OneShotServer.connect(name, Talk.class)) {
                bootstrap.send(new Talk(inward.sender(), outward.receiver()));
            }

            assertThat(host.captured().readLine(Children.PATIENCE)).isEqualTo("0");
            assertThat(inward.receiver().receive(Children.PATIENCE)).isEqualTo("ready");
        }
        host.cue();
        host.awaitExit(0);
    }

    @Test
    void firstMessageOfAnotherTypeIsRefusedWithBothTypes() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(UnwantedMessageChild.class, server.name());

            assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("String there");

            child.awaitExit(0);
        }
    }

    private static boolean mayRun(String... program) throws InterruptedException {
        try {
            return new ProcessBuilder(Stream.concat(Stream.of(program), Stream.of("true")).toList())
                    .start().waitFor() == 0;
        } catch (IOException _) { // it is not installed
            return false;
        }
    }

    /// Sends a message, receives its echo, and closes both ends, which ends the child.
    private static void echo(Talk talk) throws InterruptedException {
        try (Sender<String> sender = talk.toChild(); Receiver<String> receiver = talk.fromChild()) {
            sender.send("hello");
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("hello");
        }
    }
}
