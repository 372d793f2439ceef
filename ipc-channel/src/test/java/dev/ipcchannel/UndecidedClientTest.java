package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.SecondClientTest.Offer;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.SecondChild.Question;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The ends of a client whose one-shot server has not decided yet: they may be gone already, but
/// must not be reported as closed for good.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UndecidedClientTest {

    /// A codec that closes the ends in a message, and accepts or refuses it at a signal of the
    /// test.
    private static final class UndecidedCodec<T> implements Codec<T> {

        private final Codec<T> whole;

        private final CountDownLatch hasClosed = new CountDownLatch(1);
        private final CountDownLatch mayDecide = new CountDownLatch(1);
        private final boolean isTaker;

        private UndecidedCodec(Class<T> type, boolean isTaker) {
            whole = Codec.of(type);
            this.isTaker = isTaker;
        }

        @Override
        public void encode(T message, Encoder out) {
            whole.encode(message, out);
        }

        @Override
        public T decode(Decoder in) {
            T message = whole.decode(in);
            switch (message) {
                case Question question -> question.replies().close();
                case Offer offer -> offer.orders().close();
                default -> throw new AssertionError("neither");
            }
            hasClosed.countDown();
            try {
                assertThat(mayDecide.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            if (isTaker) {
                return message;
            }
            throw new IllegalArgumentException("too picky");
        }
    }

    @Test
    void clientThatOnlyPollsGetsNothingUntilTheDecisionAndThenTheReason() throws Exception {
        var undecided = new UndecidedCodec<>(Question.class, false);
        try (OneShotServer<Question> server = OneShotServer.open(undecided);
                Channel<String> replies = Channel.create(String.class)) {
            send(server.name(), new Question(replies.sender()), undecided);
            Waits<?> accept = Waits.in(() -> server.accept(Duration.ofMillis(1)));
            assertThat(undecided.hasClosed.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 100; i++) {
                assertThat(replies.receiver().tryReceive()).isNull();
            }
            assertThat(replies.receiver().isConnected()).isFalse();

            undecided.mayDecide.countDown();
            accept.failure().isInstanceOf(TimedOut.class);
            assertIsNotAccepted(server, replies.receiver()::tryReceive);
        }
    }

    /// More looks than a member may have in vain before it is parked, when only a notification
    /// wakes it.
    @Test
    void clientThatPollsASetGetsNothingUntilTheDecisionAndThenTheReason() throws Exception {
        var undecided = new UndecidedCodec<>(Question.class, false);
        try (OneShotServer<Question> server = OneShotServer.open(undecided);
                Channel<String> replies = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(replies.receiver());
            send(server.name(), new Question(replies.sender()), undecided);
            Waits<?> accept = Waits.in(() -> server.accept(Duration.ofMillis(1)));
            assertThat(undecided.hasClosed.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 200; i++) {
                assertThat(set.trySelect()).isEmpty();
            }

            undecided.mayDecide.countDown();
            accept.failure().isInstanceOf(TimedOut.class);
            assertThat(set.trySelect()).singleElement()
                    .isInstanceOfSatisfying(ReceiverEvent.Closed.class,
                            closed -> assertThat(closed.cause()).isInstanceOf(Disconnected.class)
                                    .hasMessageContaining("this client was not accepted")
                                    .hasMessageContaining(server.name()));
        }
    }

    @Test
    void receiverThatWaitsForATimeGetsNothingWithinIt() throws Exception {
        var undecided = new UndecidedCodec<>(Question.class, false);
        try (OneShotServer<Question> server = OneShotServer.open(undecided);
                Channel<String> replies = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            send(server.name(), new Question(replies.sender()), undecided);
            Waits<?> accept = Waits.in(() -> server.accept(Duration.ofMillis(1)));
            assertThat(undecided.hasClosed.await(20, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> replies.receiver().receive(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class);
            set.add(replies.receiver());
            assertThat(set.select(Duration.ofMillis(1))).isEmpty();
            set.remove(replies.receiver());

            undecided.mayDecide.countDown();
            accept.failure().isInstanceOf(TimedOut.class);
            assertIsNotAccepted(server, replies.receiver()::receive);
        }
    }

    /// One second for all calls together: if it were one for each, the server would decide before
    /// the last.
    @Test
    void receiverThatWaitsOnAndOnFailsWithoutADecision() throws Exception {
        var undecided = new UndecidedCodec<>(Question.class, false);
        try (OneShotServer<Question> server = OneShotServer.open(undecided);
                Channel<String> replies = Channel.create(String.class)) {
            send(server.name(), new Question(replies.sender()), undecided);
            Waits<?> accept = Waits.in(() -> server.accept(Duration.ofMillis(1)));
            assertThat(undecided.hasClosed.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 30; i++) {
                assertThatThrownBy(() -> replies.receiver().receive())
                        .isInstanceOf(Disconnected.class)
                        .hasMessageContaining("has not said why: name=" + server.name());
            }

            undecided.mayDecide.countDown();
            accept.failure().isInstanceOf(TimedOut.class);
            assertIsNotAccepted(server, replies.receiver()::receive);
        }
    }

    @Test
    void clientAcceptedAfterItsEndWasClosedGetsThatClose() throws Exception {
        var undecided = new UndecidedCodec<>(Question.class, true);
        try (OneShotServer<Question> server = OneShotServer.open(undecided);
                Channel<String> replies = Channel.create(String.class)) {
            send(server.name(), new Question(replies.sender()), undecided);
            Waits<?> accept = Waits.in(() -> server.accept(Duration.ofSeconds(20)));
            assertThat(undecided.hasClosed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(replies.receiver().tryReceive()).isNull();

            undecided.mayDecide.countDown();
            assertThat(accept.value()).isInstanceOf(Question.class);

            assertThatThrownBy(() -> replies.receiver().tryReceive())
                    .isInstanceOf(Disconnected.class)
                    .hasMessageContaining("every sender has been closed")
                    .hasMessageNotContaining("accepted");
        }
    }

    @Test
    void senderThatMayNotWaitFailsWithoutADecisionAndThenWithTheReason() throws Exception {
        var undecided = new UndecidedCodec<>(Offer.class, false);
        try (OneShotServer<Offer> server = OneShotServer.open(undecided);
                Channel<String> orders = Channel.create(String.class)) {
            send(server.name(), new Offer(orders.receiver()), undecided);
            Waits<?> accept = Waits.in(() -> server.accept(Duration.ofMillis(1)));
            assertThat(undecided.hasClosed.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> orders.sender().trySend("order"))
                        .isInstanceOf(Disconnected.class)
                        .hasMessageContaining("what this client has sent has ended in the server,"
                                + " which has not said why: name=" + server.name());
            }

            undecided.mayDecide.countDown();
            accept.failure().isInstanceOf(TimedOut.class);
            assertIsNotAccepted(server, () -> orders.sender().trySend("order"));
        }
    }

    /// In every round, at whatever moment the end is seen.
    @Test
    void clientOfAnotherTypeThatOnlyPollsGetsTheReason() throws Exception {
        for (int round = 0; round < 200; round++) {
            try (OneShotServer<String> server = OneShotServer.open(String.class);
                    Channel<String> replies = Channel.create(String.class)) {
                send(server.name(), new Question(replies.sender()), Codec.of(Question.class));
                Waits<?> accept = Waits.in(() -> server.accept(Duration.ofMillis(1)));

                assertThatThrownBy(() -> {
                    while (replies.receiver().tryReceive() == null) {
                        Thread.onSpinWait();
                    }
                }).isInstanceOf(TypeMismatch.class).hasMessageContaining("this client was not"
                        + " accepted");
                accept.failure().isInstanceOf(TimedOut.class);
            }
        }
    }

    private static <T> void send(String name, T message, Codec<T> codec) throws Exception {
        try (Sender<T> client = OneShotServer.connect(name, codec)) {
            client.send(message);
        }
    }

    private static void assertIsNotAccepted(OneShotServer<?> server, ThrowingCallable verb) {
        assertThatThrownBy(verb).isInstanceOfSatisfying(Disconnected.class, failure -> {
            assertThat(failure.isDeath()).isFalse();
            assertThat(failure).hasMessageContaining(
                    "this client was not accepted, and its message is lost")
                    .hasMessageContaining(server.name());
        });
    }
}
