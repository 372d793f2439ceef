package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The notifications of an observer of a call.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ObservedCallTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void observerGetsAllPartsInOrderAndThenTheAnswer() throws Exception {
        int parts = 3 * Reply.WINDOW; // more than may come without a grant
        try (Served served = Served.inline((_, exchange) -> {
            for (int i = 0; i < parts; i++) {
                exchange.part("part " + i);
            }
            return "answer";
        })) {
            RecordingObserver observer = new RecordingObserver();
            ObservedCall<String> call = served.caller().observe("a question", observer);
            call.receiveInBackground();
            assertThat(observer.all()).hasSize(parts + 1).startsWith("part 0", "part 1")
                    .endsWith("part " + (parts - 1), "answer");
            call.await();
            assertThat(call.isOver()).isTrue();
        }
    }

    @Test
    void questionThatIsAskedBackEndsUnlessItIsGivenOut() throws Exception {
        CountDownLatch isIn = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        try (Served served = Served.inline((question, _) -> {
            isIn.countDown();
            goesOn.await();
            return question;
        })) {
            RecordingObserver givenOut = new RecordingObserver();
            RecordingObserver queued = new RecordingObserver();
            ObservedCall<String> first = served.caller().observe("first", givenOut);
            assertThat(isIn.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            ObservedCall<String> second = served.caller().observe("second", queued);

            first.withdraw();
            second.withdraw();
            second.await(); // while the handler of the first runs

            assertThat(queued.all()).as("no part, and no answer").isEmpty();
            goesOn.countDown();
            first.await();
            assertThat(givenOut.all()).containsExactly("first");
            second.withdraw(); // it is over, and nothing comes of it
            assertThat(served.caller().call("third")).isEqualTo("third");
        }
    }

    @Test
    void threadThatWaitsReceives() throws Exception {
        try (Served served = Served.inline((question, _) -> question)) {
            RecordingObserver observer = new RecordingObserver();
            ObservedCall<String> call =
                    Objects.requireNonNull(served.caller().tryObserve("a question", observer));
            call.await();
            assertThat(observer.end()).isCompleted();
            assertThat(observer.all()).containsExactly("a question");
        }
    }

    @Test
    void waitEndsOnATimeoutOrAnInterruptAndTheCallGoesOn() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        try (Served served = Served.concurrent((question, _) -> {
            answers.await();
            return question;
        })) {
            RecordingObserver observer = new RecordingObserver();
            ObservedCall<String> call = served.caller().observe("a question", observer);
            assertThat(call.await(Duration.ofMillis(10))).isFalse();
            Waits<Void> wait = Waits.run(call::await).asleep();
            wait.thread().interrupt();
            wait.failure().isInstanceOf(InterruptedException.class);
            assertThat(call.isOver()).isFalse();
            answers.countDown();
            call.await();
            assertThat(observer.all()).containsExactly("a question");
        }
    }

    @Test
    void failureOfTheOtherSideIsNoticed() throws Exception {
        try (Served served = Served.inline((_, _) -> {
            throw new IllegalStateException("no such state");
        })) {
            RecordingObserver observer = new RecordingObserver();
            served.caller().observe("a question", observer).receiveInBackground();
            assertThat(observer.end()).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(CallFailed.class).withMessageContaining("no such state");
        }
    }

    @Test
    void cancelledCallStaysOpenUntilTheOtherSideHasEndedIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        try (Served served = Served.concurrent((question, exchange) -> {
            begun.countDown();
            while (!exchange.isCancelled() || ends.getCount() > 0) { // whatever interrupts
                Thread.onSpinWait();
            }
            return question;
        })) {
            RecordingObserver observer = new RecordingObserver();
            ObservedCall<String> call = served.caller().observe("a question", observer);
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            call.cancel();
            assertThat(call.await(Duration.ofMillis(10))).isFalse();
            ends.countDown();
            assertThat(observer.all()).as("nothing but the end").isEmpty();
        }
    }

    @Test
    void observerThatThrowsDoesNotWithholdOthersReplies() throws Exception {
        CallObserver<String> throwing = new CallObserver<>() {

            @Override
            public void onPart(String part) {
                throw new IllegalStateException("not to be heard: " + part);
            }

            @Override
            public void onEnd(@Nullable String last) {
                throw new StackOverflowError("not to be heard: " + last);
            }

            @Override
            public void onFailure(RuntimeException failure) {
                throw failure;
            }
        };
        try (Served served = Served.inline((question, exchange) -> {
            exchange.part("a part");
            return question;
        })) {
            ObservedCall<String> call = served.caller().observe("a question", throwing);
            call.receiveInBackground();
            RecordingObserver observer = new RecordingObserver();
            served.caller().observe("another", observer).receiveInBackground();
            assertThat(observer.all()).containsExactly("a part", "another");
            call.await();
        }
    }

    @Test
    void observerMayAskAgain() throws Exception {
        try (Served served = Served.inline((question, _) -> question + "!")) {
            RecordingObserver second = new RecordingObserver();
            CallObserver<String> first = new CallObserver<>() {

                @Override
                public void onPart(String part) {
                    // none come
                }

                @Override
                public void onEnd(@Nullable String last) {
                    Objects.requireNonNull(served.caller().tryObserve(String.valueOf(last), second))
                            .receiveInBackground();
                }

                @Override
                public void onFailure(RuntimeException failure) {
                    second.onFailure(failure);
                }
            };
            served.caller().observe("a question", first).receiveInBackground();
            assertThat(second.all()).containsExactly("a question!!");
        }
    }

    @Test
    void withoutRoomThereIsNoSuchCall() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, Served.SMALL);
        try (Caller<String, String> caller = pair.near();
                Responder<String, String> responder = new Responder<>(pair.far())) {
            RecordingObserver last = new RecordingObserver();
            int asked = 0;
            while (caller.tryObserve("a question", asked == 0 ? last : new RecordingObserver())
                    != null) {
                asked++;
            }
            assertThat(caller.toString()).contains("open=" + asked);
            assertThat(responder.receive()).isNotNull();
        }
    }

    @Test
    void questionThatCannotBeSentIsThrownAndTheObserverIsNotNotified() throws Exception {
        try (Served served = Served.inline((question, _) -> question)) {
            RecordingObserver observer = new RecordingObserver();
            assertThatThrownBy(() -> served.caller().observe("half a letter: \ud800", observer))
                    .isInstanceOf(CodecFailed.class);
            assertThatThrownBy(() -> served.caller().tryObserve("half a letter: \ud800", observer))
                    .isInstanceOf(CodecFailed.class);
            assertThat(served.caller().call("next")).isEqualTo("next");
            assertThat(observer.end()).isNotDone();
        }
    }

    @Test
    void endOfTheOtherSideAndACloseOfThisOneAreNoticed() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, Served.SMALL);
        Responder<String, String> responder = new Responder<>(pair.far());
        RecordingObserver observer = new RecordingObserver();
        pair.near().observe("a question", observer).receiveInBackground();
        responder.close();
        assertFailsWith(observer.end(), Disconnected.class);
        pair.near().close();

        Caller.Pair<String, String> other = Caller.create(STRING, STRING, Served.SMALL);
        RecordingObserver closed = new RecordingObserver();
        ObservedCall<String> call = other.near().observe("a question", closed);
        other.near().close();
        assertFailsWith(closed.end(), EndClosed.class);
        call.await();
        call.cancel(); // too late to mean anything
        call.receiveInBackground();
        assertThatThrownBy(() -> other.near().observe("too late", closed))
                .isInstanceOf(EndClosed.class);
        other.far().close();
    }

    private static void assertFailsWith(CompletableFuture<?> future,
            Class<? extends Throwable> type) {
        assertThat(future).failsWithin(Children.PATIENCE).withThrowableThat()
                .withCauseInstanceOf(type);
    }
}
