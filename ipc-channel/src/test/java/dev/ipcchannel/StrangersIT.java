package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.CuedEchoChild;
import dev.ipcchannel.testing.children.HastyChild;
import dev.ipcchannel.testing.children.Strangeness;
import dev.ipcchannel.testing.children.StrangerChild;
import dev.ipcchannel.testing.children.Talk;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Processes that connect first and are not the child: they are dropped and counted, and do not
/// hinder the child.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrangersIT {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int MAX_STRANGERS = 64;
    private static final int MAX_OF_THE_CHILD = 8;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void strangersAreDroppedAndCountedAndNothingOfThemStays() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            List<Strangeness> loud =
                    Stream.of(Strangeness.values()).filter(one -> !one.isSilent()).toList();
            ChildJvm stranger = stranger(server, loud);
            long before = Children.descriptors();

            // No child connects: the awaited child is this process.
            await("all are dropped").atMost(Children.PATIENCE).until(() -> {
                assertThatThrownBy(() -> server.accept(SHORT)).isInstanceOf(TimedOut.class);
                return server.rejectedPeers() == loud.size();
            });

            assertThatThrownBy(() -> server.accept(SHORT)).isInstanceOf(TimedOut.class);
            assertThat(server.rejectedPeers()).as("each once").isEqualTo(loud.size());
            assertThat(Children.descriptors()).as("descriptors").isLessThanOrEqualTo(before);
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void childGetsInWithoutDelayWhileStrangersOfAllKindsAreConnected() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm stranger = stranger(server, List.of(Strangeness.values()));
            ChildJvm child = children.start(CuedEchoChild.class, server.name());
            child.cue();

            Talk talk = server.accept(child.process(), Children.PATIENCE);

            // The silent ones are still there: only a timeout would drop them.
            long loud = Stream.of(Strangeness.values()).filter(one -> !one.isSilent()).count();
            assertThat(server.rejectedPeers()).isEqualTo((int) loud);
            try (Sender<String> sender = talk.toChild();
                    Receiver<String> receiver = talk.fromChild()) {
                sender.send("hello");
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("hello");
            }
            child.awaitExit(0);
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void silentStrangersAreDroppedAfterAWhileAndTheChildStillGetsIn() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            List<Strangeness> silent =
                    Arrays.stream(Strangeness.values()).filter(Strangeness::isSilent).toList();
            ChildJvm stranger = stranger(server, silent);
            ChildJvm child = children.start(CuedEchoChild.class, server.name());
            Waits<Talk> accept = Waits.in(() -> server.accept(child.process(), Children.PATIENCE));

            await("the silent ones are dropped").atMost(Children.PATIENCE)
                    .until(() -> server.rejectedPeers() == silent.size());
            child.cue();

            try (Sender<String> sender = accept.value().toChild();
                    Receiver<String> _ = accept.value().fromChild()) {
                sender.send("hello");
            }
            child.awaitExit(0);
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void crowdOfSilentStrangersDoesNotKeepTheChildOut() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            List<Strangeness> crowd = Collections.nCopies(100, Strangeness.NOTHING);
            ChildJvm stranger = stranger(server, crowd);
            ChildJvm child = children.start(CuedEchoChild.class, server.name());
            child.cue();

            Talk talk = server.accept(child.process(), Children.PATIENCE);

            talk.toChild().close();
            talk.fromChild().close();
            child.awaitExit(0);
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void messageOfAHastyChildAfterACrowdOfStrangersIsReceived() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm stranger =
                    stranger(server, Collections.nCopies(50, Strangeness.NOTHING));
            ChildJvm child = children.start(HastyChild.class, server.name());
            child.awaitExit(0);

            Talk talk = server.accept(child.process(), Children.PATIENCE);

            assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo("message 0");
            talk.toChild().close();
            talk.fromChild().close();
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void clientThatHasGreetedIsKeptInACrowdOfSilentStrangers() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
            ChildJvm stranger = stranger(server, Collections.nCopies(100, Strangeness.NOTHING));
            Waits<String> accept = Waits.in(() -> server.accept(Children.PATIENCE));
            await("the crowd is thinned out").atMost(Children.PATIENCE)
                    .until(() -> server.rejectedPeers() >= 100 - MAX_STRANGERS);

            client.send("hello");

            assertThat(accept.value()).isEqualTo("hello");
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void childItselfHasFewConnectionsHoweverManyItMakes() throws Exception {
        long before = Children.descriptors();
        OneShotServer<Talk> server = OneShotServer.open(Talk.class);
        String[] arguments = Stream.concat(Stream.of(server.name()),
                Stream.generate(Strangeness.NOTHING::name).limit(200)).toArray(String[]::new);
        ChildJvm child = children.command().piped().start(StrangerChild.class, arguments);
        Waits<Talk> accept = Waits.in(() -> server.accept(child.process(), Children.PATIENCE));
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("shown");

        await("most are dropped").atMost(Children.PATIENCE)
                .until(() -> server.rejectedPeers() == 200 - MAX_OF_THE_CHILD);

        assertThat(Children.descriptors() - before).isLessThan(3 * MAX_OF_THE_CHILD);
        server.close();
        accept.failure().isInstanceOf(EndClosed.class);
        child.cue();
        child.awaitExit(0);
    }

    private ChildJvm stranger(OneShotServer<?> server, List<Strangeness> kinds)
            throws Exception {
        Files.createFile(children.directory().resolve("file"));
        String[] arguments = Stream.concat(Stream.of(server.name()), kinds.stream().map(Enum::name))
                .toArray(String[]::new);
        ChildJvm stranger = children.command().piped().start(StrangerChild.class, arguments);
        assertThat(stranger.captured().readLine(Children.PATIENCE)).isEqualTo("shown");
        return stranger;
    }
}
