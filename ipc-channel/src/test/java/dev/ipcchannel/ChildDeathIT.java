package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.BurstChild;
import dev.ipcchannel.testing.children.IdleChild;
import dev.ipcchannel.testing.children.MuteChild;
import dev.ipcchannel.testing.children.Talk;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The calls of a parent at the moment when its child is killed: each ends, and reports how the
/// child died.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildDeathIT {

    private static final String CAPACITY = "4096";
    private static final String WIDE = Integer.toString(1 << 20);

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource
    void receiverThatWaitsLearnsOfIt(WaitStrategy strategy) throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, CAPACITY, strategy.name())) {
            assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo("ready");
            Waits<String> receive = waiting(Waits.in(talk.fromChild()::receive), strategy);

            talk.child().kill();

            assertDeath(receive.failure(), talk.child());
            assertThatThrownBy(() -> talk.fromChild().tryReceive())
                    .as("later calls").isInstanceOf(Disconnected.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiverToWhichTheChildNeverSentLearnsOfIt(WaitStrategy strategy) throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.start(MuteChild.class, server.name(), CAPACITY,
                    strategy.name());
            Talk talk = server.accept(child.process(), Children.PATIENCE);
            Waits<String> receive = waiting(Waits.in(talk.fromChild()::receive), strategy);

            child.kill();

            assertDeath(receive.failure(), child);
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void senderThatWaitsOnAFullRingLearnsOfIt(WaitStrategy strategy) throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, CAPACITY, strategy.name())) {
            fill(talk.toChild());
            Waits<Void> send = waiting(Waits.run(() -> talk.toChild().send("one too many")),
                    strategy);

            talk.child().kill();

            send.failure().isInstanceOf(Disconnected.class);
            assertThatThrownBy(() -> talk.toChild().trySend("later")).as("later calls")
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void senderGetsTheProcessThatDiedAndItsExitCode() throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, CAPACITY)) {
            fill(talk.toChild());
            Waits<Void> send = Waits.run(() -> talk.toChild().send("one too many"));

            talk.child().kill();

            assertDeath(send.failure(), talk.child());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasCommittedIsReceivedFirst(WaitStrategy strategy) throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.command().piped()
                    .start(BurstChild.class, server.name(), CAPACITY, strategy.name());
            Talk talk = server.accept(child.process(), Children.PATIENCE);
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("sent");

            child.kill();

            for (int i = 0; i < BurstChild.COUNT; i++) {
                assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo("message " + i);
            }
            assertDeath(assertThatThrownBy(() -> talk.fromChild().receive(Children.PATIENCE)),
                    child);
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    @Test
    void idleSenderLearnsOfItLongBeforeTheRingIsFull() throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, WIDE)) {
            talk.toChild().send("first");

            talk.child().kill();

            assertFailsBeforeTheRingIsFull(talk.toChild());
        }
    }

    @Test
    void senderThatNeverSentLearnsOfItAtItsFirstMessages() throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, WIDE)) {
            talk.child().kill();

            assertFailsBeforeTheRingIsFull(talk.toChild());
        }
    }

    @Test
    void claimThatWaitsLearnsOfIt() throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, CAPACITY)) {
            fill(talk.toChild());
            Waits<Claim> claim = Waits.in(() -> talk.toChild().claim(8)).asleep();

            talk.child().kill();

            claim.failure().isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void openClaimIsCommittedIntoTheVoidAndTheNextOneLearnsOfIt() throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, CAPACITY)) {
            try (Claim claim = talk.toChild().claim(8)) {
                talk.child().kill();
                claim.commit();
            }
            await("the next claim learns of it").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(1)).untilAsserted(() -> assertThatThrownBy(
                            () -> talk.toChild().claim(8, Duration.ZERO).close())
                            .isInstanceOf(Disconnected.class));
        }
    }

    private static <T> Waits<T> waiting(Waits<T> call, WaitStrategy strategy) {
        return strategy == WaitStrategy.SPIN ? call.spinning() : call.asleep();
    }

    private static void fill(Sender<String> sender) {
        while (sender.trySend("") == SendOutcome.SENT) {
            // the shortest there is, so that nothing else fits
        }
    }

    private static void assertFailsBeforeTheRingIsFull(Sender<String> sender) {
        AtomicReference<SendOutcome> outcome = new AtomicReference<>(SendOutcome.SENT);
        await("the idle sender learns of it").atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThatThrownBy(
                        () -> outcome.set(sender.trySend("anybody there?")))
                        .isInstanceOf(Disconnected.class));
        assertThat(outcome).as("the ring was never full").hasValue(SendOutcome.SENT);
    }

    private static void assertDeath(AbstractThrowableAssert<?, ? extends Throwable> failure,
            ChildJvm child) {
        failure.isInstanceOf(Disconnected.class)
                .hasMessageContaining("pid=" + child.pid())
                .hasMessageContaining("exit=137 (SIGKILL)");
    }
}
