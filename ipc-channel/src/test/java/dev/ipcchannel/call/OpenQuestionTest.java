package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.testing.ForwardingLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Wait of a part for room: each try encodes it anew.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenQuestionTest {

    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final int MOST_TRIES = 12; // 2, 4, 8, 16, 32 ms, and then 50 each

    /// A link that never has room, and notes how long it was to wait for some.
    private static final class FullLink
            implements ForwardingLink<Reply<String>, Request<String>> {

        final List<Duration> waits = new ArrayList<>();

        @Override
        public Link<Reply<String>, Request<String>> ends() {
            throw new AssertionError("nothing is asked of it but room");
        }

        @Override
        public void send(Reply<String> message) {
            throw new AssertionError("without a limit");
        }

        @Override
        public void send(Reply<String> message, Duration timeout) throws InterruptedException {
            waits.add(timeout);
            Thread.sleep(timeout); // as a link does that has no room: no more than that
            throw new TimedOut("no room");
        }

        @Override
        public SendOutcome trySend(Reply<String> message) {
            return SendOutcome.FULL;
        }

        @Override
        public Link<Reply<String>, Request<String>> ownedBy(String owner) {
            return this;
        }

        @Override
        public void close() {}
    }

    @Test
    void partThatWaitsForRoomIsTriedLessAndLessOften() {
        FullLink link = new FullLink();
        OpenQuestion<String, String> question =
                new OpenQuestion<>(new QuestionSource<>(link, Way.EXECUTOR),
                        new Request.Ask<>(1, "a question"), Headers.NONE, new ReentrantLock());

        assertThatThrownBy(() -> question.part("a part", TIMEOUT)).isInstanceOf(TimedOut.class)
                .hasMessageContaining("timeout=300 ms");

        assertThat(link.waits).hasSizeLessThanOrEqualTo(MOST_TRIES)
                .allMatch(wait -> wait.toMillis() <= 50);
        assertThat(link.waits.stream().mapToLong(Duration::toNanos).sum())
                .isLessThanOrEqualTo(TIMEOUT.toNanos());
    }
}
