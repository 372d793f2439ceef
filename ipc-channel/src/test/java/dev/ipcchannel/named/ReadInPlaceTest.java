package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.receive.Gaps;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages of a broadcast channel that are read in place in shared memory.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadInPlaceTest {

    private static final long PATIENCE = 20_000;
    private static final long MOMENT = 20;
    private static final MessageHandler NOTHING = (_, _, _) -> {};

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private final List<String> texts = new ArrayList<>();

    private static IpcChannel<byte[]> channel(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, "frames", mode);
    }

    private static void send(IpcChannel<byte[]> sender, String... messages) throws Exception {
        for (String message : messages) {
            sender.send(message.getBytes(UTF_8), PATIENCE);
        }
    }

    private void add(MemorySegment memory, long offset, long length) {
        byte[] copy = new byte[(int) length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        texts.add(new String(copy, UTF_8));
    }

    @Test
    void messagesThatAreThereAreHandedOnUpToTheLimitInTheirOrder() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            assertThat(receiver.tryReceive(this::add, 9)).isZero();
            send(sender, "a", "", "ccc", "dd");

            assertThat(receiver.receive(this::add, 2)).isEqualTo(2);
            assertThat(texts).containsExactly("a", "");
            assertThat(receiver.receive(this::add, 1, PATIENCE)).isEqualTo(1);
            assertThat(receiver.tryReceive(this::add, 9)).isEqualTo(1);
            assertThat(texts).containsExactly("a", "", "ccc", "dd");
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 4096, 65_536, 1_000_000})
    void messageOfAnyLengthIsWholeAndBeginsAtAMultipleOfEight(int length) throws Exception {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (i * 7);
        }
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            sender.send(message, PATIENCE);

            assertThat(receiver.receive((memory, offset, count) -> {
                assertThat(offset % Long.BYTES).isZero();
                assertThat(memory.isReadOnly()).isTrue();
                assertThat(memory.asSlice(offset, count)
                        .mismatch(MemorySegment.ofArray(message))).isEqualTo(-1);
            }, 1, PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void waitEndsWithTheTimeAndSaysWhatIsMissing() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER)) {
            assertThatExceptionOfType(TimedOut.class)
                    .isThrownBy(() -> receiver.receive(NOTHING, 1, MOMENT))
                    .withMessageStartingWith("Timeout: Failed to receive data: no message came"
                            + " within the time given: name=frames, timeout=20 ms, senders=0");
            assertThatExceptionOfType(TimedOut.class)
                    .isThrownBy(() -> receiver.receive(NOTHING, 1, IpcChannel.IMMEDIATE))
                    .withMessageContaining("there is no message now: name=frames");
        }
    }

    @Test
    void waitEndsWithTheChannel() throws Exception {
        IpcChannel<byte[]> receiver = channel(ConnMode.RECEIVER);
        Waits<Integer> wait = Waits.in(() -> receiver.receive(NOTHING, 1));
        receiver.close();

        wait.failure().isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> receiver.tryReceive(NOTHING, 1)).isInstanceOf(EndClosed.class);
    }

    @Test
    void gapIsNotifiedBeforeTheMessageAfterIt() throws Exception {
        var options = BroadcastOptions.defaults().withSlowReader(SlowReader.DROP_NEWEST)
                .withChannel(ChannelOptions.defaults().withCapacity(4096));
        try (var receiver = IpcChannel.open(ChannelType.ROUTE, "gaps", ConnMode.RECEIVER, options);
                var sender = IpcChannel.open(ChannelType.ROUTE, "gaps", ConnMode.SENDER, options)) {
            receiver.onGap(missing -> texts.add("missing"));
            while (sender.dropped() < 3) {
                sender.send(new byte[100], PATIENCE);
            }
            while (receiver.tryReceive(NOTHING, 64) > 0) {
                assertThat(texts).isEmpty();
            }
            send(sender, "next");

            assertThat(receiver.receive(this::add, 1, PATIENCE)).isEqualTo(1);
            assertThat(texts).containsExactly("missing", "next");
            assertThat(receiver.lost()).isEqualTo(3);
        }
    }

    @Test
    void bothWaysOfReceivingCountOneRowOfNumbers() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            for (int i = 0; i < 10; i++) {
                send(sender, "in place", "copied");
                assertThat(receiver.receive(this::add, 1, PATIENCE)).isEqualTo(1);
                assertThat(receiver.receive(PATIENCE)).isEqualTo("copied".getBytes(UTF_8));
            }
            assertThat(receiver.lost()).isZero();
        }
    }

    @Test
    void whatTheHandlerThrowsIsItsOwnAndCostsOneMessage() throws Exception {
        var failure = new IllegalArgumentException("no frame");
        var ofAnother = new Disconnected("another channel");
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            send(sender, "one", "two", "three");

            assertThatThrownBy(() -> receiver.receive((_, _, _) -> {
                throw failure;
            }, 9)).isSameAs(failure);
            assertThatThrownBy(() -> receiver.tryReceive((_, _, _) -> {
                throw ofAnother;
            }, 9)).isSameAs(ofAnother);
            assertThat(receiver.receive(this::add, 9, PATIENCE)).isEqualTo(1);
            assertThat(texts).containsExactly("three");
            assertThat(receiver.isConnected()).isTrue();
        }
    }

    @Test
    void callInsideOfAHandlerIsRefusedAndTheOneAroundItGoesOn() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            send(sender, "one", "two");

            assertThat(receiver.receive((memory, offset, length) -> {
                assertNoneReceives(receiver);
                add(memory, offset, length);
            }, 9, PATIENCE)).isEqualTo(2);
            assertThat(texts).containsExactly("one", "two");
        }
    }

    private static void assertNoneReceives(IpcChannel<byte[]> receiver) {
        for (ThrowingCallable call : List.<ThrowingCallable>of(receiver::receive,
                () -> receiver.receive(MOMENT), receiver::tryReceive,
                () -> receiver.receive(NOTHING, 1), () -> receiver.receive(NOTHING, 1, MOMENT),
                () -> receiver.tryReceive(NOTHING, 1))) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessage(
                    "this channel is receiving on this thread already, so its handlers, codecs"
                            + " and actions of onGap may not receive from it: name=frames, caller="
                            + Thread.currentThread().getName()
                            + ": receive once they have returned");
        }
    }

    @Test
    void handlerSendsOnItsOwnChannel() throws Exception {
        try (var both = channel(ConnMode.BOTH); var other = channel(ConnMode.BOTH)) {
            send(both, "question");

            assertThat(
                    other.receive((_, _, _) -> assertThat(other.trySend("answer".getBytes(UTF_8)))
                            .isTrue(), 1, PATIENCE))
                    .isEqualTo(1);
            assertThat(both.receive(PATIENCE)).isEqualTo("answer".getBytes(UTF_8));
        }
    }

    @Test
    void actionForGapsMayNotReceiveWhicheverWayItsChannelReceives() throws Exception {
        var options = BroadcastOptions.defaults().withSlowReader(SlowReader.DROP_NEWEST)
                .withChannel(ChannelOptions.defaults().withCapacity(4096));
        try (var receiver =
                IpcChannel.open(ChannelType.CHANNEL, "frames", ConnMode.RECEIVER, options);
                var sender =
                        IpcChannel.open(ChannelType.CHANNEL, "frames", ConnMode.SENDER, options)) {
            receiver.onGap(missing -> {
                assertNoneReceives(receiver);
                texts.add("missing");
            });
            while (sender.dropped() < 3) {
                sender.send(new byte[100], PATIENCE);
            }
            while (receiver.tryReceive() != null) {
                assertThat(texts).isEmpty();
            }
            send(sender, "next");

            assertThat(receiver.receive(PATIENCE)).isEqualTo("next".getBytes(UTF_8));
            assertThat(texts).containsExactly("missing");
        }
    }

    @Test
    void messageWithoutItsNumberIsAFailureOfTheMessage() {
        var gaps = new Gaps("frames");
        var codec = new NumberedCodec<>(Codec.bytes(), gaps);
        var handler = new NumberedHandler(codec, gaps);
        handler.begin(this::add);

        assertThatExceptionOfType(CodecFailed.class)
                .isThrownBy(() -> handler.onMessage(MemorySegment.ofArray(new byte[8]), 0, 7))
                .withMessageContaining("shorter than its number: name=frames, bytes=7,"
                        + " needed=8: have all senders of the name use IpcChannel");
        assertThat(texts).isEmpty();
    }

    @Test
    void limitBelowOneAndMissingHandlerAreRefused() throws Exception {
        try (var receiver = channel(ConnMode.RECEIVER)) {
            assertThatThrownBy(() -> receiver.receive(NOTHING, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("limit must be at least 1: name=frames, limit=0");
            assertThatThrownBy(() -> receiver.receive(NOTHING, 1, -2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(IpcStatus.INVALID_ARGUMENT.text());
        }
    }

    @Test
    void senderCannotBeReadFrom() throws Exception {
        try (var sender = channel(ConnMode.SENDER)) {
            assertThatThrownBy(() -> sender.tryReceive(NOTHING, 1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readingAsksTheHeapForNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] message = new byte[100];
        long[] read = new long[1];
        MessageHandler counting = (_, _, length) -> read[0] += length;
        try (var receiver = channel(ConnMode.RECEIVER); var sender = channel(ConnMode.SENDER)) {
            long least = Long.MAX_VALUE;
            for (int slice = 0; slice < 200 && least >= 1000; slice++) { // until it is compiled
                long allocated = 0;
                for (int i = 0; i < 1000; i++) {
                    sender.send(message);
                    long before = threads.getCurrentThreadAllocatedBytes();
                    int _ = receiver.tryReceive(counting, 1);
                    allocated += threads.getCurrentThreadAllocatedBytes() - before;
                }
                least = Math.min(least, allocated);
            }
            assertThat(least).isLessThan(1000);
            assertThat(read[0] % (1000L * message.length)).isZero();
        }
    }
}
