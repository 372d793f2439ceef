package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply.Answer;
import dev.ipcchannel.call.Reply.End;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.call.Request.Cancel;
import dev.ipcchannel.call.Request.More;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fate of questions on the side that answers them.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResponderTest {

    private static final Duration SHORT = Duration.ofMillis(10);

    @RegisterExtension
    final Children children = new Children();

    /// An exception that cannot be asked what it is.
    private static final class Spiteful extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no string");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack");
        }
    }

    /// An exception with frames that are none, as what has caused it has.
    private static final class Frameless extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Frameless(Throwable cause) {
            super("no frames", cause);
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[2];
        }
    }

    private static Served served(boolean isInline, Handler<String, String> handler) {
        return isInline ? Served.inline(handler) : Served.concurrent(handler);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAHandlerThrowsReachesTheCallerAndTheNextCallIsAnswered(boolean isInline)
            throws Exception {
        try (Served served = served(isInline, (question, _) -> switch (question) {
            case "state" -> throw new IllegalStateException("no such state",
                    new IllegalArgumentException("the cause"));
            case "error" -> throw new AssertionError("an error");
            case "spite" -> throw new Spiteful();
            case "frames" -> throw new Frameless(new Frameless(new Spiteful()));
            case "surrogate" -> throw new IllegalStateException("half \ud800 letter");
            case "unsendable" -> "\ud800";
            default -> question;
        })) {
            assertFails(served, "state", failure -> {
                assertThat(failure).hasMessage("the other side failed to answer: "
                        + "java.lang.IllegalStateException: no such state");
                assertThat(failure.remoteType()).isEqualTo("java.lang.IllegalStateException");
                assertThat(failure.remoteMessage()).isEqualTo("no such state");
                assertThat(failure.remoteStack()).first().asString()
                        .contains(ResponderTest.class.getName());
                assertThat(failure.remoteStack()).anyMatch(line -> line.equals(
                        "caused by java.lang.IllegalArgumentException: the cause"));
                return failure;
            });
            assertFails(served, "error", failure -> failure);
            assertFails(served, "spite", failure -> {
                assertThat(failure.remoteType()).isEqualTo(Spiteful.class.getName());
                assertThat(failure.remoteMessage()).isEmpty();
                return failure;
            });
            assertFails(served, "frames", failure -> {
                assertThat(failure.remoteMessage()).isEqualTo("no frames");
                return failure;
            });
            assertFails(served, "surrogate", failure -> {
                assertThat(failure.remoteMessage()).isEqualTo("half ? letter");
                return failure;
            });
            assertFails(served, "unsendable", failure -> {
                assertThat(failure.remoteType()).isEqualTo("dev.ipcchannel.CodecFailed");
                return failure;
            });

            assertThat(served.caller().call("next")).isEqualTo("next");
        }
    }

    private static void assertFails(Served served, String question,
            Function<CallFailed, CallFailed> check) throws InterruptedException {
        try {
            String answer = served.caller().call(question, Children.PATIENCE);
            throw new AssertionError("answered: " + answer);
        } catch (CallFailed failure) {
            CallFailed _ = check.apply(failure);
        }
    }

    @Test
    void answerTooLongForTheChannelIsAFailure() throws Exception {
        try (Served served = Served.inline(Served.SMALL.withMaxMessage(100), (question, _) -> {
            if (question.equals("throw")) {
                throw new IllegalStateException("x".repeat(1000));
            }
            return question.repeat(1000);
        })) {
            assertFails(served, "long", failure -> {
                assertThat(failure.remoteType()).isEqualTo("dev.ipcchannel.MessageTooLarge");
                return failure;
            });
            assertFails(served, "throw", failure -> {
                assertThat(failure.remoteType()).isEqualTo("java.lang.IllegalStateException");
                assertThat(failure.remoteMessage()).isEmpty();
                return failure;
            });
        }
    }

    @Test
    void handlerOnTheThreadThatServesSeesThatItIsCancelledWhenItAsks() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (Served served = Served.inline((question, exchange) -> {
            if (question.equals("loop")) {
                while (!exchange.isCancelled()) {
                    Thread.onSpinWait();
                }
                seen.complete("cancelled");
            }
            return question;
        })) {
            assertThatThrownBy(() -> served.caller().call("loop", SHORT))
                    .isInstanceOf(TimedOut.class);

            assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("cancelled");
            assertThat(served.caller().call("next")).isEqualTo("next");
        }
    }

    @Test
    void questionsThatComeWhileAHandlerLooksAreAnsweredLaterInTheirOrder() throws Exception {
        try (Served served = Served.inline((question, exchange) -> {
            while (question.equals("loop") && !exchange.isCancelled()) {
                Thread.onSpinWait();
            }
            return question;
        })) {
            CompletableFuture<String> loop = served.caller().send("loop");
            CompletableFuture<String> skipped = served.caller().send("skipped");
            CompletableFuture<String> first = served.caller().send("first");
            CompletableFuture<Boolean> firstWasDone = served.caller().send("second")
                    .thenApply(_ -> first.isDone());

            skipped.cancel(true);
            loop.cancel(true);

            assertThat(firstWasDone.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(first.get()).isEqualTo("first");
        }
    }

    @Test
    void cancelInterruptsAHandlerOnAnExecutor() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        try (Served served = Served.concurrent((question, exchange) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupt) {
                seen.complete("interrupted, cancelled=" + exchange.isCancelled());
                throw interrupt;
            }
            return question;
        })) {
            CompletableFuture<String> future = served.caller().send("wait");
            started.await();

            future.cancel(true);

            assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted, cancelled=true");
        }
    }

    @Test
    void interruptOfACancelDoesNotStayWithTheThread() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (Served served = Served.on(Executors.newSingleThreadExecutor(),
                (question, exchange) -> {
                    started.countDown();
                    while (question.equals("loop") && !exchange.isCancelled()) {
                        Thread.onSpinWait();
                    }
                    return "interrupted=" + Thread.currentThread().isInterrupted();
                })) {
            CompletableFuture<String> loop = served.caller().send("loop");
            started.await();
            CompletableFuture<String> next = served.caller().send("next");

            loop.cancel(true);

            assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted=false");
        }
    }

    @Test
    void callsThatAreOpenWhenTheCallerGoesAreCancelled() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Served served = Served.concurrent((question, _) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
            return question;
        })) {
            CompletableFuture<String> future = served.caller().send("wait");
            started.await();

            served.caller().close();

            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(future).isCompletedExceptionally();
        }
    }

    @Test
    void closeEndsServingAndCallers() throws Exception {
        try (Served served = Served.inline((question, exchange) -> {
            while (!exchange.isCancelled()) {
                Thread.onSpinWait();
            }
            return question;
        })) {
            Waits<String> call = Waits.in(() -> served.caller().call("loop")).asleep();

            served.responder().close();

            call.failure().isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void executorThatRejectsIsAFailureOfTheCall() throws Exception {
        ExecutorService ended = Executors.newCachedThreadPool();
        ended.shutdown();
        try (Served served = Served.on(ended, (question, _) -> question)) {
            assertThatThrownBy(() -> served.caller().call("question"))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining("RejectedExecutionException");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void strangeRequestsAreIgnored(boolean isInline) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Responder.Pair<String, String> pair = Responder.create(TypeToken.of(String.class),
                TypeToken.of(String.class), Served.SMALL);
        try (Responder<String, String> responder = pair.near();
                Duplex<Request<String>, Reply<String>> near = pair.far();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Handler<String, String> handler = (question, exchange) -> {
                if (question.equals("wait")) {
                    goOn.await();
                    assertThat(exchange.isCancelled()).isFalse();
                }
                return question;
            };
            Waits<Void> serving = Waits.run(() -> {
                if (isInline) {
                    responder.serve(handler);
                } else {
                    responder.serve(handler, executor);
                }
            });
            near.send(new Ask<>(7, "wait"));
            near.send(new Ask<>(7, "again, while it is open"));
            for (long id : new long[]{0, -1, 8, Long.MAX_VALUE, Long.MIN_VALUE}) {
                near.send(new Cancel<>(id));
                near.send(new More<>(id, 1));
            }
            for (int parts : new int[]{0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1}) {
                near.send(new More<>(7, parts));
            }
            near.send(new Ask<>(9, "cancelled at once"));
            near.send(new Cancel<>(9));
            List<Reply<String>> replies = new ArrayList<>();
            if (!isInline) { // by its reply, all that was sent before it has been taken in
                replies.add(near.receive(Children.PATIENCE));
            }
            goOn.countDown();
            while (replies.size() < 2) {
                replies.add(near.receive(Children.PATIENCE));
            }

            assertThat(replies).contains(new Answer<>(7, "wait"));
            assertThat(replies)
                    .containsAnyOf(new End<>(9), new Answer<>(9, "cancelled at once"));
            near.sender().close();
            Void _ = serving.value();
        }
    }
}
