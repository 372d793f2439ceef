package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The ends of a broadcast channel during calls, and its counters over all connections.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcChannelEndsTest {

    private static final long PATIENCE = Children.PATIENCE.toMillis();
    private static final int MIB = 1 << 20;
    private static final int HEAD = NumberedCodec.HEAD; // before each message
    private static final BroadcastOptions PLAIN = BroadcastOptions.defaults();
    private static final BroadcastOptions SMALL =
            PLAIN.withChannel(ChannelOptions.defaults().withCapacity(4096));

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private static IpcChannel<byte[]> open(ConnMode mode, BroadcastOptions options)
            throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "words", mode, options);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String next(IpcChannel<byte[]> receiver) throws InterruptedException {
        return new String(receiver.receive(PATIENCE), UTF_8);
    }

    private static void fill(IpcChannel<byte[]> sender) {
        while (sender.trySend(bytes("filling"))) {
            // until there is no room
        }
    }

    @Test
    void sendWithATimeWhoseOnlyReceiverLeavesAmidItIsNotKept() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            var leaving = open(ConnMode.RECEIVER, SMALL);
            fill(sender);
            Waits<Void> send = Waits.run(() -> sender.send(bytes("late"), 1000)).asleep();
            leaving.close();

            send.failure().isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no receiver came within the time given");
            try (var next = open(ConnMode.RECEIVER, PLAIN)) {
                sender.send(bytes("newer"));
                assertThat(next(next)).isEqualTo("newer");
            }
        }
    }

    @Test
    void sendWithATimeReachesAReceiverThatComesInTime() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            sender.send(bytes("kept"));
            Waits<Void> send = Waits.run(() -> sender.send(bytes("waiting"), PATIENCE)).asleep();
            try (var receiver = open(ConnMode.RECEIVER, PLAIN)) {
                send.value();
                assertThat(next(receiver)).isEqualTo("kept");
                assertThat(next(receiver)).isEqualTo("waiting");
            }
        }
    }

    @Test
    void closeThatLingersWakesThreadsThatWaitForReceivers() throws Exception {
        var sender = open(ConnMode.SENDER, PLAIN.withLinger(Duration.ofMinutes(5)));
        sender.send(bytes("kept"));
        Waits<Boolean> wait = Waits.in(() -> sender.waitForReceivers(1)).asleep();
        Waits<Void> send = Waits.run(() -> sender.send(bytes("x"), PATIENCE)).asleep();

        sender.close();

        wait.failure().isInstanceOf(EndClosed.class).hasMessageContaining("Channel is closed");
        send.failure().isInstanceOf(EndClosed.class).hasMessageContaining("Channel is closed");
        try (var receiver = open(ConnMode.RECEIVER, PLAIN)) {
            assertThat(next(receiver)).isEqualTo("kept");
        }
    }

    @Test
    void whatIsSentWhileItIsDisconnectedIsNotLost() throws Exception {
        List<Long> gaps = new ArrayList<>();
        try (var sender = open(ConnMode.SENDER, PLAIN); var other = open(ConnMode.RECEIVER, PLAIN);
                var receiver = open(ConnMode.RECEIVER, PLAIN)) {
            receiver.onGap(gaps::add);
            sender.send(bytes("one"));
            assertThat(next(receiver)).isEqualTo("one");
            receiver.disconnect();
            sender.send(bytes("two"));
            receiver.connect();
            sender.send(bytes("three"));

            assertThat(next(receiver)).isEqualTo("three");
            assertThat(receiver.lost()).isZero();
            assertThat(gaps).isEmpty();
            assertThat(other.receiverCount()).isEqualTo(2);
        }
    }

    @Test
    void droppedMessagesCountOverAllConnectionsAndTheirLinger() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN.withLinger(Duration.ofMillis(300)))) {
            for (int i = 0; i < 3; i++) {
                sender.send(bytes("for nobody"));
                sender.disconnect();
                sender.connect();
            }
            await().atMost(Children.PATIENCE).until(() -> sender.dropped() == 3);
        }
    }

    @Test
    void eachReceiverHasItsCountOfWhatWasDroppedForIt() throws Exception {
        try (var slow = open(ConnMode.RECEIVER, SMALL); var quick = open(ConnMode.RECEIVER, PLAIN);
                var sender = open(ConnMode.SENDER,
                        PLAIN.withSlowReader(SlowReader.DROP_NEWEST))) {
            for (int i = 0; i < 500; i++) {
                sender.send(bytes("word"));
            }

            assertThat(sender.dropped()).isPositive();
            assertThat(sender.droppedByReceiver().values())
                    .containsExactlyInAnyOrder(sender.dropped(), 0L);
            assertThat(sender.droppedByReceiver().keySet())
                    .allSatisfy(one -> {
                        assertThat(one.pid()).isEqualTo(ProcessHandle.current().pid());
                        assertThat(one.role()).isEqualTo("receiver");
                    });
            assertThatThrownBy(slow::droppedByReceiver).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mode=RECEIVER");
            sender.disconnect();
            assertThat(sender.droppedByReceiver()).isEmpty();
            assertThat(quick.lost()).isZero();
        }
    }

    /// A message counts with the eight bytes before it.
    @Test
    void noMoreThan64MiBAreKept() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            for (int i = 0; i < 64; i++) {
                sender.send(new byte[MIB - HEAD]);
            }
            assertThatThrownBy(() -> sender.send(bytes("one more"))).isInstanceOf(TimedOut.class);
            try (var receiver = open(ConnMode.RECEIVER, PLAIN)) {
                for (int i = 0; i < 64; i++) {
                    assertThat(receiver.receive(PATIENCE)).hasSize(MIB - HEAD);
                }
                sender.send(bytes("newer"));
                assertThat(next(receiver)).isEqualTo("newer");
                assertThat(receiver.lost()).isZero();
            }
        }
    }

    @Test
    void sendThatDoesNotWaitSaysWhetherRoomOrAReceiverIsMissing() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            assertThatThrownBy(() -> sender.send(bytes("x"), IpcChannel.IMMEDIATE))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("there is no receiver now: name=words")
                    .hasMessageContaining("looked in " + names.directory());
            try (var receiver = open(ConnMode.RECEIVER, SMALL)) {
                fill(sender);
                assertThatThrownBy(() -> sender.send(bytes("x"), IpcChannel.IMMEDIATE))
                        .isInstanceOf(TimedOut.class)
                        .hasMessageContaining("there is no room now: name=words, receivers=1: a"
                                + " receiver of this very process has no room, pid="
                                + ProcessHandle.current().pid())
                        .hasMessageEndingWith(": have it receive, or open the channel as SENDER"
                                + " to send only, or give the send a time");
                assertThat(receiver.isConnected()).isTrue();
            }
            // The lane ends first, and the facts about its end come a moment later.
            await().atMost(Children.PATIENCE).untilAsserted(() -> assertThatThrownBy(
                    () -> sender.send(bytes("x"), IpcChannel.IMMEDIATE))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("there is no receiver now: name=words, receivers=0: a"
                            + " receiver that was here, pid=" + ProcessHandle.current().pid())
                    .hasMessageContaining("has died or was closed: looked in"));
        }
    }

    @Test
    void disconnectBesideAThreadThatSendsAndOneThatReceivesEndsBoth() throws Exception {
        try (var full = open(ConnMode.RECEIVER, SMALL); var channel = open(ConnMode.BOTH, PLAIN)) {
            fill(channel);
            Waits<Void> send = Waits.run(() -> channel.send(bytes("x"), PATIENCE)).asleep();
            Waits<byte[]> receive = Waits.in(() -> channel.receive()).asleep();

            channel.disconnect();

            send.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("Channel not connected");
            receive.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("Channel not connected");
            channel.connect(ConnMode.SENDER);
            assertThat(channel.receiverCount()).isEqualTo(1);
            assertThat(full.isConnected()).isTrue();
        }
    }

    @Test
    void waitOfAReceiverForOthersEndsWithItsConnectionWhateverComesNext() throws Exception {
        try (var receiver = open(ConnMode.RECEIVER, PLAIN)) {
            Waits<Boolean> wait = Waits.in(() -> receiver.waitForReceivers(2)).asleep();

            receiver.disconnect();
            receiver.connect(ConnMode.SENDER);

            wait.failure().isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void disconnectThatIsInterruptedHasDisconnected() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN); var channel = open(ConnMode.BOTH, PLAIN)) {
            assertThat(sender.receiverCount()).isEqualTo(1);
            Waits<Void> disconnect = Waits.run(() -> {
                Thread.currentThread().interrupt();
                channel.disconnect();
            });

            disconnect.failure().isInstanceOf(InterruptedException.class);
            assertThat(channel.isConnected()).isFalse();
            await().atMost(Children.PATIENCE).until(() -> sender.receiverCount() == 0);
        }
    }

    @Test
    void closesAndConnectsAtOnceLeaveNothing() throws Exception {
        for (int i = 0; i < 50; i++) {
            var channel = open(ConnMode.BOTH, PLAIN);
            channel.disconnect();
            List<Waits<Void>> all = List.of(Waits.run(channel::connect),
                    Waits.run(() -> channel.connect(ConnMode.SENDER)), Waits.run(channel::close),
                    Waits.run(channel::close), Waits.run(channel::disconnect));
            for (Waits<Void> one : all) {
                Throwable failure = one.result().handle((_, thrown) -> thrown).get();
                assertThat(failure).satisfiesAnyOf(none -> assertThat(none).isNull(),
                        closed -> assertThat(closed).isInstanceOf(EndClosed.class)
                                .hasMessageContaining("Channel is closed"));
            }
            assertThat(channel.isClosed()).isTrue();
            assertThat(channel.isConnected()).isFalse();
        }
        assertThat(NamedDirectory.list()).isEmpty();
    }

    @Test
    void eachReceivingThreadFailsOnceCutOff() throws Exception {
        try (var slow = open(ConnMode.RECEIVER, SMALL); var sender = open(ConnMode.SENDER,
                PLAIN.withSlowReader(SlowReader.DISCONNECT))) {
            while (sender.receiverCount() == 1) {
                boolean _ = sender.trySend(bytes("word"));
            }
            List<Waits<Void>> receivers = IntStream.range(0, 3).mapToObj(_ -> Waits.run(() -> {
                while (true) {
                    byte[] _ = slow.receive();
                }
            })).toList();
            for (Waits<Void> receiver : receivers) {
                receiver.failure().isInstanceOf(Disconnected.class)
                        .satisfiesAnyOf(
                                end -> assertThat(end).hasMessageContaining("cut off as too slow"),
                                end -> assertThat(end).hasMessageContaining("not connected"));
            }
            assertThat(receivers).anySatisfy(receiver -> receiver.failure()
                    .hasMessageContaining("cut off as too slow"));
        }
    }

    @Test
    void threadsThatSendSingleMessagesWithoutAReceiverWaitSideBySide() throws Exception {
        for (int i = 0; i < 256; i++) {
            IpcChannel.sendMessage("words", bytes("kept"));
        }
        AtomicBoolean isSeen = new AtomicBoolean();
        List<Waits<Void>> senders = IntStream.range(0, 3).mapToObj(_ -> Waits.run(() -> {
            while (!isSeen.get()) {
                assertThatThrownBy(() -> IpcChannel.sendMessage("words", bytes("x")))
                        .isInstanceOf(TimedOut.class).hasMessageContaining("timeout=100 ms");
            }
        })).toList();
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                .until(() -> insideASend(senders) > 1);
        isSeen.set(true);
        for (Waits<Void> sender : senders) {
            sender.value();
        }
    }

    /// The number of senders that were in a send at one moment.
    private static long insideASend(List<Waits<Void>> senders) {
        Map<Thread, StackTraceElement[]> now = Thread.getAllStackTraces();
        return senders.stream().filter(sender -> Arrays
                .stream(now.getOrDefault(sender.thread(), new StackTraceElement[0]))
                .anyMatch(frame -> frame.getMethodName().equals("send") && frame.getClassName()
                        .equals("dev.ipcchannel.internal.send.GroupWay")))
                .count();
    }
}
