package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.children.BroadcastChild;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Three receiving processes, one of which is slow, stopped, or killed, with each policy: the
/// others get all messages, and both sides know which ones it has missed.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReadersIT {

    private static final int COUNT = 1000;
    private static final String ALL =
            IntStream.range(0, COUNT).mapToObj(String::valueOf).collect(Collectors.joining(" "));

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();
    private long sent;
    private long failed;

    @ParameterizedTest
    @EnumSource(value = SlowReader.class, names = {"FAIL", "DROP_NEWEST", "DROP_OLDEST"})
    void stoppedReceiverMissesSomeAndNoneOfTheOthersDoes(SlowReader policy) throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm slow = receiver(" 4096");
        try (var sender = sender(policy)) {
            slow.signal("STOP");
            sendAll(sender, others);
            assertThat(sender.receiverCount()).isEqualTo(3);
            long missed = sender.dropped();
            assertThat(missed).isPositive();

            slow.signal("CONT");
            slow.order("until last 0");
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                    .until(() -> isSent(sender, "last") || policy == SlowReader.DROP_OLDEST);

            assertThat(slow.answer()).isEqualTo(
                    (sent - sender.dropped()) + " " + sender.dropped());
            assertThat(failed).isEqualTo(policy == SlowReader.FAIL ? sender.dropped() : 0);
            others.forEach(SlowReadersIT::kill);
            kill(slow);
        }
        swept(others.getFirst(), others.getLast(), slow);
    }

    /// It pauses after each message, and has room for few.
    @ParameterizedTest
    @EnumSource(value = SlowReader.class, names = "DISCONNECT", mode = EnumSource.Mode.EXCLUDE)
    void slowReceiverIsWaitedForOrMissesSomeAndNoneOfTheOthersDoes(SlowReader policy)
            throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm slow = receiver(" 4096");
        try (var sender = sender(policy)) {
            slow.order("until last 2");
            sendAll(sender, others);
            assertThat(sender.receiverCount()).isEqualTo(3);
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                    .until(() -> isSent(sender, "last") || policy == SlowReader.DROP_OLDEST);

            assertThat(slow.answer()).isEqualTo(
                    (sent - sender.dropped()) + " " + sender.dropped());
            assertThat(failed).isEqualTo(policy == SlowReader.FAIL ? sender.dropped() : 0);
            if (policy == SlowReader.WAIT) {
                assertThat(sender.dropped()).isZero();
            } else {
                assertThat(sender.dropped()).isPositive();
            }
            others.forEach(SlowReadersIT::kill);
            kill(slow);
        }
        swept(others.getFirst(), others.getLast(), slow);
    }

    @Test
    void stoppedReceiverKeepsAllWaitingAndNoReceiverMissesAMessage() throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm slow = receiver(" 4096");
        try (var sender = sender(SlowReader.WAIT)) {
            slow.signal("STOP");
            int next = 0;
            while (sender.trySend(String.valueOf(next).getBytes(UTF_8))) {
                next++;
            }
            int full = next;
            assertThat(full).isBetween(1, COUNT - 1);
            assertThatThrownBy(() -> sender.send("x".getBytes(UTF_8), 50))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("pid=" + slow.pid());

            slow.signal("CONT");
            slow.order("drain " + COUNT + " 0");
            for (; next < COUNT; next++) {
                sender.send(String.valueOf(next).getBytes(UTF_8), IpcChannel.INFINITE);
            }

            assertThat(slow.answer()).isEqualTo(ALL);
            for (ChildJvm other : others) {
                assertThat(other.ask("drain " + COUNT + " 0")).isEqualTo(ALL);
            }
            assertThat(sender.dropped()).isZero();
            others.forEach(SlowReadersIT::kill);
            kill(slow);
        }
        swept(others.getFirst(), others.getLast(), slow);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slowOrStoppedReceiverIsCutOffAndNotified(boolean isStopped) throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm slow = receiver(" 4096");
        try (var sender = sender(SlowReader.DISCONNECT)) {
            if (isStopped) {
                slow.signal("STOP");
            } else {
                slow.order("until last 2");
            }
            sendAll(sender, others);
            await().atMost(Children.PATIENCE).until(() -> sender.receiverCount() == 2);
            assertThat(sender.dropped()).isEqualTo(1);

            if (isStopped) {
                slow.signal("CONT");
                slow.order("until last 0");
            }

            assertThat(slow.answer())
                    .startsWith("CONNECTION_FAILED Disconnected: Connection failed")
                    .contains("cut off as too slow");
            others.forEach(SlowReadersIT::kill);
            kill(slow);
        }
        swept(others.getFirst(), others.getLast(), slow);
    }

    @ParameterizedTest
    @EnumSource(SlowReader.class)
    void killedReceiverIsOneFewer(SlowReader policy) throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm killed = receiver(" 4096");
        try (var sender = sender(policy)) {
            killed.signal("STOP");
            int next = 0;
            while (next < COUNT / 2 && goesOn(sender, policy, String.valueOf(next))) {
                next++;
            }
            kill(killed);
            killed.awaitExit(137);
            for (int i = next; i < COUNT; i++) {
                boolean _ = isSent(sender, String.valueOf(i));
            }
            for (ChildJvm other : others) {
                assertThat(other.ask("drain " + COUNT + " 0")).isEqualTo(ALL);
            }
            await().atMost(Children.PATIENCE).until(() -> sender.receiverCount() == 2);
            others.forEach(SlowReadersIT::kill);
        }
        swept(others.getFirst(), others.getLast());
    }

    /// @return false if it would wait
    private boolean goesOn(IpcChannel<byte[]> sender, SlowReader policy, String message)
            throws InterruptedException {
        if (policy == SlowReader.WAIT) {
            return sender.trySend(message.getBytes(UTF_8));
        }
        boolean _ = isSent(sender, message);
        return true;
    }

    private IpcChannel<byte[]> sender(SlowReader policy) throws InterruptedException {
        var sender = IpcChannel.open(ChannelType.CHANNEL, "slow", ConnMode.SENDER,
                BroadcastOptions.defaults().withSlowReader(policy).withQueue(20));
        assertThat(sender.waitForReceivers(3, Children.PATIENCE.toMillis())).isTrue();
        return sender;
    }

    private void sendAll(IpcChannel<byte[]> sender, List<ChildJvm> others) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            boolean _ = isSent(sender, String.valueOf(i));
        }
        for (ChildJvm other : others) {
            assertThat(other.ask("drain " + COUNT + " 0")).isEqualTo(ALL);
        }
    }

    /// Sends a message, and returns whether no receiver has missed one because of that.
    private boolean isSent(IpcChannel<byte[]> sender, String message) throws InterruptedException {
        long before = sender.dropped();
        sent++;
        try {
            sender.send(message.getBytes(UTF_8), IpcChannel.INFINITE);
        } catch (IpcException failure) {
            assertThat(failure.status()).isEqualTo(IpcStatus.SEND_FAILED);
            failed++;
        }
        return sender.dropped() == before;
    }

    private ChildJvm receiver(String capacity) throws Exception {
        ChildJvm child = children.command()
                .environment("IPC_CHANNEL_DIR", names.directory().toString()).piped()
                .start(BroadcastChild.class);
        assertThat(child.answer()).isEqualTo("up");
        assertThat(child.ask("open CHANNEL slow RECEIVER" + capacity)).isEqualTo("opened");
        return child;
    }

    private static void kill(ChildJvm child) {
        Object _ = child.process().destroyForcibly();
    }

    private static void swept(ChildJvm... killed) throws Exception {
        for (ChildJvm child : killed) {
            child.awaitExit(137);
        }
        int _ = IpcChannel.clearStorage("slow");
    }
}
