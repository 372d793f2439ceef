package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply.Answer;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.call.Request.Cancel;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls with a far side that the test itself is, message by message.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerTest {

    private static final String NOTHING =
            " failed to answer: java.lang.NullPointerException: a handler"
                    + " returned null for a question whose answer is waited for: have it return an"
                    + " Optional, or a record with one, where there may be nothing"
                    + " (TypeToken<Optional<Answer>>)";

    private static final Duration SHORT = Duration.ofMillis(10);

    @RegisterExtension
    final Children children = new Children();

    private final Caller.Pair<String, String> pair =
            Caller.create(String.class, String.class);
    private final Caller<String, String> caller = pair.near();
    private final Duplex<Reply<String>, Request<String>> far = pair.far();

    @AfterEach
    void close() {
        caller.close();
        far.close();
    }

    @Test
    void callWithoutTimeIsLateHoweverQuickTheAnswer() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        try (Caller<String, String> caller = pair.near();
                Responder<String, String> responder = new Responder<>(pair.far())) {
            for (long millis = -1; millis <= 0; millis++) {
                Duration none = Duration.ofMillis(millis);
                assertThatThrownBy(() -> caller.call("go", none)).isInstanceOf(TimedOut.class);
            }
            assertThatThrownBy(() -> responder.receive(Duration.ZERO)).as("nothing was asked")
                    .isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void answersInAnyOrderFindTheirCalls() throws Exception {
        List<CompletableFuture<String>> futures = new ArrayList<>();
        List<Ask<String>> asks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(caller.send("question " + i));
            asks.add(nextAsk());
        }

        for (Ask<String> ask : asks.reversed()) {
            far.send(new Answer<>(ask.id(), "answer to " + ask.question()));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(get(futures.get(i))).isEqualTo("answer to question " + i);
        }
        assertNothingIsOpen();
    }

    /// The lead goes to and fro between this thread and the background one, thousands of times.
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000})
    void threadThatAsksAheadAndWaitsInTurnsGetsEveryAnswer(int ahead) throws Exception {
        Caller.Pair<Integer, Integer> numbers = Caller.create(TypeToken.of(Integer.class),
                TypeToken.of(Integer.class), ChannelOptions.defaults().withCapacity(1 << 20));
        Responder<Integer, Integer> responder = new Responder<>(numbers.far());
        Waits<Void> serving = Waits.run(() -> responder.serve((question, _) -> question + 1));
        try (Caller<Integer, Integer> asking = numbers.near()) {
            ArrayDeque<CompletableFuture<Integer>> open = new ArrayDeque<>();
            for (int i = 0; i < 20_000; i++) {
                if (open.size() == ahead) {
                    assertThat(open.removeFirst().join()).isEqualTo(i - ahead + 1);
                }
                open.addLast(asking.send(i));
            }
        }
        serving.value();
        responder.close();
    }

    @Test
    void lateAnswerIsDroppedAndTheOtherSideWasAskedToCancel() throws Exception {
        assertThatThrownBy(() -> caller.call("slow", SHORT)).isInstanceOf(TimedOut.class)
                .hasMessageContaining("timeout=10 ms");
        assertNothingIsOpen();
        Ask<String> ask = nextAsk();
        assertThat(next()).isEqualTo(new Cancel<>(ask.id()));

        far.send(new Answer<>(ask.id(), "late"));
        Waits<String> call = Waits.in(() -> caller.call("next"));
        far.send(new Answer<>(nextAsk().id(), "in time"));

        assertThat(call.value()).isEqualTo("in time");
        assertNothingIsOpen();
    }

    @Test
    void leadGoesToAnotherThreadWhenItsHolderTimesOut() throws Exception {
        Waits<String> first =
                Waits.in(() -> caller.call("first", Duration.ofSeconds(2))).asleep();
        Ask<String> _ = nextAsk();
        Waits<String> second = Waits.in(() -> caller.call("second")).asleep();
        Ask<String> ask = nextAsk();

        first.failure().isInstanceOf(TimedOut.class);
        far.send(new Answer<>(ask.id(), "answer"));

        assertThat(second.value()).isEqualTo("answer");
    }

    @Test
    void interruptEndsACallAndCancelsItAndTheLeadGoesOn() throws Exception {
        Waits<String> first = Waits.in(() -> caller.call("first")).asleep();
        Ask<String> interrupted = nextAsk();
        Waits<String> second = Waits.in(() -> caller.call("second")).asleep();
        Ask<String> ask = nextAsk();

        first.thread().interrupt();
        first.failure().isInstanceOf(InterruptedException.class);
        assertThat(next()).isEqualTo(new Cancel<>(interrupted.id()));
        far.send(new Answer<>(ask.id(), "answer"));

        assertThat(second.value()).isEqualTo("answer");
        assertNothingIsOpen();
    }

    @Test
    void interruptOfAThreadThatDoesNotReceiveLeavesTheOthersAlone() throws Exception {
        Waits<String> first = Waits.in(() -> caller.call("first")).asleep();
        Ask<String> ask = nextAsk();
        Waits<String> second = Waits.in(() -> caller.call("second")).asleep();
        Ask<String> interrupted = nextAsk();

        second.thread().interrupt();
        second.failure().isInstanceOf(InterruptedException.class);
        assertThat(next()).isEqualTo(new Cancel<>(interrupted.id()));
        far.send(new Answer<>(ask.id(), "answer"));

        assertThat(first.value()).isEqualTo("answer");
    }

    @Test
    void closeFailsEachOpenCall() throws Exception {
        Waits<String> first = Waits.in(() -> caller.call("first")).asleep();
        Waits<String> second = Waits.in(() -> caller.call("second")).asleep();
        CompletableFuture<String> future = caller.send("third");
        Parts<String> parts = caller.stream("fourth");

        caller.close();

        first.failure().isInstanceOf(EndClosed.class);
        second.failure().isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> get(future)).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> parts.next()).isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> caller.call("more")).isInstanceOf(EndClosed.class)
                .hasMessage("this caller was closed");
        assertNothingIsOpen();
    }

    @Test
    void disconnectFailsEachOpenCall() throws Exception {
        Waits<String> first = Waits.in(() -> caller.call("first")).asleep();
        Waits<String> second = Waits.in(() -> caller.call("second")).asleep();
        CompletableFuture<String> future = caller.send("third");
        Parts<String> parts = caller.stream("fourth");

        far.close();

        first.failure().isInstanceOf(Disconnected.class);
        second.failure().isInstanceOf(Disconnected.class);
        assertThatThrownBy(() -> get(future)).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Disconnected.class);
        assertThatThrownBy(() -> parts.next()).isInstanceOf(Disconnected.class);
        assertThatThrownBy(() -> caller.call("more")).isInstanceOf(Disconnected.class);
        assertNothingIsOpen();
    }

    @Test
    void futureThatIsCompletedInAnotherWayCancelsItsCall() throws Exception {
        CompletableFuture<String> cancelled = caller.send("one");
        long first = nextAsk().id();
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(next()).isEqualTo(new Cancel<>(first));

        CompletableFuture<String> timedOut = caller.send("two")
                .orTimeout(SHORT.toMillis(), TimeUnit.MILLISECONDS);
        long second = nextAsk().id();
        assertThat(next()).isEqualTo(new Cancel<>(second));
        assertThat(timedOut).isCompletedExceptionally();

        CompletableFuture<String> replaced = caller.send("three")
                .completeOnTimeout("instead", SHORT.toMillis(), TimeUnit.MILLISECONDS);
        long third = nextAsk().id();
        assertThat(next()).isEqualTo(new Cancel<>(third));
        assertThat(get(replaced)).isEqualTo("instead");

        CompletableFuture<String> supplied = caller.send("four");
        long fourth = nextAsk().id();
        CompletableFuture<String> _ = supplied.completeAsync(() -> "made here", Runnable::run);
        assertThat(next()).isEqualTo(new Cancel<>(fourth));
        assertThat(get(supplied)).isEqualTo("made here");
        assertNothingIsOpen();
    }

    @Test
    void cancelThatFindsNoRoomIsSentLaterAndKeepsNoThreadWaiting() throws Exception {
        List<CompletableFuture<String>> futures = new ArrayList<>();
        assertThatThrownBy(() -> {
            while (true) {
                futures.add(caller.send("question", Duration.ofMillis(50)));
            }
        }).isInstanceOf(TimedOut.class);

        futures.forEach(future -> assertThat(future.cancel(true)).isTrue());

        for (int i = 0; i < futures.size(); i++) {
            assertThat(next()).isInstanceOf(Ask.class);
        }
        for (int i = 0; i < futures.size(); i++) {
            assertThat(next()).isInstanceOf(Cancel.class);
        }
        assertNothingIsOpen();
    }

    @Test
    void questionThatCannotBeSentOpensNoCall() throws Exception {
        assertThatThrownBy(() -> caller.call("\ud800")).isInstanceOf(CodecFailed.class);
        assertThatThrownBy(() -> caller.send("\ud800")).isInstanceOf(CodecFailed.class);
        assertNothingIsOpen();
        assertThat(far.tryReceive()).isNull();
    }

    @Test
    void threadThatReceivesForOthersIsNoneOfTheirs() throws Exception {
        CompletableFuture<String> nested = caller.send("outer")
                .thenApply(answer -> {
                    try {
                        return answer + caller.call("inner");
                    } catch (InterruptedException impossible) {
                        throw new AssertionError(impossible);
                    }
                });
        far.send(new Answer<>(nextAsk().id(), "outer "));
        far.send(new Answer<>(nextAsk().id(), "inner"));

        assertThat(get(nested)).isEqualTo("outer inner");
    }

    @Test
    void otherCallsGoOnWhileADependentWaits() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> first = caller.send("first").thenApply(answer -> {
            awaitUninterrupted(goOn);
            return answer;
        });
        far.send(new Answer<>(nextAsk().id(), "one"));
        CompletableFuture<String> second = caller.send("second").thenApply(answer -> answer + "!");
        far.send(new Answer<>(nextAsk().id(), "two"));
        assertThat(get(second)).isEqualTo("two!");
        Waits<String> third = Waits.in(() -> caller.call("third"));
        far.send(new Answer<>(nextAsk().id(), "three"));
        assertThat(third.value()).isEqualTo("three");
        assertThat(first).isNotDone();

        goOn.countDown();
        assertThat(get(first)).isEqualTo("one");
        assertNothingIsOpen();
    }

    /// The thread whose wait has delivered the answer is the one that waits then.
    @Test
    void otherCallsGoOnWhileADependentKeepsAThreadThatCalls() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Waits<String> first = Waits.in(() -> caller.call("first"));
        Ask<String> firstAsk = nextAsk();
        var _ = first.asleep();
        CompletableFuture<String> second = caller.send("second").thenApply(answer -> {
            awaitUninterrupted(goOn);
            return answer;
        });
        far.send(new Answer<>(nextAsk().id(), "two"));
        CompletableFuture<String> third = caller.send("third");
        far.send(new Answer<>(nextAsk().id(), "three"));
        assertThat(get(third)).isEqualTo("three");
        far.send(new Answer<>(firstAsk.id(), "one"));
        CompletableFuture<String> fourth = caller.send("fourth");
        far.send(new Answer<>(nextAsk().id(), "four"));
        assertThat(get(fourth)).isEqualTo("four");
        assertThat(second).isNotDone();

        goOn.countDown();
        assertThat(get(second)).isEqualTo("two");
        assertThat(first.value()).isEqualTo("one");
        assertNothingIsOpen();
    }

    @Test
    void dependentOfACallThatFailsMayWaitForOthersThatFailWithIt() throws Exception {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(caller.send("question " + i));
        }
        List<CompletableFuture<String>> dependents = calls.stream()
                .map(call -> call.exceptionally(_ -> {
                    calls.forEach(other -> other.exceptionally(Throwable::getMessage).join());
                    return "over";
                })).toList();
        Waits<Void> close = Waits.run(caller::close);

        for (CompletableFuture<String> dependent : dependents) {
            assertThat(get(dependent)).isEqualTo("over");
        }
        close.value();
    }

    @Test
    void callFailsWithTheCloseWhateverDependsOnOthers() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            var _ = caller.send("question " + i).exceptionally(_ -> {
                awaitUninterrupted(goOn);
                return "over";
            });
        }
        Waits<String> call = Waits.in(() -> caller.call("question"));
        var _ = call.asleep();
        Waits<Void> close = Waits.run(caller::close);

        call.failure().isInstanceOf(EndClosed.class);
        assertThat(close.result()).isNotDone();
        goOn.countDown();
        close.value();
    }

    /// Its lead is given up in the wait for the inner call, and not taken again.
    @Test
    void otherCallsGoOnWhileADependentWaitsAfterACall() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch isOver = new CountDownLatch(1);
        Waits<String> first = Waits.in(() -> {
            caller.observe("first", new CallObserver<>() {
                @Override
                public void onPart(String part) {}

                @Override
                public void onEnd(@Nullable String last) {
                    isOver.countDown();
                }

                @Override
                public void onFailure(RuntimeException failure) {}
            }).await();
            return "over";
        });
        Ask<String> firstAsk = nextAsk();
        var _ = first.asleep();
        CompletableFuture<String> second = caller.send("second").thenApply(_ -> {
            try {
                return caller.call("third");
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            } finally {
                awaitUninterrupted(goOn);
            }
        });
        far.send(new Answer<>(nextAsk().id(), "two"));
        far.send(new Answer<>(nextAsk().id(), "three"));
        await().until(() -> inLatch(first.thread()));
        far.send(new Answer<>(firstAsk.id(), "one"));
        awaitUninterrupted(isOver);
        assertThat(second).isNotDone();

        goOn.countDown();
        assertThat(get(second)).isEqualTo("three");
        assertThat(first.value()).isEqualTo("over");
        assertNothingIsOpen();
    }

    private static boolean inLatch(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(CountDownLatch.class.getName()));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    @Test
    void repliesToWhatWasNeverAskedAreDropped() throws Exception {
        Waits<String> call = Waits.in(() -> caller.call("question"));
        long id = nextAsk().id();
        for (long strange : new long[]{0, -1, id + 1, id + 16, Long.MAX_VALUE, Long.MIN_VALUE}) {
            far.send(new Answer<>(strange, "?"));
            far.send(new Reply.Part<>(strange, "?"));
            far.send(new Reply.End<>(strange));
            far.send(new Reply.Failed<>(strange, new RemoteFailure("?", "", List.of())));
        }
        far.send(new Answer<>(id, "answer"));
        far.send(new Answer<>(id, "again"));

        assertThat(call.value()).isEqualTo("answer");
    }

    @Test
    void answerInPartsOrNoneIsNotWhatACallTakes() throws Exception {
        Waits<String> parts = Waits.in(() -> caller.call("parts"));
        long id = nextAsk().id();
        far.send(new Reply.Part<>(id, "part"));
        parts.failure().isInstanceOf(ProtocolViolation.class).hasMessageContaining("in parts");
        assertThat(next()).isEqualTo(new Cancel<>(id));

        CompletableFuture<String> none = caller.send("none");
        far.send(new Reply.End<>(nextAsk().id()));
        assertThatThrownBy(() -> get(none)).hasCauseInstanceOf(CallFailed.class)
                .hasMessageEndingWith(NOTHING);
        Waits<String> call = Waits.in(() -> caller.call("none"));
        far.send(new Reply.End<>(nextAsk().id()));
        call.failure().isInstanceOf(CallFailed.class).hasMessageEndingWith(NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threadsThatCallAtOnceGetTheirOwnAnswers(boolean areVirtual) throws Exception {
        int threads = 16;
        int each = areVirtual ? 200 : 2000;
        try (Served served = Served.inline(ChannelOptions.defaults(), (question, _) -> question);
                ExecutorService executor = areVirtual ? Executors.newVirtualThreadPerTaskExecutor()
                        : Executors.newFixedThreadPool(threads)) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "thread " + i;
                tasks.add(executor.submit(() -> {
                    for (int j = 0; j < each; j++) {
                        assertThat(served.caller().call(name + j)).isEqualTo(name + j);
                    }
                    return null;
                }));
            }
            for (Future<?> task : tasks) {
                assertThat(task.get(60, TimeUnit.SECONDS)).isNull();
            }
        }
    }

    @Test
    void manyCallsAreInFlightAtOnce() throws Exception {
        int count = 5000;
        try (Served served = Served.inline((question, _) -> question)) {
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(served.caller().send("question " + i));
            }
            for (int i = 0; i < count; i++) {
                assertThat(get(futures.get(i))).isEqualTo("question " + i);
            }
            assertThat(served.caller()).asString().contains("open=0");
        }
    }

    private Request<String> next() throws InterruptedException {
        return far.receive(Children.PATIENCE);
    }

    private Ask<String> nextAsk() throws InterruptedException {
        return (Ask<String>) next();
    }

    private void assertNothingIsOpen() {
        await().atMost(Children.PATIENCE)
                .untilAsserted(() -> assertThat(caller).asString().contains("open=0"));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(Children.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
