package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The public behaviour of broadcast channels, in one process.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcChannelTest {

    private static final long PATIENCE = 20_000;
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    record Word(int number, String text) {}

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    private static IpcChannel<byte[]> channel(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "words", mode);
    }

    private static IpcChannel<byte[]> route(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, "words", mode);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] message) {
        return new String(message, UTF_8);
    }

    @Test
    void typesAndModesHaveTheirNumbers() {
        assertThat(ChannelType.values()).extracting(ChannelType::value).containsExactly(0, 1);
        assertThat(ConnMode.values()).extracting(ConnMode::value).containsExactly(1, 2, 3);
        assertThat(ConnMode.BOTH.value())
                .isEqualTo(ConnMode.SENDER.value() | ConnMode.RECEIVER.value());
    }

    @ParameterizedTest
    @EnumSource
    void messageGoesToEachReceiver(ChannelType type) throws Exception {
        try (var one = IpcChannel.open(type, "words", ConnMode.RECEIVER);
                var two = IpcChannel.open(type, "words", ConnMode.RECEIVER);
                var sender = IpcChannel.open(type, "words", ConnMode.SENDER)) {
            sender.send(bytes("Hello, World!"));

            assertThat(text(one.receive())).isEqualTo("Hello, World!");
            assertThat(text(two.receive(PATIENCE))).isEqualTo("Hello, World!");
            assertThat(one.tryReceive()).isNull();
            assertThat(sender.receiverCount()).isEqualTo(2);
            assertThat(sender.type()).isEqualTo(type);
            assertThat(sender.name()).isEqualTo("words");
        }
    }

    @Test
    void eachOfManySendersReachesEachReceiverInItsOrder() throws Exception {
        int count = 3;
        List<IpcChannel<Word>> receivers = new ArrayList<>();
        List<IpcChannel<Word>> senders = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                receivers.add(words(ConnMode.RECEIVER));
                senders.add(words(ConnMode.SENDER));
            }
            for (int number = 0; number < 50; number++) {
                for (int i = 0; i < count; i++) {
                    senders.get(i).send(new Word(number, "of " + i), PATIENCE);
                }
            }
            for (IpcChannel<Word> receiver : receivers) {
                int[] next = new int[count];
                for (int i = 0; i < count * 50; i++) {
                    Word word = receiver.receive(PATIENCE);
                    int sender = Integer.parseInt(word.text().substring(3));
                    assertThat(word.number()).isEqualTo(next[sender]++);
                }
                assertThat(receiver.tryReceive()).isNull();
                assertThat(receiver.lost()).isZero();
            }
        } finally {
            receivers.forEach(IpcChannel::close);
            senders.forEach(IpcChannel::close);
        }
    }

    private static IpcChannel<Word> words(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "words", mode, Word.class);
    }

    @Test
    void typedMessagesGoByClassTokenAndCodec() throws Exception {
        try (var receiver = IpcChannel.open(ChannelType.CHANNEL, "lists", ConnMode.RECEIVER,
                new TypeToken<List<Word>>() {});
                var sender = IpcChannel.open(ChannelType.CHANNEL, "lists", ConnMode.SENDER,
                        Codec.of(new TypeToken<List<Word>>() {}), BroadcastOptions.defaults())) {
            sender.send(List.of(new Word(1, "one")));

            assertThat(receiver.receive(PATIENCE)).containsExactly(new Word(1, "one"));
        }
    }

    @Test
    void typedMessagesHaveOptionsByClassAndByToken() throws Exception {
        var loopback = BroadcastOptions.defaults().withLoopback(true);
        try (var byClass = IpcChannel.open(ChannelType.CHANNEL, "class", ConnMode.BOTH, Word.class,
                loopback);
                var byToken = IpcChannel.open(ChannelType.CHANNEL, "token", ConnMode.BOTH,
                        new TypeToken<List<Word>>() {}, loopback)) {
            byClass.send(new Word(1, "one"));
            byToken.send(List.of(new Word(2, "two")));

            assertThat(byClass.receive(PATIENCE)).isEqualTo(new Word(1, "one"));
            assertThat(byToken.receive(PATIENCE)).containsExactly(new Word(2, "two"));
        }
    }

    @Test
    void emptyMessageArrives() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            sender.send(new byte[0]);
            assertThat(sender.trySend(new byte[0])).isTrue();

            assertThat(receiver.receive(PATIENCE)).isEmpty();
            assertThat(receiver.tryReceive()).isEmpty();
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 32_000, 65_536, 1_000_000})
    void longMessageIsAsItWasWhenItWasSentWhetherItWaitsForAReceiverOrNot(int length)
            throws Exception {
        byte[] bytes = filled(length, 1);
        try (var sender = channel(ConnMode.SENDER)) {
            sender.send(bytes, 0);
            Arrays.fill(bytes, (byte) 2);
            try (var receiver = channel(ConnMode.RECEIVER)) {
                assertThat(receiver.receive(PATIENCE)).isEqualTo(filled(length, 1));
                sender.send(bytes, PATIENCE);
                Arrays.fill(bytes, (byte) 3);
                assertThat(receiver.receive(PATIENCE)).isEqualTo(filled(length, 2));
            }
        }
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void longMessagesArriveUpToTheLimitThatIsGiven() throws Exception {
        var options = BroadcastOptions.defaults()
                .withChannel(ChannelOptions.defaults().withMaxMessage(1_000_000));
        try (var receiver = IpcChannel.open(ChannelType.ROUTE, "long", ConnMode.RECEIVER, options);
                var sender = IpcChannel.open(ChannelType.ROUTE, "long", ConnMode.SENDER, options)) {
            sender.send(new byte[1_000_000], PATIENCE);
            assertThat(receiver.receive(PATIENCE)).hasSize(1_000_000);

            assertThatThrownBy(() -> sender.send(new byte[1_000_001]))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageStartingWith("Invalid argument: Failed to send data: ");
        }
    }

    @Test
    void channelInBothModesDoesNotHearItself() throws Exception {
        try (var one = channel(ConnMode.BOTH); var two = channel(ConnMode.BOTH)) {
            one.send(bytes("from one"));

            assertThat(text(two.receive(PATIENCE))).isEqualTo("from one");
            assertThat(one.tryReceive()).isNull();
            assertThat(one.receiverCount()).isEqualTo(1);
            assertThat(two.receiverCount()).isEqualTo(1);
        }
    }

    @Test
    void channelAloneInBothModesHasNoReceiver() throws Exception {
        try (var one = channel(ConnMode.BOTH)) {
            assertThat(one.receiverCount()).isZero();
            assertThat(one.waitForReceivers(1, 50)).isFalse();
            assertThat(one.trySend(bytes("to nobody"))).isFalse();
            assertThat(one.tryReceive()).isNull();
        }
    }

    @Test
    void channelWithLoopbackReceivesItsOwnMessagesAndCountsAsItsReceiver() throws Exception {
        try (var one = IpcChannel.open(ChannelType.ROUTE, "echo", ConnMode.BOTH,
                BroadcastOptions.defaults().withLoopback(true))) {
            assertThat(one.waitForReceivers(1)).isTrue();
            one.send(bytes("to me"));

            assertThat(text(one.receive(PATIENCE))).isEqualTo("to me");
            assertThat(one.receiverCount()).isEqualTo(1);
        }
    }

    @Test
    void nothingThereIsFalseNullOrATimeout() throws Exception {
        try (var sender = channel(ConnMode.SENDER)) {
            assertThat(sender.trySend(bytes("nobody"))).isFalse();
            assertThat(sender.trySend(bytes("nobody"), 0)).isFalse();
            assertThat(sender.trySend(bytes("nobody"), IpcChannel.IMMEDIATE)).isFalse();
            assertThat(sender.trySend(bytes("nobody"), 20)).isFalse();
            assertThatThrownBy(() -> sender.send(bytes("nobody"), 20)).isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("Timeout: Failed to send data: ")
                    .hasMessageContaining("name=words").hasMessageContaining("timeout=20 ms")
                    .hasMessageContaining(names.directory().toString())
                    .satisfies(failure -> BroadcastPage.assertShows("timeout errors",
                            failure.getMessage()));
            assertThatThrownBy(() -> sender.send(bytes("nobody"), IpcChannel.IMMEDIATE))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("Timeout: Failed to send data: ");
            assertThat(sender.waitForReceivers(1, 20)).isFalse();
            assertThat(sender.waitForReceivers(1, IpcChannel.IMMEDIATE)).isFalse();
            assertThat(sender.waitForReceivers(0, IpcChannel.IMMEDIATE)).isTrue();
        }
        try (var receiver = channel(ConnMode.RECEIVER)) {
            assertThat(receiver.tryReceive()).isNull();
            for (long time : new long[]{20, IpcChannel.IMMEDIATE}) {
                assertThatThrownBy(() -> receiver.receive(time)).isInstanceOf(TimedOut.class)
                        .hasMessageStartingWith("Timeout: Failed to receive data: ")
                        .hasMessageContaining("name=words").hasMessageContaining("senders=0")
                        .hasMessageContaining(names.directory().toString())
                        .hasMessageContaining(time > 0 ? "within the time given"
                                : "there is no message now")
                        .extracting(failure -> ((IpcException) failure).status())
                        .isEqualTo(IpcStatus.TIMEOUT);
            }
        }
    }

    @Test
    void fullReceiverIsATimeoutAndNoReceiverHasTheMessage() throws Exception {
        var options = BroadcastOptions.defaults().withChannel(SMALL);
        try (var full = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.RECEIVER, options);
                var empty = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            int sent = 0;
            while (sender.trySend(bytes("word " + sent))) {
                sent++;
            }
            assertThat(sent).isPositive();
            assertThatThrownBy(() -> sender.send(bytes("late"))).isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("Timeout: Failed to send data: ")
                    .hasMessageContaining("timeout=100 ms");
            assertThat(sender.trySend(bytes("late"), 20)).isFalse();

            for (int i = 0; i < sent; i++) {
                assertThat(text(empty.receive(PATIENCE))).isEqualTo("word " + i);
                assertThat(text(full.receive(PATIENCE))).isEqualTo("word " + i);
            }
            assertThat(empty.tryReceive()).isNull();
            assertThat(full.tryReceive()).isNull();
        }
    }

    @Test
    void zeroWaitsForEverWhereAMessageOrAReceiverIsWaitedFor() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER)) {
            var message = Waits.in(() -> receiver.receive(0)).asleep();
            try (var sender = channel(ConnMode.SENDER)) {
                var two = Waits.in(() -> sender.waitForReceivers(2, 0)).asleep();
                try (var _ = channel(ConnMode.RECEIVER)) {
                    assertThat(two.value()).isTrue();
                }
                sender.send(bytes("at last"));
                assertThat(text(message.value())).isEqualTo("at last");
            }
        }
    }

    @Test
    void receiverOnlyCountsWhatTheDirectoryHas() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool();
                var one = channel(ConnMode.RECEIVER)) {
            assertThat(one.receiverCount()).isEqualTo(1);
            assertThat(one.waitForReceivers(2, 30)).isFalse();
            Future<Boolean> two = threads.submit(() -> one.waitForReceivers(2));
            try (var _ = channel(ConnMode.BOTH); var _ = channel(ConnMode.SENDER)) {
                assertThat(two.get(PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
                assertThat(one.receiverCount()).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-2, Long.MIN_VALUE})
    void otherNegativeTimesAreInvalid(long time) throws Exception {
        try (var both = channel(ConnMode.BOTH)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> both.send(bytes("x"), time), () -> both.trySend(bytes("x"), time),
                    () -> both.receive(time), () -> both.waitForReceivers(1, time),
                    () -> both.receive((_, _, _) -> {}, 1, time),
                    () -> IpcChannel.receiveMessage("words", time, ChannelType.CHANNEL))) {
                assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("Invalid argument: ")
                        .hasMessageEndingWith(": name=words, timeout=" + time);
            }
        }
    }

    @Test
    void strictChannelFailsAtOnceWithoutAReceiver() throws Exception {
        try (var sender = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.SENDER,
                BroadcastOptions.defaults().withStrict(true))) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> sender.send(bytes("x")), () -> sender.send(bytes("x"), PATIENCE),
                    () -> sender.send(bytes("x"), IpcChannel.IMMEDIATE),
                    () -> sender.trySend(bytes("x")), () -> sender.trySend(bytes("x"), PATIENCE))) {
                assertThatThrownBy(call).isInstanceOf(NoReceiver.class)
                        .hasMessageStartingWith("Send failed: Failed to send data: ")
                        .hasMessageContaining("name=words")
                        .extracting(failure -> ((IpcException) failure).status())
                        .isEqualTo(IpcStatus.SEND_FAILED);
            }
            try (var receiver = channel(ConnMode.RECEIVER)) {
                sender.send(bytes("now"));
                assertThat(text(receiver.receive(PATIENCE))).isEqualTo("now");
            }
        }
    }

    @Test
    void closedChannelSaysSo() throws Exception {
        var channel = channel(ConnMode.BOTH);
        assertThat(channel.isConnected()).isTrue();
        channel.close();
        channel.close();

        assertThat(channel.isClosed()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.receiverCount()).isEqualTo(-1);
        for (ThrowingCallable call : List.<ThrowingCallable>of(() -> channel.send(bytes("x")),
                () -> channel.trySend(bytes("x")), channel::receive, channel::tryReceive,
                () -> channel.waitForReceivers(1), channel::connect)) {
            assertThatThrownBy(call).isInstanceOf(EndClosed.class)
                    .hasMessageStartingWith("Invalid argument: Channel is closed: name=words")
                    .extracting(failure -> ((IpcException) failure).status())
                    .isEqualTo(IpcStatus.INVALID_ARGUMENT);
        }
        channel.disconnect();
        assertThat(channel).hasToString("IpcChannel[CHANNEL words, BOTH, closed]");
    }

    @Test
    void disconnectedChannelSaysSoAndConnectsAgain() throws Exception {
        try (var channel = channel(ConnMode.BOTH); var other = channel(ConnMode.BOTH)) {
            channel.connect(); // it is connected
            other.send(bytes("dropped"));
            channel.disconnect();
            channel.disconnect();

            assertThat(other.receiverCount()).isZero();
            assertThat(channel.isConnected()).isFalse();
            assertThat(channel.isClosed()).isFalse();
            assertThat(channel.receiverCount()).isZero();
            for (ThrowingCallable call : List.<ThrowingCallable>of(() -> channel.send(bytes("x")),
                    () -> channel.trySend(bytes("x")), channel::receive, channel::tryReceive,
                    () -> channel.waitForReceivers(1))) {
                assertThatThrownBy(call).isInstanceOf(Disconnected.class).hasMessageStartingWith(
                        "Connection failed: Channel not connected: name=words")
                        .extracting(failure -> ((IpcException) failure).status())
                        .isEqualTo(IpcStatus.CONNECTION_FAILED);
            }
            channel.connect();
            assertThat(channel.isConnected()).isTrue();
            assertThat(other.receiverCount()).isEqualTo(1);
            other.send(bytes("again"));
            assertThat(text(channel.receive(PATIENCE))).isEqualTo("again");
        }
    }

    @Test
    void channelConnectsAgainInAnotherMode() throws Exception {
        try (var channel = channel(ConnMode.SENDER); var other = channel(ConnMode.BOTH)) {
            channel.send(bytes("one"));
            channel.disconnect();
            channel.connect(ConnMode.RECEIVER);
            assertThat(channel.mode()).isEqualTo(ConnMode.RECEIVER);
            other.send(bytes("two"));

            assertThat(text(other.receive(PATIENCE))).isEqualTo("one");
            assertThat(text(channel.receive(PATIENCE))).isEqualTo("two");
            assertThatThrownBy(() -> channel.send(bytes("x")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mode=RECEIVER");
        }
    }

    @Test
    void modeThatDoesNotSendOrReceiveRefusesIt() throws Exception {
        try (var sender = channel(ConnMode.SENDER); var receiver = channel(ConnMode.RECEIVER)) {
            assertThatThrownBy(sender::receive).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("name=words").hasMessageContaining("mode=SENDER");
            assertThatThrownBy(sender::tryReceive).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> receiver.send(bytes("x")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mode=RECEIVER");
            assertThatThrownBy(() -> receiver.trySend(bytes("x")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endWakesThreadsThatWait(boolean isClosed) throws Exception {
        var channel = channel(ConnMode.BOTH);
        try {
            List<Waits<?>> waits = List.of(Waits.in(() -> channel.receive()).asleep(),
                    Waits.in(() -> channel.receive()).asleep(),
                    Waits.in(() -> channel.waitForReceivers(1)).asleep(),
                    Waits.run(() -> channel.send(bytes("x"), IpcChannel.INFINITE)).asleep());
            if (isClosed) {
                channel.close();
            } else {
                channel.disconnect();
            }
            for (Waits<?> wait : waits) {
                wait.failure().isInstanceOf(isClosed ? EndClosed.class : Disconnected.class)
                        .hasMessageContaining(isClosed ? "Channel is closed"
                                : "Channel not connected");
            }
        } finally {
            channel.close();
        }
    }

    @Test
    void manyThreadsReceiveEachMessageOnce() throws Exception {
        int threads = 4;
        int each = 500;
        Set<Integer> got = ConcurrentHashMap.newKeySet();
        try (ExecutorService pool = Executors.newFixedThreadPool(2 * threads);
                var receiver = words(ConnMode.RECEIVER); var sender = words(ConnMode.SENDER)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        sender.send(new Word(first + i, "word"), PATIENCE);
                    }
                    return null;
                }));
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        assertThat(got.add(receiver.receive(PATIENCE).number())).isTrue();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                Object _ = one.get(PATIENCE, TimeUnit.MILLISECONDS);
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(
                    IntStream.range(0, threads * each).boxed().toList());
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void secondThreadThatReceivesWaitsItsTime() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            var first = Waits.in(() -> receiver.receive()).asleep();
            assertThatThrownBy(() -> receiver.receive(20)).isInstanceOf(TimedOut.class);
            assertThat(receiver.tryReceive()).isNull();
            sender.send(bytes("one"));
            assertThat(text(first.value())).isEqualTo("one");
        }
    }

    @Test
    void secondSenderOfARouteIsRefusedWithTheHolder() throws Exception {
        try (var receiver = route(ConnMode.RECEIVER); var sender = route(ConnMode.SENDER)) {
            for (ConnMode mode : List.of(ConnMode.SENDER, ConnMode.BOTH)) {
                assertThatThrownBy(() -> route(mode)).isInstanceOf(HandshakeFailed.class)
                        .hasMessageStartingWith(
                                "Connection failed: Failed to create channel 'words': ")
                        .hasMessageContaining("name=words, pid=" + ProcessHandle.current().pid())
                        .extracting(failure -> ((IpcException) failure).status())
                        .isEqualTo(IpcStatus.CONNECTION_FAILED);
            }
            sender.send(bytes("still"));
            assertThat(text(receiver.receive(PATIENCE))).isEqualTo("still");
            await().atMost(Duration.ofMillis(PATIENCE)).pollInterval(Duration.ofMillis(2))
                    .until(() -> sender.receiverCount() == 1); // no receiver of those is left
        }
        route(ConnMode.SENDER).close(); // there is none any more
    }

    @Test
    void nameIsOpenInOneForm() throws Exception {
        try (var _ = channel(ConnMode.RECEIVER)) {
            assertThatThrownBy(() -> route(ConnMode.SENDER)).isInstanceOf(HandshakeFailed.class)
                    .hasMessageStartingWith("Connection failed: Failed to create channel 'words': ")
                    .hasMessageContaining("type=ROUTE, there=CHANNEL")
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid())
                    .satisfies(failure -> BroadcastPage.assertShows("connection failed",
                            failure.getMessage()));
        }
    }

    @Test
    void nameIsOpenForOneType() throws Exception {
        try (var _ = channel(ConnMode.RECEIVER)) {
            assertThatThrownBy(() -> words(ConnMode.SENDER)).isInstanceOf(TypeMismatch.class)
                    .hasMessageStartingWith("Connection failed: Failed to create channel 'words': ")
                    .hasMessageContaining("byte[]").hasMessageContaining("Word");
        }
    }

    @Test
    void otherKindsOfNamesAreOthers() throws Exception {
        try (var _ = channel(ConnMode.RECEIVER);
                var sender = NamedSender.open("words", String.class)) {
            assertThat(sender.receiverCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "line\nfeed"})
    void nameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> IpcChannel.open(ChannelType.ROUTE, name, ConnMode.SENDER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a name has 1 to 200 bytes");
    }

    @Test
    void typeWithEndsOfChannelsIsRefusedAsTheNameIsOpened() {
        record Offer(dev.ipcchannel.Sender<String> way) {}

        for (ConnMode mode : ConnMode.values()) {
            assertThatThrownBy(
                    () -> IpcChannel.open(ChannelType.CHANNEL, "words", mode, Offer.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("ends of channels cannot go along in a message to many")
                    .hasMessageContaining("Offer");
        }
        assertThat(NamedDirectory.list()).isEmpty();
    }

    @Test
    void oneMessageIsReceivedAndTheChannelClosed() throws Exception {
        var received = Waits.in(() -> IpcChannel.receiveMessage("words"));
        try (var sender = channel(ConnMode.SENDER)) {
            assertThat(sender.waitForReceivers(1, PATIENCE)).isTrue();
            sender.send(bytes("one"));
            assertThat(text(received.value())).isEqualTo("one");
            assertThatThrownBy(() -> IpcChannel.receiveMessage("words", 20))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("Timeout: Failed to receive data: ");
            assertThatThrownBy(
                    () -> IpcChannel.receiveMessage("words", 20, ChannelType.ROUTE))
                    .isInstanceOf(HandshakeFailed.class)
                    .hasMessageStartingWith("Connection failed: Failed to create channel 'words'");
        }
    }

    @Test
    void messagesThatAreSentOneByOneArriveInOrderAndHaveOneSender() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER)) {
            for (int i = 0; i < 500; i++) {
                IpcChannel.sendMessage("words", bytes("" + i));
            }
            assertThat(NamedDirectory.list()).extracting(NamedMember::role)
                    .containsExactlyInAnyOrder("receiver", "sender");
            for (int i = 0; i < 500; i++) {
                assertThat(text(receiver.receive(PATIENCE))).isEqualTo("" + i);
            }
            awaitOneMember();
            IpcChannel.sendMessage("words", bytes("again"), ChannelType.CHANNEL);
            assertThat(text(receiver.receive(PATIENCE))).isEqualTo("again");
            awaitOneMember();
        }
    }

    private static void awaitOneMember() {
        await().atMost(Duration.ofMillis(PATIENCE)).pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(NamedDirectory.list()).hasSize(1));
    }

    @Test
    void messageThatCannotBeSentByItselfSaysWhy() throws Exception {
        try (var _ = route(ConnMode.BOTH)) {
            assertThatThrownBy(() -> IpcChannel.sendMessage("words", bytes("x")))
                    .isInstanceOf(HandshakeFailed.class)
                    .hasMessageStartingWith("Connection failed: Failed to create channel 'words'");
            assertThat(NamedDirectory.list()).hasSize(2);
        }
        assertThatThrownBy(() -> IpcChannel.sendMessage("a/b", bytes("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clearingANameThatIsInUseNamesTheMembersAndHarmsNone() throws Exception {
        assertThat(IpcChannel.clearStorage("words")).isZero();
        try (var log = CaughtLog.listen(); var receiver = channel(ConnMode.RECEIVER);
                var sender = channel(ConnMode.SENDER)) {
            assertThat(IpcChannel.clearStorage("words")).isZero();
            assertThat(IpcChannel.clearStorage("other words")).isZero();
            assertThat(log.lines()).filteredOn(line -> line.contains("is cleared"))
                    .singleElement().asString().contains("name=words", "receiver pid="
                            + ProcessHandle.current().pid(), "sender pid=");
            sender.send(bytes("still"));
            assertThat(text(receiver.receive(PATIENCE))).isEqualTo("still");
        }
        assertThatThrownBy(() -> IpcChannel.clearStorage("a/b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void directoryShowsTheForm() throws Exception {
        try (var _ = route(ConnMode.BOTH)) {
            assertThat(NamedDirectory.list()).hasSize(2).allSatisfy(member -> {
                assertThat(member.kind()).isEqualTo("broadcast");
                assertThat(member.form()).isEqualTo("route");
                assertThat(member.type()).isEqualTo("bytes");
            }).extracting(NamedMember::role).containsExactlyInAnyOrder("sender", "receiver");
        }
    }
}
