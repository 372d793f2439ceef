package dev.ipcchannel.examples.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.NamedReceiver;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests of the pace of the sender that waits for a ready receiver.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventSenderTest {

    private static final int MESSAGES = 15;
    private static final Duration SHORT = Duration.ofMillis(10);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void namesAreOfThisTestAlone() {
        System.setProperty("ipc.directory", folder.resolve("names").toString());
    }

    @AfterEach
    void namesAreTheUsersAgain() {
        System.clearProperty("ipc.directory");
    }

    /// An output that records when each line was printed.
    private static final class Clock extends PrintStream {

        private final List<String> lines = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();

        Clock() {
            super(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        }

        @Override
        public void println(String line) {
            lines.add(line);
            times.add(System.nanoTime());
        }

        Duration between(String earlier, String later) {
            return Duration.ofNanos(times.get(at(later)) - times.get(at(earlier)));
        }

        private int at(String start) {
            return IntStream.range(0, lines.size())
                    .filter(i -> lines.get(i).startsWith(start)).findFirst().orElseThrow();
        }
    }

    @Test
    void halfASecondComesAfterEachOfTheFirstFiveMessagesAndAWholeOneAfterTheOthers()
            throws Exception {
        Duration pause = NamesOptions.parse(new String[]{"event_sender"}).pause();

        assertThat(IntStream.range(0, MESSAGES).mapToObj(id -> EventSender.after(id, pause)))
                .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                        .mapToObj(id -> Duration.ofMillis(id < 5 ? 500 : 1000)).toList());
    }

    @Test
    void senderRestsSoLongAfterEachMessage() throws Exception {
        Clock clock = new Clock();
        try (NamedReceiver<ExampleMessage> receiver =
                NamedReceiver.open(ExampleMessage.CHANNEL, ExampleMessage.class);
                Heartbeat _ = receiver.startHeartbeat(Duration.ofMillis(100))) {
            assertThat(EventSender.run(SHORT, clock)).isTrue();
        }
        for (int id = 0; id < MESSAGES; id++) {
            String next = id + 1 == MESSAGES ? "All messages sent!"
                    : "Sending message #%d:".formatted(id + 1);

            assertThat(clock.between("  Message #%d sent".formatted(id), next))
                    .isGreaterThanOrEqualTo(EventSender.after(id, SHORT));
        }
    }
}
