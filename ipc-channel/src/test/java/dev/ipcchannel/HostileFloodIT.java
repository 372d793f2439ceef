package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.BellFloodChild;
import dev.ipcchannel.testing.children.Flood;
import dev.ipcchannel.testing.children.FloodChild;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.LaneFault;
import dev.ipcchannel.testing.children.LingerFloodChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Hostile children that send far more than was asked for: the parent keeps a bounded amount of it
/// for a while, and serves all others. [Children] checks that nothing is left at the end.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFloodIT {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int COUNT = 10;
    private static final long MOST_UNASKED = 300; // two for each of its lanes, and one packet's
    // to be closed, and as many as one message brings
    private static final long MOST_WAITING = 1024;
    private static final int LANES = 4096; // that a channel has at most
    private static final long MOST = 3L * LANES;

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource
    void floodOfOneSenderIsBoundedAndTheOthersAreServed(Flood flood) throws Exception {
        try (Channel<String> shared = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(LaneFault.CAPACITY));
                OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class)) {
            ChildJvm child = children.command().piped()
                    .start(FloodChild.class, server.name(), flood.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            shared.sender().send("honest"); // a lane of its own, before there are too many
            assertThat(shared.receiver().receive(Children.PATIENCE)).isEqualTo("honest");
            talk.toChild().send(new Handover(shared.sender().share()));
            shared.sender().send("honest");
            Waits<String> done = Waits.in(
                    () -> String.valueOf(child.captured().readLine(Children.PATIENCE)));
            long before = Children.descriptors();

            List<String> failures = new ArrayList<>();
            long most = 0;
            int served = 0;
            while (!done.result().isDone() || served < COUNT) {
                try {
                    assertThat(shared.receiver().receive(SHORT)).isEqualTo("honest");
                    served++;
                } catch (TimedOut _) {
                    shared.sender().trySend("honest"); // if the flood leaves room
                } catch (IpcException failure) {
                    failures.add(failure.toString());
                }
                most = Math.max(most, Children.allDescriptors() - before);
            }
            long mostOfIt = flood.name().startsWith("UNASKED") ? MOST_UNASKED : MOST;

            assertThat(done.value()).isEqualTo("done");
            assertThat(failures).allMatch(failure -> failure.contains("ProtocolViolation")
                    || failure.contains("ResourceExhausted"));
            assertThat(most).as("descriptors more than before, about")
                    .isLessThanOrEqualTo(mostOfIt);
            child.kill();
            await("descriptors as before").atMost(Children.PATIENCE).untilAsserted(() -> {
                drain(shared.receiver()); // foreign descriptors are closed a moment later
                assertThat(Children.descriptors()).isLessThanOrEqualTo(before);
            });
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    /// By a route with only a handler for messages, so that its failures are logged.
    @Test
    void floodOfNonsenseIsAFewLinesInTheLogAndNoStack() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Router router = Router.open();
                Channel<String> shared = Channel.create(String.class,
                        ChannelOptions.defaults().withCapacity(LaneFault.CAPACITY))) {
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            router.route(shared.receiver(), messages::add);
            shared.sender().send("before");
            assertThat(messages.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("before");
            ChildJvm child = children.command().piped()
                    .start(FloodChild.class, server.name(), Flood.NONSENSE.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);

            talk.toChild().send(new Handover(shared.sender().share()));

            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("done");
            child.kill();
            shared.sender().send("after");
            assertThat(messages.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("after");
            assertThat(log.lines()).singleElement().asString()
                    .startsWith("a message of a route is lost: a sender broke the format: ");
            assertThat(log.thrown()).isEmpty();
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    @Test
    void floodOfDescriptorsThatWaitToBeClosedEndsItsSenderAndTheOthersAreServed()
            throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> honest = Channel.create(String.class)) {
            ChildJvm child = children.start(LingerFloodChild.class, server.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            long before = Children.allDescriptors();
            long most = 0;
            ProtocolViolation violation = null;

            while (violation == null) {
                violation = receiveUnlessBroken(talk.fromChild());
                most = Math.max(most, Children.allDescriptors() - before);
                honest.sender().send("honest");
                assertThat(honest.receiver().receive(Children.PATIENCE)).isEqualTo("honest");
            }

            assertThat(violation).hasMessageContaining("wait to be closed");
            assertThat(most).as("descriptors more than before, about")
                    .isBetween(MOST_WAITING, MOST_WAITING + MOST_UNASKED);
            assertThatThrownBy(() -> receiveWhileBroken(talk.fromChild()))
                    .isInstanceOf(Disconnected.class);
            child.kill();
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    private static @Nullable ProtocolViolation receiveUnlessBroken(Receiver<String> receiver)
            throws InterruptedException {
        try {
            receiver.receive(Children.PATIENCE);
        } catch (CodecFailed _) {
            // Descriptors that are of no text.
        } catch (ProtocolViolation violation) {
            return violation;
        }
        return null;
    }

    /// Its lane ends, and a moment later all that came from it is closed.
    private static void receiveWhileBroken(Receiver<String> receiver) throws InterruptedException {
        while (true) {
            ProtocolViolation _ = receiveUnlessBroken(receiver);
        }
    }

    @Test
    void floodOfBellsDoesNotKeepASenderBeyondItsDeadline() throws Exception {
        assertThatSendEndsWith(TimedOut.class, SHORT, BellFloodChild.PLAIN);
    }

    @Test
    void bellWithDescriptorsForASenderIsABreach() throws Exception {
        assertThatSendEndsWith(ProtocolViolation.class, Children.PATIENCE,
                BellFloodChild.WITH_DESCRIPTORS);
    }

    private void assertThatSendEndsWith(Class<? extends IpcException> failure, Duration timeout,
            String bells) throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> honest = Channel.create(String.class)) {
            ChildJvm child = children.start(BellFloodChild.class, server.name(), bells);
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            Handover message = new Handover(honest.sender().share());
            while (talk.toChild().trySend(message) == SendOutcome.SENT) {
                message = new Handover(honest.sender().share());
            }
            Handover oneTooMany = message;

            Waits.run(() -> talk.toChild().send(oneTooMany, timeout))
                    .failure().isInstanceOf(failure);

            oneTooMany.sender().close();

            child.kill();
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    private static void drain(Receiver<String> receiver) throws InterruptedException {
        while (true) {
            try {
                receiver.receive(SHORT);
            } catch (TimedOut _) {
                return;
            } catch (ProtocolViolation _) {
                // its last message
            }
        }
    }
}
