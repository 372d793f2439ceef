package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The log of the library: it is bounded, however often something happens, and harms no caller.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogTest {

    private static final int EVENTS = 100_000;

    /// The heap may still be full when a thread that goes on logs that it was.
    @Test
    void failureThatCannotBeLoggedIsNotThrown() {
        Throwable failure = new IllegalStateException() {
            @Override
            public String getMessage() {
                throw new OutOfMemoryError("a failure of this test");
            }
        };

        assertThatCode(() -> {
            Log.warningOfPeer("a failure of a peer", failure);
            Log.warning("a failure", failure);
            Log.error("an unexpected failure", failure);
            Log.debug("a detail", failure);
        }).doesNotThrowAnyException();
    }

    @Test
    void eventThatComesAgainAndAgainIsALineAndThenOneWithItsNumber() {
        try (CaughtLog log = CaughtLog.listen()) {
            for (int i = 0; i < EVENTS; i++) {
                Log.warning("a test repeats itself", "number " + i);
            }
            Log.warning("a test says something else", "once");

            await("the count").atMost(Children.PATIENCE).untilAsserted(() -> assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line).endsWith(
                            "more of these, the last one: number " + (EVENTS - 1))));
            assertThat(log.lines()).contains("a test repeats itself: number 0",
                    "a test says something else: once");
            assertThat(log.lines()).hasSizeLessThan(10);
            assertThat(log.thrown()).isEmpty();
        }
    }

    @Test
    void failureOfOursHasItsStackAndAMistakeOfAPeersHasNone() {
        try (CaughtLog log = CaughtLog.listen()) {
            IllegalStateException ours = new IllegalStateException("ours");
            Log.error("a test fails", ours);
            Log.warningOfPeer("a test's peer fails", new IllegalStateException("theirs"));

            assertThat(log.lines()).containsExactly("a test fails: ours",
                    "a test's peer fails: theirs");
            assertThat(log.thrown()).containsExactly(ours);
        }
    }

    @Test
    void loggerThatFailsHarmsNoCaller() {
        Logger logger = Logger.getLogger("dev.ipcchannel");
        Handler failing = new Failing();
        logger.addHandler(failing);
        try {
            Log.warning("a test's logger fails", "once");
        } finally {
            logger.removeHandler(failing);
        }
    }

    @Test
    void loggerThatWaitsKeepsNoThreadThatWorksForManyAndGetsItsLinesInOrder() throws Exception {
        Logger logger = Logger.getLogger("dev.ipcchannel");
        CountDownLatch goesOn = new CountDownLatch(1);
        Handler waiting = new Waiting(goesOn);
        logger.addHandler(waiting);
        try (CaughtLog log = CaughtLog.listen()) {
            Thread shared = new SharedThread(() -> {
                Log.warning("a test's first event", "one");
                Log.warning("a test's second event", "two");
            }, "a test");
            shared.start();

            assertThat(shared.join(Children.PATIENCE)).isTrue();
            assertThat(log.lines()).isEmpty();
            goesOn.countDown();
            await("the lines").atMost(Children.PATIENCE).untilAsserted(
                    () -> assertThat(log.lines()).containsExactly("a test's first event: one",
                            "a test's second event: two"));
        } finally {
            logger.removeHandler(waiting);
        }
    }

    /// A logger that waits, for example for another process.
    private static final class Waiting extends Failing {

        private final CountDownLatch goesOn;

        Waiting(CountDownLatch goesOn) {
            this.goesOn = goesOn;
        }

        @Override
        public void publish(LogRecord logged) {
            try {
                goesOn.await();
            } catch (InterruptedException interrupt) {
                throw new AssertionError(interrupt);
            }
        }
    }

    private static class Failing extends Handler {

        @Override
        public void publish(LogRecord logged) {
            throw new IllegalStateException("a disk is full, say");
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
