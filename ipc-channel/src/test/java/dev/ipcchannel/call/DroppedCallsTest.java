package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.testing.CarriedEnds;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers, parts and questions that are dropped: the ends in them are closed at once.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DroppedCallsTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    /// Something with an end in it.
    record Carry(List<Sender<String>> ends) {}

    @RegisterExtension
    final Children children = new Children();

    private final CarriedEnds ends = new CarriedEnds();

    @AfterEach
    void close() {
        ends.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partsThatAreThereAreClosedWithTheirStream(boolean isOver) throws Exception {
        Caller.Pair<String, Carry> pair = Caller.create(String.class, Carry.class);
        try (Caller<String, Carry> caller = pair.near();
                Duplex<Reply<Carry>, Request<String>> far = pair.far()) {
            Parts<Carry> parts = caller.stream("parts");
            long id = asked(far);
            far.send(new Reply.Part<>(id, carry()));
            far.send(isOver ? new Reply.Answer<>(id, carry()) : new Reply.Part<>(id, carry()));
            another(caller, far);
            ends.assertAllOpen();

            parts.close();

            ends.assertAllClosed();
            if (!isOver) {
                far.send(new Reply.Part<>(id, carry()));
                far.send(new Reply.Answer<>(id, carry()));
                another(caller, far);
                ends.awaitAllClosed(); // the background thread may have received them
            }
        }
    }

    @Test
    void answerThatIsLateIsClosed() throws Exception {
        answerIsClosed((caller, _) -> {
            assertThatThrownBy(() -> caller.call("in a hurry", SHORT))
                    .isInstanceOf(TimedOut.class);
            return null;
        }, Reply.Answer::new);
    }

    @Test
    void answerToACancelledFutureIsClosed() throws Exception {
        answerIsClosed((caller, _) -> {
            try {
                assertThat(caller.send("not wanted").cancel(true)).isTrue();
            } catch (InterruptedException failure) {
                throw new AssertionError(failure);
            }
            return null;
        }, Reply.Answer::new);
    }

    @Test
    void partOfACallThatIsOverIsClosed() throws Exception {
        answerIsClosed((caller, _) -> {
            assertThatThrownBy(() -> caller.call("in a hurry", SHORT))
                    .isInstanceOf(TimedOut.class);
            return null;
        }, Reply.Part::new);
    }

    private void answerIsClosed(
            BiFunction<Caller<String, Carry>, Void, Void> giveUp,
            BiFunction<Long, Carry, Reply<Carry>> reply) throws Exception {
        Caller.Pair<String, Carry> pair = Caller.create(String.class, Carry.class);
        try (Caller<String, Carry> caller = pair.near();
                Duplex<Reply<Carry>, Request<String>> far = pair.far()) {
            giveUp.apply(caller, null);
            long id = asked(far);
            far.send(reply.apply(id, carry()));

            another(caller, far);

            ends.awaitAllClosed(); // the background thread may have received it
        }
    }

    @Test
    void partOfACallThatTakesNoneIsClosed() throws Exception {
        Caller.Pair<String, Carry> pair = Caller.create(String.class, Carry.class);
        try (Caller<String, Carry> caller = pair.near();
                Duplex<Reply<Carry>, Request<String>> far = pair.far()) {
            Waits<Carry> call = Waits.in(() -> caller.call("in one piece"));
            far.send(new Reply.Part<>(asked(far), carry()));

            call.failure().isInstanceOf(ProtocolViolation.class);

            ends.awaitAllClosed();
        }
    }

    @Test
    void answerAndTheOneWhoWaitedMeetOnce() {
        AwaitedCall<String> late = new AwaitedCall<>();
        assertThat(late.abandon()).isNull();
        assertThat(late.onAnswer("too late")).isFalse();

        AwaitedCall<String> early = new AwaitedCall<>();
        assertThat(early.onAnswer("at the last moment")).isTrue();
        assertThat(early.abandon()).isEqualTo("at the last moment");
    }

    @Test
    void questionThatIsKeptIsClosedWithItsCancelAndWithTheService() throws Exception {
        Responder.Pair<Carry, String> pair = Responder.create(Carry.class, String.class);
        List<Boolean> seen = new ArrayList<>();
        try (Responder<Carry, String> responder = pair.near();
                Duplex<Request<Carry>, Reply<String>> far = pair.far()) {
            far.send(new Ask<>(1, new Carry(List.of())));
            far.send(new Ask<>(2, carry()));
            far.send(new Ask<>(2, carry())); // that id is open
            far.send(new Request.Cancel<>(2));
            far.send(new Ask<>(3, carry()));

            assertThatThrownBy(() -> responder.serve((_, exchange) -> {
                seen.add(exchange.isCancelled()); // and takes in what has come
                for (int i = 0; i < 3; i++) {
                    seen.add(ends.isConnected(i));
                }
                throw new InterruptedException("no more");
            })).isInstanceOf(InterruptedException.class);

            assertThat(seen).containsExactly(false, false, false, true);
            ends.assertAllClosed();
        }
    }

    @Test
    void questionWhoseTaskHasNotBegunIsClosedWithItsCancelAndWithTheService() throws Exception {
        Responder.Pair<Carry, String> pair = Responder.create(Carry.class, String.class);
        Duplex<Request<Carry>, Reply<String>> far = pair.far();
        try (Responder<Carry, String> responder = pair.near()) {
            Waits<Void> serve = Waits.run(() -> responder.serve((_, _) -> "never", _ -> {}));
            far.send(new Ask<>(1, carry()));
            far.send(new Ask<>(1, carry())); // that id is open
            far.send(new Request.Cancel<>(1));
            ends.awaitAllClosed();
            far.send(new Ask<>(2, carry()));

            far.close();

            serve.value();
            ends.assertAllClosed();
        }
    }

    @Test
    void questionThatNoThreadHasReceivedIsClosedWithItsResponder() throws Exception {
        Responder.Pair<Carry, String> pair = Responder.create(Carry.class, String.class);
        Responder<Carry, String> responder = pair.near();
        try (Duplex<Request<Carry>, Reply<String>> far = pair.far()) {
            far.send(new Ask<>(1, new Carry(List.of())));
            far.send(new Ask<>(2, carry()));
            far.send(new Ask<>(2, carry())); // that id is open
            far.send(new Ask<>(3, carry()));
            far.send(new Request.Cancel<>(3));
            Question<Carry, String> first = responder.receive(Children.PATIENCE);
            assertThat(first).isNotNull();
            assertThat(first.isCancelled()).isFalse(); // and takes in what has come
            assertThat(ends.isConnected(0)).isTrue();

            responder.close();

            ends.assertAllClosed();
            assertThat(responder.receive(SHORT)).isNull();
        }
    }

    @Test
    void questionThatNoThreadHasReceivedIsClosedWithItsCaller() throws Exception {
        Responder.Pair<Carry, String> pair = Responder.create(Carry.class, String.class);
        Duplex<Request<Carry>, Reply<String>> far = pair.far();
        try (Responder<Carry, String> responder = pair.near()) {
            far.send(new Ask<>(1, new Carry(List.of())));
            far.send(new Ask<>(2, carry()));
            Question<Carry, String> first = responder.receive(Children.PATIENCE);
            far.close();

            assertThat(first).isNotNull();
            assertThat(first.isCancelled()).isTrue(); // and takes in what has come

            ends.assertAllClosed();
        }
    }

    private static long asked(Duplex<Reply<Carry>, Request<String>> far) throws Exception {
        while (true) {
            if (far.receive(Children.PATIENCE) instanceof Ask<String> ask) {
                return ask.id();
            }
        }
    }

    /// One more call, whose answer comes after all others.
    private static void another(Caller<String, Carry> caller,
            Duplex<Reply<Carry>, Request<String>> far) throws Exception {
        CompletableFuture<Carry> call = caller.send("another");
        far.send(new Reply.Answer<>(asked(far), new Carry(List.of())));
        assertThat(call.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS).ends()).isEmpty();
    }

    /// A way to answer.
    interface Answering {

        void answer(Responder<String, Carry> responder, Handler<String, Carry> handler)
                throws InterruptedException;
    }

    static Stream<Arguments> answerings() {
        Answering inline = Responder::serve;
        Answering concurrent =
                (responder, handler) -> responder.serve(handler, Thread::startVirtualThread);
        Answering later = (responder, handler) -> {
            Question<String, Carry> question = responder.receive();
            assertThat(question).isNotNull();
            try {
                question.send(Objects.requireNonNull(
                        handler.answer(question.value(), question)));
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
            assertThat(responder.receive()).isNull();
        };
        return Stream.of(Arguments.of("inline", inline), Arguments.of("concurrent", concurrent),
                Arguments.of("later", later));
    }

    @ParameterizedTest
    @MethodSource("answerings")
    void answerOfACallThatWasCancelledMeanwhileIsClosed(String how, Answering answering)
            throws Exception {
        Caller.Pair<String, Carry> pair = Caller.create(String.class, Carry.class);
        try (Caller<String, Carry> caller = pair.near();
                Responder<String, Carry> responder = new Responder<>(pair.far())) {
            CountDownLatch begun = new CountDownLatch(1);
            Waits<Void> serving = Waits.in(() -> {
                answering.answer(responder, (_, exchange) -> {
                    begun.countDown();
                    while (!exchange.isCancelled()) {
                        boolean _ = Thread.interrupted(); // it goes on all the same
                        Thread.onSpinWait();
                    }
                    return carry();
                });
                return null;
            });
            CompletableFuture<Carry> call = caller.send("a question");
            assertThat(begun.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            assertThat(call.cancel(true)).as(how).isTrue();

            ends.awaitAllClosed();
            assertThat(serving.result()).as("it goes on").isNotDone();
        }
    }

    @ParameterizedTest
    @MethodSource("answerings")
    void answerThatCannotBeSentIsClosed(String how, Answering answering) throws Exception {
        Caller.Pair<String, Carry> pair = Caller.create(String.class, Carry.class);
        try (Caller<String, Carry> caller = pair.near();
                Responder<String, Carry> responder = new Responder<>(pair.far())) {
            Waits<Void> serving = Waits.in(() -> {
                answering.answer(responder, (_, _) -> {
                    Sender<String> open = carry().ends().getFirst();
                    Sender<String> closed = carry().ends().getFirst();
                    closed.close();
                    return new Carry(List.of(open, closed));
                });
                return null;
            });

            assertThatThrownBy(() -> caller.call("a question")).as(how)
                    .isInstanceOf(CallFailed.class);

            ends.awaitAllClosed();
            assertThat(serving.result()).as("it goes on").isNotDone();
        }
    }

    private Carry carry() {
        return new Carry(List.of(ends.sender()));
    }
}
