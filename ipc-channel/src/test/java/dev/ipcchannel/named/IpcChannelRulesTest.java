package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.OwnNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The fate of a message of a broadcast channel without a receiver, with a slow receiver, or after
/// a close.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcChannelRulesTest {

    private static final long PATIENCE = 20_000;
    private static final int QUEUE = 256;
    private static final BroadcastOptions PLAIN = BroadcastOptions.defaults();
    private static final BroadcastOptions SMALL =
            PLAIN.withChannel(ChannelOptions.defaults().withCapacity(4096));

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private static void until(ThrowingRunnable fact) {
        await().atMost(Duration.ofMillis(PATIENCE)).pollInterval(Duration.ofMillis(5))
                .untilAsserted(fact);
    }

    private static IpcChannel<byte[]> sender(BroadcastOptions options) throws Exception {
        return IpcChannel.open(ChannelType.ROUTE, "words", ConnMode.SENDER, options);
    }

    private static IpcChannel<byte[]> receiver(BroadcastOptions options) throws Exception {
        return IpcChannel.open(ChannelType.ROUTE, "words", ConnMode.RECEIVER, options);
    }

    private static byte[] bytes(int number) {
        return ("word " + number).getBytes(UTF_8);
    }

    private static List<Integer> received(IpcChannel<byte[]> receiver, int count)
            throws InterruptedException {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(number(receiver.receive(PATIENCE)));
        }
        return all;
    }

    private static int number(byte[] message) {
        return Integer.parseInt(new String(message, UTF_8).substring("word ".length()));
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void messagesWithoutAReceiverReachTheFirstOneInOrderBeforeAllElse() throws Exception {
        try (var sender = sender(PLAIN)) {
            for (int i = 0; i < 3; i++) {
                sender.send(bytes(i));
            }
            try (var first = receiver(PLAIN)) {
                sender.send(bytes(3));
                try (var second = receiver(PLAIN)) {
                    sender.send(bytes(4));
                    assertThat(received(first, 5)).isEqualTo(range(0, 5));
                    assertThat(received(second, 1)).containsExactly(4);
                    assertThat(first.lost() + second.lost()).isZero();
                }
            }
            assertThat(sender.dropped()).isZero();
        }
    }

    @Test
    void fullQueueIsATimeoutAndKeepsWhatItHas() throws Exception {
        try (var sender = sender(PLAIN)) {
            for (int i = 0; i < QUEUE; i++) {
                sender.send(bytes(i));
            }
            assertThatThrownBy(() -> sender.send(bytes(-1))).isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("Timeout: Failed to send data: ")
                    .hasMessageContaining("name=words, kept=256 (at most 256 messages, and 64 MiB),"
                            + " timeout=100 ms");
            assertThatThrownBy(() -> sender.send(bytes(-1), 20)).isInstanceOf(TimedOut.class);
            assertThatThrownBy(() -> sender.send(bytes(-1), IpcChannel.IMMEDIATE))
                    .isInstanceOf(TimedOut.class);
            assertThat(sender.trySend(bytes(-1))).isFalse();
            assertThat(sender.trySend(bytes(-1), 20)).isFalse();
            try (var receiver = receiver(PLAIN)) {
                assertThat(received(receiver, QUEUE)).isEqualTo(range(0, QUEUE));
                assertThat(receiver.tryReceive()).isNull();
                sender.send(bytes(QUEUE));
                assertThat(received(receiver, 1)).containsExactly(QUEUE);
                assertThat(receiver.lost()).isZero();
            }
        }
    }

    @Test
    void sendWithATimeOrWithoutAnyKeepsNothing() throws Exception {
        try (var sender = sender(PLAIN)) {
            assertThatThrownBy(() -> sender.send(bytes(0), 20)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("timeout=20 ms").hasMessageContaining("name=words");
            assertThatThrownBy(() -> sender.send(bytes(0), IpcChannel.IMMEDIATE))
                    .isInstanceOf(TimedOut.class);
            assertThat(sender.trySend(bytes(0))).isFalse();
            assertThat(sender.trySend(bytes(0), 20)).isFalse();
            try (var receiver = receiver(PLAIN)) {
                assertThat(receiver.tryReceive()).isNull();
                sender.send(bytes(1), 20);
                assertThat(received(receiver, 1)).containsExactly(1);
            }
        }
    }

    @Test
    void closedSenderIsFoundUntilWhatItHasKeptIsReceived() throws Exception {
        var sender = sender(PLAIN.withLinger(Duration.ofMinutes(1)));
        sender.send(bytes(0));
        sender.send(bytes(1));
        sender.close();

        assertThat(NamedDirectory.list()).singleElement().extracting(NamedMember::role)
                .isEqualTo("lingering sender");
        try (var next = sender(PLAIN); var receiver = receiver(PLAIN)) {
            assertThat(received(receiver, 2)).containsExactly(0, 1);
            next.send(bytes(2));
            assertThat(received(receiver, 1)).containsExactly(2);
            until(() -> assertThat(NamedDirectory.list()).hasSize(2));
        }
        assertThat(sender.dropped()).isZero();
    }

    @Test
    void messagesNotReceivedDuringTheLingerAreCountedAndLogged() throws Exception {
        try (CaughtLog log = CaughtLog.listen()) {
            for (Duration linger : List.of(Duration.ofMillis(30), Duration.ZERO)) {
                var sender = sender(PLAIN.withLinger(linger));
                sender.send(bytes(0));
                sender.send(bytes(1));
                sender.close();
                until(() -> assertThat(sender.dropped()).isEqualTo(2));
                until(() -> assertThat(NamedDirectory.list()).isEmpty());
            }
            until(() -> assertThat(log.lines()).anyMatch(line -> line.contains("name=words")
                    && line.contains("messages=2")));
        }
    }

    @Test
    void emptyChannelDoesNotLinger() throws Exception {
        sender(PLAIN.withLinger(Duration.ofMinutes(1))).close();
        assertThat(NamedDirectory.list()).isEmpty();
    }

    @Test
    void receiverThatComesLateGetsWhatIsSentFromThenOnAndMissesNothing() throws Exception {
        try (var first = receiver(PLAIN); var sender = sender(PLAIN)) {
            sender.send(bytes(0));
            sender.send(bytes(1));
            try (var late = receiver(PLAIN)) {
                late.onGap(missing -> {
                    throw new AssertionError(missing);
                });
                sender.send(bytes(2));

                assertThat(received(late, 1)).containsExactly(2);
                assertThat(late.tryReceive()).isNull();
                assertThat(late.lost()).isZero();
                assertThat(received(first, 3)).containsExactly(0, 1, 2);
            }
            assertThat(sender.dropped()).isZero();
        }
    }

    @Test
    void slowReceiverFailsTheCallAndAllOthersGetTheMessage() throws Exception {
        List<Long> gaps = new ArrayList<>();
        try (var slow = receiver(SMALL); var quick = receiver(PLAIN);
                var sender = sender(PLAIN.withSlowReader(SlowReader.FAIL))) {
            slow.onGap(gaps::add);
            int sent = 0;
            NoReceiver failure = null;
            while (failure == null) {
                try {
                    sender.send(bytes(sent++));
                } catch (NoReceiver refused) {
                    failure = refused;
                }
            }
            assertThat(failure).hasMessageStartingWith("Send failed: Failed to send data: ");
            assertThat(failure.status()).isEqualTo(IpcStatus.SEND_FAILED);
            assertThat(received(quick, sent)).isEqualTo(range(0, sent));
            assertThat(received(slow, sent - 1)).isEqualTo(range(0, sent - 1));
            sender.send(bytes(sent));
            assertThat(received(slow, 1)).containsExactly(sent);
            assertThat(gaps).containsExactly(1L);
            assertThat(slow.lost()).isOne();
            assertThat(quick.lost()).isZero();
            assertThat(sender.dropped()).isOne();
        }
    }

    @Test
    void slowReceiverMissesTheNewestAndGetsTheirNumber() throws Exception {
        int count = 1000;
        List<Long> gaps = new ArrayList<>();
        try (var slow = receiver(SMALL); var quick = receiver(PLAIN);
                var sender = sender(PLAIN.withSlowReader(SlowReader.DROP_NEWEST))) {
            slow.onGap(gaps::add);
            for (int i = 0; i < count; i++) {
                sender.send(bytes(i));
            }
            assertThat(received(quick, count)).isEqualTo(range(0, count));
            int got = 0;
            for (byte[] next = slow.tryReceive(); next != null; next = slow.tryReceive()) {
                assertThat(number(next)).isEqualTo(got++);
            }
            assertThat(got).isBetween(1, count - 1);
            assertThat(gaps).isEmpty();
            sender.send(bytes(count));
            assertThat(received(slow, 1)).containsExactly(count);
            assertThat(gaps).containsExactly((long) count - got);
            assertThat(slow.lost()).isEqualTo(count - got);
            assertThat(sender.dropped()).isEqualTo(count - got);
        }
    }

    @Test
    void slowReceiverMissesTheOldestBeyondTheQueue() throws Exception {
        int count = 1000;
        int queue = 10;
        List<Long> gaps = new ArrayList<>();
        try (var slow = receiver(SMALL); var quick = receiver(PLAIN); var sender = sender(
                PLAIN.withSlowReader(SlowReader.DROP_OLDEST).withQueue(queue))) {
            slow.onGap(gaps::add);
            for (int i = 0; i < count; i++) {
                sender.send(bytes(i));
            }
            assertThat(received(quick, count)).isEqualTo(range(0, count));
            List<Integer> got = new ArrayList<>();
            while (!got.contains(count - 1)) {
                got.add(number(slow.receive(PATIENCE)));
            }
            assertThat(got).isSorted().doesNotHaveDuplicates()
                    .endsWith(range(count - queue, count).toArray(Integer[]::new));
            assertThat(gaps).containsExactly((long) count - got.size());
            assertThat(slow.lost()).isEqualTo(count - got.size());
            assertThat(sender.dropped()).isEqualTo(count - got.size());
        }
    }

    @Test
    void slowReceiverIsCutOffAndConnectsAnew() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); var slow = receiver(SMALL);
                var quick = receiver(PLAIN);
                var sender = sender(PLAIN.withSlowReader(SlowReader.DISCONNECT))) {
            int sent = 0;
            while (sender.receiverCount() == 2) {
                sender.send(bytes(sent++));
                received(quick, 1);
            }
            until(() -> assertThat(log.lines()).anyMatch(line -> line.contains("cut off as too"
                    + " slow, since its ring had no room for a message: dropped=1, name=words, ")
                    && line.endsWith("a larger ring")));
            int got = 0;
            Disconnected end = null;
            while (end == null) {
                try {
                    assertThat(number(slow.receive(PATIENCE))).isEqualTo(got);
                    got++;
                } catch (Disconnected cutOff) {
                    end = cutOff;
                }
            }
            assertThat(got).isBetween(1, sent - 1);
            assertThat(end).hasMessageStartingWith("Connection failed: Failed to receive data: ")
                    .hasMessageContaining("cut off as too slow")
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid());
            assertThat(end.status()).isEqualTo(IpcStatus.CONNECTION_FAILED);
            assertThat(slow.isConnected()).isFalse();
            assertThatThrownBy(slow::receive).isInstanceOf(IpcException.class)
                    .hasMessageContaining("Channel not connected");
            slow.connect();
            sender.send(bytes(7));
            assertThat(received(slow, 1)).containsExactly(7);
            assertThat(sender.receiverCount()).isEqualTo(2);
        }
    }
}
