package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Codec;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.SentOnceChild;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages not received when their process ends: one log line names them, whichever thread writes
/// it.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostAtExitIT {

    private static final int ROUNDS = 200;
    private static final int PROCESSES = 4;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private ChildJvm start(String... arguments) throws Exception {
        return children.command()
                .environment("IPC_CHANNEL_DIR", names.directory().toString()).piped()
                .start(SentOnceChild.class, arguments);
    }

    private static List<String> losses(ChildJvm child) {
        return child.captured().errorLines().stream()
                .filter(line -> line.contains("messages=")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "hook"})
    void messageWithoutAReceiverAtTheEndOfAProcessIsNamedByOneLine(String sentBy) throws Exception {
        List<ChildJvm> started = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            started.add(start(sentBy, "words-" + i));
        }
        for (int i = 0; i < PROCESSES; i++) {
            ChildJvm child = started.get(i);
            child.awaitExit(0);
            assertThat(losses(child)).singleElement().asString()
                    .startsWith("WARNING: ").endsWith("received: name=words-%d, messages=1"
                            .formatted(i));
        }
    }

    /// The second and later lines of an event come a second later, when the process has ended.
    @ParameterizedTest
    @ValueSource(strings = {"main", "hook"})
    void messagesOfSeveralNamesAreNamedBeforeTheProcessHasEnded(String sentBy) throws Exception {
        ChildJvm child = start(sentBy, "one", "two", "three");
        child.awaitExit(0);

        assertThat(losses(child)).hasSizeBetween(2, 3).last().asString()
                .contains("messages=1");
        assertThat(losses(child).size() == 3
                || losses(child).getLast().contains(": 2 more of these, the last one: name="))
                .as("all three: %s", losses(child)).isTrue();
    }

    @Test
    void ofAnEndAndTheExitOneNamesWhatIsLostBeforeTheExitGoesOn() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (CaughtLog log = CaughtLog.listen()) {
                BroadcastSender<byte[]> sender = new BroadcastSender<>(Broadcast.of(
                        ChannelType.CHANNEL, "words", Codec.bytes(), BroadcastOptions.defaults()),
                        _ -> true);
                sender.send(new byte[1], 0);
                CyclicBarrier start = new CyclicBarrier(2);
                Waits<Void> end = Waits.in(() -> {
                    int _ = start.await();
                    sender.end();
                    return null;
                });
                int _ = start.await();
                sender.awaitOutAtExit(Deadline.NOW);

                assertThat(log.lines()).as("round %d, as the exit goes on", i).hasSize(1);
                Void _ = end.value();
                assertThat(log.lines()).as("round %d, in the end", i).hasSize(1);
            }
        }
    }
}
