package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Waits by name without a counterpart: the log, after five seconds, and each `TimedOut` say where
/// they look.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AloneTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private void assertWarnedOnce(CaughtLog log) {
        await().atMost(Children.PATIENCE)
                .untilAsserted(() -> assertThat(log.lines()).singleElement().asString()
                        .contains(" waits for a").contains("name=words, waited=5 s")
                        .contains("looked in " + names.directory()).contains("names are open"));
    }

    @Test
    void receiverThatWaitsAloneSaysWhereItLooks() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            Waits<String> waiting = Waits.in(receiver::receive).asleep();
            assertWarnedOnce(log);

            try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
                sender.send("found");
                assertThat(waiting.value()).isEqualTo("found");
            }
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void virtualThreadThatWaitsAfterItsSenderHasLeftSaysWhereItLooks() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            NamedSender.open("words", String.class).close();
            Waits<String> waiting = Waits.inVirtualThread(receiver::receive);
            assertWarnedOnce(log);

            try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
                sender.send("found");
                assertThat(waiting.value()).isEqualTo("found");
            }
        }
    }

    @Test
    void receiverInASetSaysWhereItLooks() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(receiver.receiver());
            Waits<List<ReceiverEvent<String>>> waiting = Waits.in(set::select).asleep();
            assertWarnedOnce(log);

            try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
                sender.send("found");
                assertThat(waiting.value()).hasSize(1);
            }
        }
    }

    @Test
    void receiverWithoutAWaitingThreadLogsNothing() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> idle = NamedReceiver.open("idle", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            Waits<String> waiting = Waits.in(receiver::receive).asleep();
            assertWarnedOnce(log); // so warnings of the other one would have been due
            assertThat(idle.tryReceive()).isNull();
            waiting.thread().interrupt();
            waiting.failure().isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void signalThatIsAwaitedAloneSaysWhereItLooks() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); NamedSignal signal = NamedSignal.open("words")) {
            Waits<Long> waiting = Waits.in(() -> signal.await(7)).asleep();
            assertWarnedOnce(log);

            try (NamedSignal other = NamedSignal.open("words")) {
                other.signal(7);
                assertThat(waiting.value()).isEqualTo(1);
            }
        }
    }

    @Test
    void timeThatIsOverWithoutASenderSaysWhereItLooked() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            assertThatThrownBy(() -> receiver.receive(SHORT)).isInstanceOf(TimedOut.class)
                    .hasNoCause()
                    .hasMessageContaining("no sender is there: name=words, timeout=50 ms")
                    .hasMessageContaining("looked in " + names.directory())
                    .hasMessageContaining("channel words (receiver=1, this process)");
            try (NamedSender<String> _ = NamedSender.open("words", String.class)) {
                assertThatThrownBy(() -> receiver.receive(SHORT)).isInstanceOf(TimedOut.class)
                        .hasMessageNotContaining(names.directory().toString());
            }
        }
    }
}
