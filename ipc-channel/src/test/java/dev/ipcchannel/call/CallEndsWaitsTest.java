package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.RawBytes;
import dev.ipcchannel.testing.Waits;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Waits of callers and responders that end though what they wait for never comes: one direction
/// has ended, or cannot be read, or lacks resources, and the other goes on.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallEndsWaitsTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    private final Duplex.Pair<Request<String>, Reply<String>> pair =
            CallEnds.create(STRING, STRING, Served.SMALL);
    private final Duplex<Request<String>, Reply<String>> near = pair.near();
    private final Duplex<Reply<String>, Request<String>> far = pair.far();

    @AfterEach
    void close() {
        near.close();
        far.close();
    }

    /// Sends what cannot be read.
    private static void garble(Sender<?> sender) throws InterruptedException {
        try (Sender<byte[]> raw = RawBytes.into(sender)) {
            raw.send(new byte[]{99, 99});
        }
    }

    private Caller<String, String> fullCaller() {
        while (near.trySend(new Request.Cancel<>(0)) == SendOutcome.SENT) {
            // there is room
        }
        return new Caller<>(near);
    }

    private Request<String> next() throws InterruptedException {
        return far.receive(Children.PATIENCE);
    }

    @Test
    void callThatWaitsForRoomFailsOnceTheRepliesAreClosed() throws Exception {
        Caller<String, String> caller = fullCaller();
        Waits<String> call = Waits.in(() -> caller.call("a question")).asleep();

        far.sender().close();

        call.failure().isInstanceOf(Disconnected.class).hasNoCause();
    }

    @Test
    void otherAsksThatWaitForRoomEndTooOnceTheRepliesAreClosed() throws Exception {
        Caller<String, String> caller = fullCaller();
        RecordingObserver observer = new RecordingObserver();
        Waits<CompletableFuture<String>> submit = Waits.in(() -> caller.send("one")).asleep();
        Waits<Parts<String>> stream = Waits.in(() -> caller.stream("two")).asleep();
        Waits<ObservedCall<String>> observe =
                Waits.in(() -> caller.observe("three", observer)).asleep();

        far.sender().close();

        assertThatThrownBy(() -> submit.value().join())
                .hasCauseInstanceOf(Disconnected.class);
        assertThatThrownBy(() -> stream.value().next()).isInstanceOf(Disconnected.class);
        assertThat(observe.value().await(Children.PATIENCE)).isTrue();
        assertThat(observe.value().isOver()).isTrue();
        assertThatThrownBy(observer::all).hasCauseInstanceOf(Disconnected.class);
    }

    @Test
    void callThatWaitsForRoomFailsWithAReplyThatCannotBeRead() throws Exception {
        Caller<String, String> caller = fullCaller();
        Waits<String> call = Waits.in(() -> caller.call("a question")).asleep();

        garble(far.sender());

        call.failure().isInstanceOf(CodecFailed.class);
    }

    @Test
    void questionOnItsWayWhenAllCallsFailIsCancelledAfterIt() throws Exception {
        CountDownLatch isOnItsWay = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        Caller<String, String> caller = new Caller<>(new HookedLink<>(near, request -> {
            if (request instanceof Request.Ask<String>(_, String question)
                    && question.equals("late")) {
                isOnItsWay.countDown();
                await(goesOn);
            }
        }));
        Waits<String> first = Waits.in(() -> caller.call("first")).asleep();
        Waits<String> late = Waits.in(() -> caller.call("late"));
        await(isOnItsWay);

        garble(far.sender());
        first.failure().isInstanceOf(CodecFailed.class);
        goesOn.countDown();

        late.failure().isInstanceOf(CodecFailed.class);
        Request<String> request = next();
        while (!(request instanceof Request.Ask<String>(_, String question)
                && question.equals("late"))) {
            request = next();
        }
        assertThat(next()).isEqualTo(new Request.Cancel<String>(2));
        caller.close();
    }

    @Test
    void partThatCannotBeGrantedForLackOfResourcesIsNotLost() throws Exception {
        AtomicInteger refusals = new AtomicInteger(20);
        Caller<String, String> caller = new Caller<>(scarce(refusals));
        Responder<String, String> responder = new Responder<>(far);
        Waits<Void> serving = Waits.run(() -> responder.serve(CallEndsWaitsTest::count));
        try (Parts<String> parts = caller.stream("300")) {
            for (int i = 0; i < 300; i++) {
                assertThat(partOf(parts)).isEqualTo("part " + i);
            }
            assertThat(parts.next(Children.PATIENCE)).isNull();
        }
        assertThat(refusals).hasValueLessThan(0);
        caller.close();
        serving.value();
    }

    private static String partOf(Parts<String> parts) throws InterruptedException {
        while (true) {
            try {
                return Objects.requireNonNull(parts.next(Children.PATIENCE));
            } catch (ResourceExhausted _) {
                // nothing is lost by it
            }
        }
    }

    @Test
    void observedPartsComeThoughTheirGrantsLackResourcesForAWhile() throws Exception {
        AtomicInteger refusals = new AtomicInteger(20);
        Caller<String, String> caller = new Caller<>(scarce(refusals));
        Responder<String, String> responder = new Responder<>(far);
        Waits<Void> serving = Waits.run(() -> responder.serve(CallEndsWaitsTest::count));

        ObservedCall<String> call = caller.observe("300", new RecordingObserver());

        assertThat(call.await(Children.PATIENCE)).isTrue();
        assertThat(refusals).hasValueLessThan(0);
        caller.close();
        serving.value();
    }

    @Test
    void callWhoseAnswerCannotBeSentInAnyFormFailsAndServingThrowsWhy() throws Exception {
        ResourceExhausted cutOff = new ResourceExhausted("the receiver has cut this sender off");
        Responder<String, String> responder = new Responder<>(new HookedLink<>(far, _ -> {
            throw cutOff;
        }));
        Waits<Void> serving = Waits.run(() -> responder.serve((question, _) -> question,
                task -> Thread.ofVirtual().start(task)));
        Caller<String, String> caller = new Caller<>(near);

        assertThatThrownBy(() -> caller.call("a question")).isInstanceOf(Disconnected.class);

        serving.failure().isSameAs(cutOff);
        caller.close();
    }

    /// A link that lacks resources for so many grants.
    private HookedLink<Request<String>, Reply<String>> scarce(AtomicInteger refusals) {
        return new HookedLink<>(near, request -> {
            if (request instanceof Request.More<String> && refusals.getAndDecrement() > 0) {
                throw new ResourceExhausted("of a test");
            }
        });
    }

    private static String count(String question, Exchange<String> exchange)
            throws InterruptedException {
        int count = Integer.parseInt(question);
        for (int i = 0; i < count - 1; i++) {
            exchange.part("part " + i);
        }
        return "part " + (count - 1);
    }

    @Test
    void questionThatWaitsForGrantsFailsWithARequestThatCannotBeRead() throws Exception {
        Responder<String, String> responder = new Responder<>(far);
        near.send(new Request.Ask<>(1, "a question"));
        Question<String, String> question =
                Objects.requireNonNull(responder.receive(Children.PATIENCE));
        Waits<Void> parts = Waits.run(() -> {
            for (int i = 0; i <= Reply.WINDOW; i++) {
                question.part("part " + i);
            }
        });
        for (int i = 0; i < Reply.WINDOW; i++) {
            assertThat(near.receive(Children.PATIENCE)).isInstanceOf(Reply.Part.class);
        }

        garble(near.sender());

        parts.failure().isInstanceOf(CodecFailed.class);
    }

    @Test
    void threadOfAHandlerThatWaitsForRoomIsNotifiedThatTheRequestsAreClosed() throws Exception {
        Responder<String, String> responder = new Responder<>(far);
        CompletableFuture<Waits<Void>> sent = new CompletableFuture<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                // else the last answer waits for room
                Receiver<Reply<String>> _ = near.receiver()) {
            Waits<Void> serving = Waits.run(() -> responder.serve((_, exchange) -> {
                Waits<Void> sending = Waits.run(() -> {
                    while (true) {
                        exchange.part("a part");
                    }
                });
                sent.complete(sending);
                sending.thread().join();
                return "an answer";
            }, executor));
            near.send(new Request.Ask<>(1, "a question"));
            near.send(new Request.More<>(1, Integer.MAX_VALUE));
            Waits<Void> sending = sent.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            sending.asleep();

            near.sender().close();

            // cancelled, or over by now
            sending.failure().isInstanceOf(IllegalStateException.class);
            serving.value();
        }
    }

    @Test
    void inlineHandlerWithAllQuestionsKeptSeesItsOwnCancel() throws Exception {
        Responder<String, String> responder = new Responder<>(far);
        CompletableFuture<String> seen = new CompletableFuture<>();
        Waits<Void> serving = Waits.run(() -> responder.serve((question, exchange) -> {
            while (question.equals("long") && !exchange.isCancelled()) {
                Thread.onSpinWait();
            }
            seen.complete(question);
            return "an answer";
        }));
        AtomicInteger refused = new AtomicInteger();
        Waits<Void> reading = Waits.run(() -> {
            while (true) {
                if (near.receiver().receive() instanceof Reply.Failed<String>) {
                    refused.incrementAndGet();
                }
            }
        });

        near.send(new Request.Ask<>(1, "long"));
        for (int i = 0; i < Service.MAX_OPEN + 3; i++) {
            near.send(new Request.Ask<>(i + 2, ""));
        }
        near.send(new Request.Cancel<>(1));

        assertThat(seen.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("long");
        near.sender().close();
        serving.value();
        responder.close();
        reading.failure().isInstanceOf(Disconnected.class);
        assertThat(refused).hasValue(3);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
