package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The fate of questions whose caller does not receive, so that there is no room for what is said.
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
            Question<String, String> question = ask(id);
            try {
                while (true) {
                    question.send("a part", SHORT);
                }
            } catch (TimedOut _) {
                // no room, or no more credit
            }
        }
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
        Waits<Void> answer = Waits.run(() -> question.answer("an answer")).asleep();

        answer.thread().interrupt();

        answer.failure().isInstanceOf(InterruptedException.class);
        Waits<Reply<String>> reply = Waits.in(this::lastReply);
        question.answer("an answer");
        assertThat(reply.value()).isEqualTo(new Reply.Answer<>(1, "an answer"));
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
}
