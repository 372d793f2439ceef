package dev.ipcchannel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Handover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Claims of several threads on one sender: they take turns, and neither a thread that is gone nor
/// a close delays the others.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClaimsTest {

    private static final int CLAIMERS = 4;
    private static final int CLAIMS = 200_000;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void threadsThatClaimOnOneSenderDoNotGetInEachOthersWay() throws Exception {
        Channel<byte[]> channel = Channel.create(byte[].class);
        List<Waits<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < CLAIMERS; thread++) {
            threads.add(Waits.run(() -> claim(channel.sender())));
        }
        long received = 0;
        while (threads.stream().anyMatch(thread -> !thread.result().isDone())
                && threads.stream()
                        .noneMatch(thread -> thread.result().isCompletedExceptionally())) {
            received += channel.receiver().tryReceive((_, _, _) -> {}, CLAIMS);
        }
        for (Waits<Void> thread : threads) {
            thread.value();
        }
        received += channel.receiver().tryReceive((_, _, _) -> {}, Integer.MAX_VALUE);
        assertThat(received).isEqualTo((long) CLAIMERS * CLAIMS);
        channel.close(); // only now: with a lost claim it would wait for ever
    }

    @Test
    void claimOfAnotherThreadIsNotClosedByAMistake() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Claim claim = channel.sender().claim(Long.BYTES);

            Waits.run(claim::close).result().handle((_, _) -> true).get();
            Waits.run(claim::commit).failure().isInstanceOf(IllegalStateException.class);

            claim.memory().set(JAVA_LONG, claim.offset(), 0);
            claim.commit();
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(Long.BYTES);
            channel.sender().send("later");
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("later");
        }
    }

    @Test
    void claimOfADeadThreadDelaysNoThread() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> other = channel.sender().share()) {
            Waits.in(() -> channel.sender().claim(Long.BYTES)).thread().join();

            Waits.run(() -> channel.sender().send("sent")).value();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("sent");

            Waits.in(() -> other.claim(Long.BYTES)).thread().join();
            Waits<Void> waiting = Waits.run(() -> {
                try (Claim claim = other.claim(1)) {
                    claim.memory().set(JAVA_BYTE, claim.offset(), (byte) '!');
                    claim.commit();
                }
            });
            waiting.value();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("!");

            Waits.in(() -> other.claim(Long.BYTES)).thread().join();
            channel.sender().close();
            Waits.run(other::close).value();
        }
    }

    @Test
    void senderDoesNotMoveWhileAClaimOfItIsOpen() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> carrier = Channel.create(Handover.class)) {
            try (Claim claim = work.sender().claim(1)) {
                assertThatThrownBy(
                        () -> carrier.sender().trySend(new Handover(work.sender())))
                        .hasMessageContaining("a claim of this sender is open");
                carrier.sender().send(new Handover(work.sender().share()));
                claim.memory().set(JAVA_BYTE, claim.offset(), (byte) '!');
                claim.commit();
            }
            assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo("!");
        }
    }

    @Test
    void closeDoesNotWaitForAClaimWhichCanStillBeCommitted() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            CountDownLatch closed = new CountDownLatch(1);
            Waits<Void> claimer = Waits.run(() -> {
                try (Claim claim = channel.sender().claim(1)) {
                    closed.await();
                    claim.memory().set(JAVA_BYTE, claim.offset(), (byte) '!');
                    claim.commit();
                }
            }).asleep();

            channel.sender().close();
            closed.countDown();

            claimer.value();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("!");
            assertThatThrownBy(() -> channel.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void threadThatWaitsForAClaimGoesOnWhenItsOwnerDies() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            CountDownLatch end = new CountDownLatch(1);
            Waits<Void> claimer = Waits.run(() -> {
                channel.sender().claim(Long.BYTES);
                end.await();
            }).asleep();
            Waits<Void> sender = Waits.run(() -> channel.sender().send("sent")).asleep();

            end.countDown();

            claimer.value();
            sender.value();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("sent");
        }
    }

    @Test
    void claimOfAClosedSenderTouchesNothingOfTheNext() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            Sender<byte[]> first = channel.sender().share();
            Claim stale = first.claim(Long.BYTES);
            first.close();
            try (Claim next = channel.sender().claim(Long.BYTES)) {
                next.memory().set(JAVA_LONG, next.offset(), 42);

                assertThatThrownBy(stale::commit).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(stale::memory).isInstanceOf(IllegalStateException.class);
                stale.close();

                next.commit();
            }
            assertThat(channel.receiver().receive(Children.PATIENCE))
                    .containsExactly(42, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void claimOfALivingThreadGoesWithItsForgottenSender() throws Exception {
        try (Receiver<String> receiver = receiverOfForgottenClaim()) {
            await("the collector finds the sender").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(10)).until(() -> {
                        System.gc();
                        return !receiver.isConnected();
                    });
            assertThatThrownBy(() -> receiver.receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    private static Receiver<String> receiverOfForgottenClaim() throws InterruptedException {
        Channel<String> channel = Channel.create(String.class);
        Claim _ = channel.sender().claim(1);
        return channel.receiver();
    }

    @Test
    void claimOfAForgottenSenderHoldsNoOtherUp() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            forgetClaim(channel.sender());
            await("the collector finds the sender").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(10)).until(() -> {
                        System.gc();
                        return Waits.in(() -> channel.sender().trySend("sent"))
                                .value() == SendOutcome.SENT;
                    });
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("sent");
        }
    }

    private static void forgetClaim(Sender<String> sender) throws InterruptedException {
        Claim _ = sender.share().claim(1);
    }

    @Test
    void laneOfAClosedSenderEndsWithTheThreadThatHadAClaimOpen() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            CountDownLatch end = new CountDownLatch(1);
            Waits<Void> claimer = Waits.run(() -> {
                channel.sender().claim(Long.BYTES);
                end.await();
            }).asleep();
            channel.sender().close();
            assertThat(channel.receiver().isConnected()).as("the claim is open").isTrue();

            end.countDown();

            claimer.value();
            assertThatThrownBy(() -> channel.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void senderWhoseClaimIsOverMovesWhileAnotherWaitsForRoom() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> carrier = Channel.create(Handover.class)) {
            Sender<String> other = work.sender().share();
            try (Claim claim = work.sender().claim(0)) {
                claim.commit();
            }
            while (other.trySend("filler") == SendOutcome.SENT) {
                // until the ring is full
            }
            Waits<Void> waiting = Waits.run(() -> other.send("the last")).asleep();

            carrier.sender().send(new Handover(work.sender()));

            other.close();
            waiting.failure().isInstanceOf(EndClosed.class);
            carrier.receiver().receive(Children.PATIENCE).sender().close();
        }
    }

    private static void claim(Sender<byte[]> sender) throws InterruptedException {
        for (int i = 0; i < CLAIMS; i++) {
            try (Claim claim = sender.claim(Long.BYTES, Children.PATIENCE)) {
                claim.memory().set(JAVA_LONG, claim.offset(), i);
                claim.commit();
            }
        }
    }

    record Price(long order, double price) {}

    @Test
    void claimOnAChannelOfRecordsSaysWhatToUse() {
        try (Channel<Price> prices = Channel.create(Price.class)) {
            for (Callable<?> claim : List.<Callable<?>>of(() -> prices.sender().claim(16),
                    () -> prices.sender().tryClaim(16),
                    () -> prices.sender().claim(16, Children.PATIENCE))) {
                assertThatThrownBy(claim::call).isInstanceOf(IllegalStateException.class)
                        .hasMessage("a claim is for a message that is written as bytes, and this"
                                + " channel's are Price, which the library writes: use send, or"
                                + " make the channel for byte[]");
            }
            assertThat(prices.sender().trySend(new Price(1, 2))).isEqualTo(SendOutcome.SENT);
        }
    }

    record Ends(Sender<Ends> back, int number) {}

    @Test
    void endInsideAMessageOfItsOwnTypeKnowsThatTypeWhenItHasArrived() throws Exception {
        try (Channel<Ends> channel = Channel.create(Ends.class)) {
            channel.sender().send(new Ends(channel.sender().share(), 1), Children.PATIENCE);

            try (Sender<Ends> back = channel.receiver().receive(Children.PATIENCE).back()) {
                assertThat(back.toString()).startsWith("Sender[Ends, ");
                assertThatThrownBy(() -> back.claim(16)).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("this channel's are Ends, which the library writes");
            }
        }
    }
}
