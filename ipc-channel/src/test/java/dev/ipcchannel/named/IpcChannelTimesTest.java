package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The times of a broadcast channel's sends: those that wait, for room or a receiver, and those
/// that do not.
///
/// A call that must not wait is made so often that even waits of 100 ms, the shortest, would exceed
/// the time limit of this class.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcChannelTimesTest {

    private static final int MANY = 1000;
    private static final int QUEUE = 256;
    private static final long PATIENCE = 20_000;
    private static final BroadcastOptions PLAIN = BroadcastOptions.defaults();
    private static final BroadcastOptions STRICT = PLAIN.withStrict(true);
    private static final BroadcastOptions SMALL =
            PLAIN.withChannel(ChannelOptions.defaults().withCapacity(4096));
    private static final byte[] WORD = bytes("word");

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

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

    /// Makes each of the calls that never wait, many times.
    private static void assertNothingIsSentAtOnce(IpcChannel<byte[]> sender)
            throws InterruptedException {
        for (int i = 0; i < MANY; i++) {
            assertThat(sender.trySend(WORD)).isFalse();
            assertThat(sender.trySend(WORD, 0)).isFalse();
            assertThat(sender.trySend(WORD, IpcChannel.IMMEDIATE)).isFalse();
        }
        for (int i = 0; i < MANY / 10; i++) { // each reads the directory for its message
            assertThatThrownBy(() -> sender.send(WORD, IpcChannel.IMMEDIATE))
                    .isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void sendsThatDoNotWaitFindNoReceiver() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            assertNothingIsSentAtOnce(sender);
        }
    }

    @Test
    void sendsThatDoNotWaitFindNoRoom() throws Exception {
        try (var receiver = open(ConnMode.RECEIVER, SMALL);
                var sender = open(ConnMode.SENDER, PLAIN)) {
            int sent = 0;
            while (sender.trySend(WORD)) {
                sent++;
            }
            assertNothingIsSentAtOnce(sender);
            for (int i = 0; i < sent; i++) {
                assertThat(next(receiver)).isEqualTo("word");
            }
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void strictSendWithoutAReceiverFailsAtOnceHoweverLongItMightWait() throws Exception {
        try (var sender = open(ConnMode.SENDER, STRICT)) {
            ThrowingCallable[] calls = {() -> sender.send(WORD), () -> sender.send(WORD, 0),
                () -> sender.send(WORD, IpcChannel.INFINITE), () -> sender.trySend(WORD),
                () -> sender.trySend(WORD, 0), () -> sender.trySend(WORD, IpcChannel.INFINITE)};
            for (int i = 0; i < MANY / calls.length; i++) {
                for (ThrowingCallable call : calls) {
                    assertThatThrownBy(call).isInstanceOf(NoReceiver.class);
                }
            }
        }
    }

    @Test
    void trySendWithATimeReachesAReceiverThatComesInTime() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            Waits<Boolean> send = Waits.in(() -> sender.trySend(WORD, PATIENCE)).asleep();
            try (var receiver = open(ConnMode.RECEIVER, PLAIN)) {
                assertThat(send.value()).isTrue();
                assertThat(next(receiver)).isEqualTo("word");
            }
        }
    }

    @Test
    void sendBesideAFullQueueGoesOutAfterWhatIsKeptOnceAReceiverComes() throws Exception {
        try (var sender = open(ConnMode.SENDER, PLAIN)) {
            for (int i = 0; i < QUEUE; i++) {
                sender.send(bytes("kept " + i));
            }
            Waits<Void> send = Waits.run(() -> sender.send(WORD, PATIENCE)).asleep();
            try (var receiver = open(ConnMode.RECEIVER, PLAIN)) {
                assertThat(send.value()).isNull();
                for (int i = 0; i < QUEUE; i++) {
                    assertThat(next(receiver)).isEqualTo("kept " + i);
                }
                assertThat(next(receiver)).isEqualTo("word");
                assertThat(receiver.tryReceive()).isNull();
            }
        }
    }

    @Test
    void channelLingersForASecondUnlessItIsGivenAnotherTime() {
        assertThat(PLAIN.linger()).isEqualTo(Duration.ofSeconds(1));
    }
}
