package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Questions that are given out, to be answered later, by whichever thread.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QuestionTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final Duration SHORT = Duration.ofMillis(10);

    @RegisterExtension
    final Children children = new Children();

    private final Caller.Pair<String, String> pair =
            Caller.create(STRING, STRING, ChannelOptions.defaults());
    private final Caller<String, String> caller = pair.near();
    private final Responder<String, String> responder = new Responder<>(pair.far());

    @AfterEach
    void close() {
        caller.close();
        responder.close();
    }

    private Question<String, String> receive() throws InterruptedException {
        return Objects.requireNonNull(responder.receive(Children.PATIENCE));
    }

    @Test
    void questionsAreAnsweredInAnyOrderByOtherThreads() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(caller.send("question " + i));
        }
        List<Question<String, String>> questions = List.of(receive(), receive(), receive());
        for (Question<String, String> question : questions.reversed()) {
            Void _ = Waits.run(() -> question.send("to " + question.value())).value();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(answers.get(i)).succeedsWithin(Children.PATIENCE)
                    .isEqualTo("to question " + i);
        }
    }

    @Test
    void questionIsAnsweredOnce() throws Exception {
        CompletableFuture<String> answer = caller.send("a question");
        Question<String, String> question = receive();
        question.send("an answer");
        assertThatThrownBy(() -> question.send("another"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("answered once");
        assertThatThrownBy(question::end).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> question.fail(new AssertionError()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> question.part("a part"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(answer).succeedsWithin(Children.PATIENCE).isEqualTo("an answer");
    }

    @Test
    void failureReachesTheCallerAndSoDoesAnAnswerThatCannotBeSent() throws Exception {
        CompletableFuture<String> first = caller.send("first");
        receive().fail(new StackOverflowError("too deep"));
        assertThat(first).failsWithin(Children.PATIENCE).withThrowableThat()
                .withCauseInstanceOf(CallFailed.class).withMessageContaining("too deep");
        CompletableFuture<String> second = caller.send("second");
        receive().send("half a letter: \ud800");
        assertThat(second).failsWithin(Children.PATIENCE).withThrowableThat()
                .withCauseInstanceOf(CallFailed.class)
                .withMessageContaining(CodecFailed.class.getName());
    }

    @Test
    void cancelIsSeenByTheThreadThatAnswersThoughNoThreadReceives() throws Exception {
        CompletableFuture<String> answer = caller.send("a question");
        Question<String, String> question = receive();
        assertThat(question.isCancelled()).isFalse();
        answer.cancel(false);
        await("the cancel is seen").atMost(Children.PATIENCE).until(question::isCancelled);
        assertThatThrownBy(() -> question.part("a part"))
                .isInstanceOf(CancellationException.class);
        question.partIfOpen("a part");
        question.send("to nobody");
    }

    @Test
    void cancelIsSeenWhileAnotherThreadWaitsForQuestions() throws Exception {
        CompletableFuture<String> answer = caller.send("a question");
        Question<String, String> question = receive();
        Waits<Question<String, String>> receive = Waits.in(this::receive).asleep();
        answer.cancel(false);
        await("the cancel is seen").atMost(Children.PATIENCE).until(question::isCancelled);
        question.end();
        CompletableFuture<String> next = caller.send("next");
        receive.value().send("done");
        assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("done");
    }

    @Test
    void questionThatWasCancelledBeforeItWasGivenOutIsNotGivenOut() throws Exception {
        CompletableFuture<String> first = caller.send("first");
        Question<String, String> question = receive();
        caller.send("second").cancel(false);
        CompletableFuture<String> third = caller.send("third");
        await("what has come is taken in").atMost(Children.PATIENCE)
                .until(() -> !question.isCancelled());
        question.send("done");
        Question<String, String> next = receive();
        assertThat(next.value()).isIn("second", "third"); // the cancel may come late
        if (next.value().equals("second")) {
            next.end();
            next = receive();
        }
        next.send("done as well");
        assertThat(first).succeedsWithin(Children.PATIENCE).isEqualTo("done");
        assertThat(third).succeedsWithin(Children.PATIENCE).isEqualTo("done as well");
    }

    @Test
    void whatCameWhileACancelWasLookedForIsGivenOutLaterInOrder() throws Exception {
        CompletableFuture<String> first = caller.send("first");
        Question<String, String> question = receive();
        CompletableFuture<String> second = caller.send("second");
        CompletableFuture<String> third = caller.send("third");
        assertThat(question.isCancelled()).isFalse();
        question.send("1");
        receive().send("2");
        receive().send("3");
        assertThat(List.of(first, second, third)).allSatisfy(
                answer -> assertThat(answer).succeedsWithin(Children.PATIENCE));
        assertThat(third.join()).isEqualTo("3");
    }

    @Test
    void partsBeyondTheFirstWaitForGrants() throws Exception {
        try (Parts<String> parts = caller.stream("a question")) {
            Question<String, String> question = receive();
            for (int i = 0; i < Reply.WINDOW; i++) {
                question.part("part " + i);
            }
            assertThatThrownBy(() -> question.part("too many", SHORT))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("did not take enough");
            Waits<Void> more = Waits.run(() -> {
                for (int i = Reply.WINDOW; i < 3 * Reply.WINDOW; i++) {
                    question.part("part " + i);
                }
                question.end();
            });
            for (int i = 0; i < 3 * Reply.WINDOW; i++) {
                assertThat(parts.next()).isEqualTo("part " + i);
            }
            assertThat(parts.next()).isNull();
            Void _ = more.value();
        }
    }

    @Test
    void threadThatWaitsForGrantsKeepsNoneFromQuestions() throws Exception {
        try (Parts<String> parts = caller.stream("a question")) {
            Question<String, String> question = receive();
            Waits<Void> sending = Waits.run(() -> {
                for (int i = 0; i <= Reply.WINDOW; i++) {
                    question.part("part " + i);
                }
                question.end();
            });
            await("no more may come").atMost(Children.PATIENCE)
                    .until(() -> sending.thread().getState() != Thread.State.NEW);
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(caller.send("another"));
                receive().send("done");
            }
            assertThat(answers).allSatisfy(
                    answer -> assertThat(answer).succeedsWithin(Children.PATIENCE));
            for (int i = 0; i <= Reply.WINDOW; i++) {
                assertThat(parts.next()).isEqualTo("part " + i);
            }
            Void _ = sending.value();
        }
    }

    @Test
    void waitForAQuestionEndsInTimeOrByAnInterruptAndNothingIsLost() throws Exception {
        assertThatThrownBy(() -> responder.receive(SHORT)).isInstanceOf(TimedOut.class)
                .hasMessageContaining("no question came");
        Waits<Question<String, String>> receive = Waits.in(this::receive).asleep();
        receive.thread().interrupt();
        receive.failure().isInstanceOf(InterruptedException.class);
        CompletableFuture<String> answer = caller.send("a question");
        receive().send("done");
        assertThat(answer).succeedsWithin(Children.PATIENCE).isEqualTo("done");
    }

    @Test
    void eachOfManyThreadsThatWaitGetsAQuestionOfItsOwn() throws Exception {
        List<Waits<Question<String, String>>> receives = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            receives.add(Waits.in(this::receive).asleep());
        }
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(caller.send("question"));
        }
        for (Waits<Question<String, String>> receive : receives) {
            receive.value().send("done");
        }
        assertThat(answers).allSatisfy(
                answer -> assertThat(answer).succeedsWithin(Children.PATIENCE));
    }

    @Test
    void questionsAreCancelledWhenTheCallersAreGone() throws Exception {
        CompletableFuture<String> first = caller.send("first");
        Question<String, String> question = receive();
        CompletableFuture<String> second = caller.send("second");
        caller.close();
        await("it is seen").atMost(Children.PATIENCE).until(question::isCancelled);
        question.send("to nobody");
        assertThat(responder.receive()).as("the second one need not be done").isNull();
        assertThat(responder.receive(SHORT)).isNull();
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void threadThatWaitsLearnsOfACloseOfItsOwnSide() throws Exception {
        Waits<Boolean> end = Waits.in(() -> responder.receive() == null).asleep();
        responder.close();
        assertThat(end.value()).isTrue();
    }
}
