package dev.ipcchannel.zipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A message in its slot: the end of its validity, and its use of the heap.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcMessageTest {

    private static final int SLOTS = 4;
    private static final int LENGTH = 100;
    private static final int SLICES = 300; // until all is compiled
    private static final int ROUNDS = 1000;

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();

    private ZipcSender sender() {
        return ZipcSender.open(queue.name(), SLOTS, LENGTH);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
    }

    private static ZipcMessage next(ZipcSender sender, ZipcReceiver receiver, String text) {
        assertThat(sender.send(text.getBytes(UTF_8))).isTrue();
        ZipcMessage message = receiver.receive();
        assertThat(message).isNotNull();
        return message;
    }

    @Test
    void keptMessageIsTheOneThatTheReceiverFindsInItsSlotLater() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            ZipcMessage kept = next(sender, receiver, "message 0");
            for (int i = 1; i < SLOTS; i++) {
                assertThat(next(sender, receiver, "message " + i)).isNotSameAs(kept);
                assertThatThrownBy(kept::bytes).isInstanceOf(IllegalStateException.class);
            }
            assertThat(next(sender, receiver, "another")).isSameAs(kept);
            assertThat(kept.bytes()).asString(UTF_8).isEqualTo("another");
        }
    }

    @Test
    void messageIsOverOnceTheNextOneIsReceivedAndALookThatFindsNoneLeavesIt() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            ZipcMessage message = next(sender, receiver, "first");
            assertThat(receiver.receive()).isNull();
            assertThat(message.bytes()).asString(UTF_8).isEqualTo("first");

            assertThat(sender.send("second".getBytes(UTF_8))).isTrue();
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(6);
            assertOver(message::index);
            assertOver(message::length);
            assertOver(message::segment);
            assertOver(message::bytes);
            assertThat(message).hasToString("message of 5 bytes in slot 0");
        }
    }

    private static void assertOver(ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        " is over, for the next one was received: copy what is needed of it");
    }

    @Test
    void messagesAskTheHeapForNothing() throws Exception {
        byte[] message = new byte[LENGTH];
        byte[] target = new byte[LENGTH];
        Duration patience = Duration.ofSeconds(20);
        Duration moment = Duration.ofNanos(1);
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertAsksForNothing(() -> {
                boolean _ = sender.send(message);
                ZipcMessage inPlace = receiver.receive();
                return length(inPlace);
            });
            assertAsksForNothing(() -> {
                boolean _ = sender.send(message, 0, LENGTH);
                return receiver.receive(target);
            });
            assertAsksForNothing(() -> {
                ZipcMessage none = receiver.receive(moment); // sleeps
                boolean _ = sender.send(message);
                return none == null ? length(receiver.receive(patience)) : -1;
            });
        }
    }

    private static long length(@Nullable ZipcMessage message) {
        return message == null ? -1 : message.segment().byteSize();
    }

    /// A round trip of one message.
    private interface Round {

        /// @return the length of the received message
        long run() throws InterruptedException;
    }

    private static void assertAsksForNothing(Round round) throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int slice = 0; slice < SLICES && least >= ROUNDS; slice++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            long sum = 0;
            for (int i = 0; i < ROUNDS; i++) {
                sum += round.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(sum).isEqualTo((long) ROUNDS * LENGTH);
        }
        assertThat(least).as("bytes for %d messages", ROUNDS).isLessThan(ROUNDS);
    }
}
