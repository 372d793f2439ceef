package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The fate of questions whose caller does not receive, so that there is no room for what is said.
/// A question whose answer waits for room is open, and so is one whose answer could not be sent.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullRingTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final Duration SHORT = Duration.ofMillis(10);

    @RegisterExtension
    final Children children = new Children();

    private final Responder.Pair<String, String> pair =
            Responder.create(STRING, STRING, Served.SMALL);
    private final Responder<String, String> responder = pair.near();
    private final Duplex<Request<String>, Reply<String>> caller = pair.far();

    @AfterEach
    void close() {
        caller.close();
        responder.close();
    }

    private Question<String, String> ask(long id) throws InterruptedException {
        caller.send(new Request.Ask<>(id, "question " + id));
        return Objects.requireNonNull(responder.receive(Children.PATIENCE));
    }

    /// Sends parts until there is no room.
    private void fill() throws InterruptedException {
        for (long id = 100; id < 102; id++) { // one alone gets no more than a window
            sendAll(ask(id));
        }
    }

    private static void sendAll(Question<String, String> question) throws InterruptedException {
        try {
            while (true) {
                question.part("a part", SHORT);
            }
        } catch (TimedOut _) {
            // no room, or no more credit
        }
    }

    private void drain() {
        while (caller.tryReceive() != null) {
            // until there is room
        }
    }

    /// Receives what `request` asks while an answer to `question` waits for room, and then
    /// interrupts that.
    private void receiveWhileItIsAnswered(Request<String> request,
            Question<String, String> question) throws Exception {
        Question<String, String> other = ask(200);
        Waits<Void> answer = Waits.run(() -> question.send("an answer")).asleep();
        caller.send(request);
        assertThat(other.isCancelled()).as("takes in what has come").isFalse();
        answer.thread().interrupt();
        answer.failure().isInstanceOf(InterruptedException.class);
    }

    /// The first reply that is no part.
    private Reply<String> lastReply() throws InterruptedException {
        Reply<String> reply = caller.receive(Children.PATIENCE);
        while (reply instanceof Reply.Part<String>) {
            reply = caller.receive(Children.PATIENCE);
        }
        return reply;
    }

    @Test
    void interruptOfAThreadThatAnswersLeavesTheQuestionToBeAnswered() throws Exception {
        Question<String, String> question = ask(1);
        fill();
        Waits<Void> answer = Waits.run(() -> question.send("an answer")).asleep();

        answer.thread().interrupt();

        answer.failure().isInstanceOf(InterruptedException.class);
        Waits<Reply<String>> reply = Waits.in(this::lastReply);
        question.send("an answer");
        assertThat(reply.value()).isEqualTo(new Reply.Answer<>(1, "an answer"));
    }

    @Test
    void cancelThatComesWhileAnAnswerWaitsIsSeenAfterItsInterrupt() throws Exception {
        Question<String, String> question = ask(1);
        fill();

        receiveWhileItIsAnswered(new Request.Cancel<>(1), question);

        assertThat(question.isCancelled()).isTrue();
        Waits<Reply<String>> reply = Waits.in(this::lastReply);
        question.send("too late");
        assertThat(reply.value()).isEqualTo(new Reply.End<>(1));
    }

    @Test
    void grantThatComesWhileAnAnswerWaitsCountsAfterItsInterrupt() throws Exception {
        Question<String, String> question = ask(1);
        for (int i = 0; i < Reply.WINDOW; i++) {
            question.part("a part");
            assertThat(caller.receive()).isEqualTo(new Reply.Part<>(1, "a part"));
        }
        fill();

        receiveWhileItIsAnswered(new Request.More<>(1, 1), question);

        drain();
        question.part("one more", Children.PATIENCE);
        assertThat(caller.receive(Children.PATIENCE)).isEqualTo(new Reply.Part<>(1, "one more"));
    }

    @Test
    void closeWhileAnAnswerFailsIsSeenByItsQuestion() throws Exception {
        Duplex.Pair<Request<String>, Reply<String>> ends =
                CallEnds.create(STRING, STRING, Served.SMALL);
        AtomicReference<@Nullable Runnable> close = new AtomicReference<>();
        Link<Reply<String>, Request<String>> link = new HookedLink<>(ends.far(), _ -> {
            Objects.requireNonNull(close.get()).run();
            throw new ResourceExhausted("no memory for an answer", null);
        });
        try (Duplex<Request<String>, Reply<String>> asking = ends.near();
                Responder<String, String> answering = new Responder<>(link)) {
            close.set(answering::close);
            asking.send(new Request.Ask<>(1, "a question"));
            Question<String, String> question =
                    Objects.requireNonNull(answering.receive(Children.PATIENCE));

            assertThatThrownBy(() -> question.send("an answer"))
                    .isInstanceOf(ResourceExhausted.class);

            assertThat(question.isCancelled()).isTrue();
        }
    }

    @Test
    void interruptOfAThreadThatEndsACancelledQuestionLeavesItToTheNext() throws Exception {
        Question<String, String> question = ask(1);
        fill();
        caller.send(new Request.Ask<>(2, "cancelled"));
        caller.send(new Request.Cancel<>(2));
        caller.send(new Request.Ask<>(3, "next"));
        assertThat(question.isCancelled()).as("but the other one was taken in").isFalse();
        Waits<Void> receive = Waits.run(responder::receive).asleep();

        receive.thread().interrupt();

        receive.failure().isInstanceOf(InterruptedException.class);
        Waits<Reply<String>> reply = Waits.in(this::lastReply);
        assertThat(responder.receive(Children.PATIENCE)).isNotNull()
                .satisfies(next -> assertThat(next.value()).isEqualTo("next"));
        assertThat(reply.value()).isEqualTo(new Reply.End<>(2));
    }

    @Test
    void interruptOfAHandlerThatWaitsForRoomEndsTheThreadThatServes() throws Exception {
        caller.send(new Request.Ask<>(1, "question 1"));
        CountDownLatch handling = new CountDownLatch(1);
        Waits<Void> serve = Waits.run(() -> responder.serve((_, exchange) -> {
            handling.countDown();
            while (true) {
                exchange.part("a part that fills a ring before the window is used up");
            }
        }));
        handling.await();
        serve.asleep();

        serve.thread().interrupt();

        serve.failure().isInstanceOf(InterruptedException.class);
    }

    /// A caller that takes no replies must not keep the threads that look for the next question.
    @ParameterizedTest
    @EnumSource
    void replyThatIsOwedWithoutRoomIsLeftToTheNextThreadWhenTheTimeHasPassed(Owed owed)
            throws Exception {
        Question<String, String> question = ask(1);
        fill();
        owed.bringAbout(caller);
        caller.send(new Request.Ask<>(3, "next"));
        assertThat(question.isCancelled()).as("but the other one was taken in").isFalse();

        Waits.run(() -> assertThatThrownBy(() -> responder.receive(SHORT))
                .isInstanceOf(TimedOut.class)).value();
        assertThat(Waits.in(responder::tryReceive).value()).isNull();

        Waits<Reply<String>> reply = Waits.in(this::lastReply);
        assertThat(responder.receive(Children.PATIENCE)).isNotNull()
                .satisfies(next -> assertThat(next.value()).isEqualTo("next"));
        assertThat(reply.value()).isInstanceOf(owed.reply);
    }

    /// A reply that no handler makes.
    enum Owed {
        END(Reply.End.class) {
            @Override
            void bringAbout(Duplex<Request<String>, Reply<String>> caller)
                    throws InterruptedException {
                caller.send(new Request.Ask<>(2, "cancelled"));
                caller.send(new Request.Cancel<>(2));
            }
        },
        FAILURE(Reply.Failed.class) {
            @Override
            void bringAbout(Duplex<Request<String>, Reply<String>> caller)
                    throws InterruptedException {
                caller.send(new Request.AskWithin<>(2, "no header", "not answered"));
            }
        };

        private final Class<?> reply;

        Owed(Class<?> reply) {
            this.reply = reply;
        }

        abstract void bringAbout(Duplex<Request<String>, Reply<String>> caller)
                throws InterruptedException;
    }
}
