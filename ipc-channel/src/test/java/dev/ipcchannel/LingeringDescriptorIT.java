package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.Wire;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.LingerPlace;
import dev.ipcchannel.testing.children.LingeringChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hostile children that send the last descriptor of a socket whose close blocks for a minute, in
/// each place where descriptors can come: no call of the parent waits for that close, which still
/// goes on when all have returned.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LingeringDescriptorIT {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int MOST_VERBS = 20;
    private static final int CROWD = 64;
    private static final long FAR_LESS_THAN_THE_LINGER = 15; // seconds

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource(names = "WITH_A_BELL_FOR_A_SENDER", mode = EnumSource.Mode.EXCLUDE)
    void noVerbOfAReceiverWaitsForIt(LingerPlace place) throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> honest = Channel.create(String.class)) {
            ChildJvm child = start(server, place.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            int port = port(child);

            inTime(() -> receiveUntilQuiet(talk.fromChild()));
            inTime(() -> talk.fromChild().close());
            inTime(() -> talk.toChild().close());

            Lingers.awaitClosing(port);
            honest.sender().send("meanwhile");
            assertThat(honest.receiver().receive(Children.PATIENCE)).isEqualTo("meanwhile");
            child.kill();
        }
    }

    @Test
    void noVerbOfASenderWaitsForItAndItIsABreach() throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> channel = Channel.create(String.class)) {
            ChildJvm child = start(server, LingerPlace.WITH_A_BELL_FOR_A_SENDER.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            Handover message = new Handover(channel.sender().share());
            while (talk.toChild().trySend(message) == SendOutcome.SENT) {
                message = new Handover(channel.sender().share());
            }
            Handover oneTooMany = message;
            int port = port(child);

            inTime(() -> assertThatThrownBy(() -> talk.toChild().send(oneTooMany, SHORT))
                    .isInstanceOf(ProtocolViolation.class));
            inTime(() -> talk.toChild().close());

            Lingers.awaitClosing(port);
            oneTooMany.sender().close();
            talk.fromChild().close();
            child.kill();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LingeringChild.GREETING, LingeringChild.NONSENSE})
    void acceptDoesNotWaitForIt(String place) throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class)) {
            ChildJvm child = start(server, place);
            int port = port(child);

            inTime(() -> assertThatThrownBy(() -> server.accept(SHORT))
                    .isInstanceOf(TimedOut.class));

            Lingers.awaitClosing(port);
            inTime(server::close);
            child.kill();
        }
    }

    @Test
    void closeOfAServerDoesNotWaitForItInItsQueue() throws Exception {
        OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
        ChildJvm child = start(server, LingeringChild.GREETING);
        int port = port(child);

        inTime(server::close);

        Lingers.awaitClosing(port);
        child.kill();
    }

    @Test
    void crowdOfConnectionsWithItKeepsNeitherAcceptNorClose() throws Exception {
        List<Libc.Connection> lingering = new ArrayList<>();
        OneShotServer<String> server = OneShotServer.open(String.class);
        for (int i = 0; i < CROWD; i++) {
            Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
            lingering.add(connection);
            Descriptor client = Wire.connect(server.name());
            Wire.garbage(client, 1, List.of(connection.full()));
            connection.full().close();
            client.close();
        }

        inTime(() -> assertThatThrownBy(() -> server.accept(SHORT)).isInstanceOf(TimedOut.class));
        inTime(server::close);

        assertThat(server.rejectedPeers()).isEqualTo(CROWD);
        assertThat(lingering).anyMatch(one -> Lingers.isClosing(one.port()));
        lingering.forEach(one -> one.silent().close()); // a reset: what lingers is done
    }

    @Test
    void watcherDoesNotWaitForItOnAConnection() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Channel<String> honest = Channel.create(String.class)) {
            ChildJvm child = start(server, LingeringChild.AFTER_GREETING);
            int port = port(child);

            assertThat(server.accept(child.process(), Children.PATIENCE)).isEqualTo("hi");

            Lingers.awaitClosing(port); // with its connection, which has ended: a violation
            Waits<String> wait = Waits.inVirtualThread(
                    () -> honest.receiver().receive(Children.PATIENCE));
            wait.asleep();
            honest.sender().send("told by the watcher");
            assertThat(wait.value()).isEqualTo("told by the watcher");
            child.kill();
        }
    }

    @Test
    void peerWhoseDescriptorKeepsItsCloserForASecondIsEnded() throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class)) {
            ChildJvm child = start(server, LingerPlace.IN_A_MESSAGE.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            int port = port(child);
            assertThatThrownBy(() -> talk.fromChild().receive(Children.PATIENCE))
                    .isInstanceOf(CodecFailed.class);
            Lingers.awaitClosing(port);

            assertThatThrownBy(() -> receiveUntilItFails(talk.fromChild()))
                    .isInstanceOf(ProtocolViolation.class).hasMessageContaining("descriptor");

            assertThatThrownBy(() -> talk.fromChild().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
            assertThat(Lingers.isClosing(port)).isTrue();
            talk.fromChild().close();
            talk.toChild().close();
            child.kill();
        }
    }

    private ChildJvm start(OneShotServer<?> server, String place) throws Exception {
        return children.command().piped()
                .start(LingeringChild.class, server.name(), place);
    }

    private static int port(ChildJvm child) throws InterruptedException {
        return Integer.parseInt(
                String.valueOf(child.captured().readLine(Children.PATIENCE)));
    }

    private static void inTime(Waits.Action verb) throws Exception {
        Waits.run(verb).result().get(FAR_LESS_THAN_THE_LINGER, TimeUnit.SECONDS);
    }

    private static void receiveUntilQuiet(Receiver<String> receiver) throws InterruptedException {
        for (int i = 0; i < MOST_VERBS; i++) {
            try {
                receiver.receive(SHORT);
            } catch (TimedOut | Disconnected _) {
                return;
            } catch (IpcException _) {
                // A violation, or a message with a descriptor that is not of its type.
            }
        }
    }

    private static void receiveUntilItFails(Receiver<String> receiver)
            throws InterruptedException {
        while (true) {
            try {
                receiver.receive(SHORT);
            } catch (TimedOut _) {
                // The close does not last long enough.
            }
        }
    }
}
