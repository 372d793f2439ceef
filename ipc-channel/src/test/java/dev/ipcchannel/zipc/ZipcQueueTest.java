package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A queue between a sender and a receiver of one process, and its bytes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcQueueTest {

    private static final int SLOTS = 4;
    private static final int LENGTH = 16;

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();

    private ZipcSender sender() {
        return ZipcSender.open(queue.name(), SLOTS, LENGTH);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(ZipcMessage message) {
        return new String(message.bytes(), UTF_8);
    }

    private static String next(ZipcReceiver receiver) {
        ZipcMessage message = receiver.receive();
        return message == null ? "none" : text(message);
    }

    @Test
    void queueTakesOneMessageLessThanItHasSlots() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            for (int i = 0; i < SLOTS - 1; i++) {
                assertThat(sender.send(bytes("message " + i))).isTrue();
            }
            assertThat(sender.send(bytes("one more"))).isFalse();

            assertThat(next(receiver)).isEqualTo("message 0");
            assertThat(sender.send(bytes("another"))).isTrue();
            assertThat(sender.send(bytes("one more"))).isFalse();
        }
    }

    @Test
    void messagesKeepTheirOrderAcrossTheEndOfTheSlots() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            List<String> received = new ArrayList<>();
            for (int i = 0; i < 100; i += 2) {
                assertThat(sender.send(bytes("m" + i))).isTrue();
                assertThat(sender.send(bytes("m" + (i + 1)))).isTrue();
                received.add(next(receiver));
                received.add(next(receiver));
                assertThat(receiver.receive()).isNull();
            }
            assertThat(received).containsExactlyElementsOf(
                    IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
        }
    }

    @Test
    void lookAtAnEmptyQueueLeavesItsIndicesAndSeesTheTail() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            MemorySegment memory = sender.sharedMemory();
            assertThat(receiver.receive()).isNull();
            assertThat(memory.get(JAVA_INT, QueueLayout.TAIL)).isZero();

            assertThat(sender.send(bytes("one"))).isTrue();
            assertThat(next(receiver)).isEqualTo("one");
            assertThat(receiver.receive()).isNull();
            assertThat(memory.get(JAVA_INT, QueueLayout.TAIL)).isEqualTo(1);
            assertThat(memory.get(JAVA_INT, QueueLayout.HEAD)).isEqualTo(1);
        }
    }

    @Test
    void fullQueueRefusesWithoutTouchingTheMessageInUse() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(bytes("in use"))).isTrue();
            ZipcMessage inUse = receiver.receive();
            for (int i = 0; i < SLOTS - 1; i++) {
                assertThat(sender.send(bytes("message " + i))).isTrue();
            }
            assertThat(sender.send(bytes("overwritten"))).isFalse();

            assertThat(inUse).isNotNull();
            assertThat(text(inUse)).isEqualTo("in use");
            assertThat(inUse.index()).isZero();
        }
    }

    @Test
    void senderAndReceiverInLockStep() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            for (int i = 0; i < 1000; i++) {
                assertThat(sender.send(bytes("step " + i))).isTrue();
                ZipcMessage message = receiver.receive();
                assertThat(message).isNotNull();
                assertThat(message.index()).isEqualTo(i % SLOTS);
                assertThat(text(message)).isEqualTo("step " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoThreadsLoseNothing(ZipcDialect dialect) throws Exception {
        ZipcOptions options = ZipcOptions.defaults().withDialect(dialect);
        int count = 200_000;
        int length = 13; // the flag is at an odd place
        try (ZipcSender sender = ZipcSender.open(queue.name(), 7, length, options);
                ZipcReceiver receiver = ZipcReceiver.open(queue.name(), 7, length, options)) {
            Waits<Void> sending = Waits.run(() -> {
                for (int i = 0; i < count; i++) {
                    byte[] message = numbered(i, length);
                    while (!sender.send(message)) {
                        Thread.onSpinWait();
                    }
                }
            });
            for (int i = 0; i < count; i++) {
                ZipcMessage message = receiver.receive(Duration.ofSeconds(30));
                assertThat(message).as("message %d", i).isNotNull();
                if (message.segment().mismatch(MemorySegment.ofArray(numbered(i, length))) != -1) {
                    throw new AssertionError("message " + i + " is torn: " + message);
                }
            }
            assertThat(sending.value()).isNull();
            assertThat(receiver.receive()).isNull();
        }
    }

    private static byte[] numbered(int number, int longest) {
        byte[] message = new byte[Integer.BYTES + number % (longest - Integer.BYTES + 1)];
        return ByteBuffer.wrap(message).putInt(number).array();
    }

    @Test
    void emptyMessageIsAMessage() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(new byte[0])).isTrue();
            ZipcMessage message = receiver.receive();
            assertThat(message).isNotNull();
            assertThat(message.length()).isZero();
            assertThat(message.segment().byteSize()).isZero();

            assertThat(sender.send(new byte[0])).isTrue();
            assertThat(receiver.receive(new byte[LENGTH])).isZero();
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(-1);
        }
    }

    @Test
    void longestMessageFitsAndOneByteMoreIsRefused() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(new byte[LENGTH])).isTrue();
            assertThatThrownBy(() -> sender.send(new byte[LENGTH + 1]))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageContaining("bytes=17, messageSize=16");
            ZipcMessage message = receiver.receive();
            assertThat(message).isNotNull();
            assertThat(message.length()).isEqualTo(LENGTH);
            assertThat(receiver.receive()).isNull();
        }
    }

    @Test
    void partOfAnArrayAndASegmentAreSent() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(bytes("in the middle"), 3, 3)).isTrue();
            assertThat(next(receiver)).isEqualTo("the");
            assertThat(sender.send(MemorySegment.ofArray(bytes("segment")))).isTrue();
            assertThat(next(receiver)).isEqualTo("segment");
            assertThatThrownBy(() -> sender.send(new byte[3], 2, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("the bytes for zipc queue %s of 4 slots of 16 bytes are not all"
                            .formatted(queue.name()) + " inside their array: offset=2, length=2,"
                            + " array=3: give a part of it");
            for (int[] part : new int[][]{{-1, 1}, {0, -1}, {4, 0}, {1, Integer.MAX_VALUE}}) {
                assertThatThrownBy(() -> sender.send(new byte[3], part[0], part[1]))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(sender.send(new byte[3], 3, 0)).isTrue();
            assertThat(next(receiver)).isEmpty();
        }
    }

    @Test
    void messageIsOverOnceTheNextIsReceived() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(bytes("first"))).isTrue();
            assertThat(sender.send(bytes("second"))).isTrue();
            ZipcMessage first = receiver.receive();
            assertThat(first).isNotNull();
            assertThat(text(first)).isEqualTo("first");
            ZipcMessage second = receiver.receive();
            assertThatThrownBy(first::segment).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "this message of zipc queue %s of 4 slots of 16 bytes is"
                                    .formatted(queue.name())
                                    + " over, for the next one was received: ");
            assertThat(second).isNotNull();
            assertThat(receiver.receive()).isNull();
            // a look that finds nothing changes nothing
            assertThat(text(second)).isEqualTo("second");
        }
    }

    @Test
    void messageThatDoesNotFitIntoTheArrayStays() {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(bytes("eleven here"))).isTrue();
            assertThatThrownBy(() -> receiver.receive(new byte[10]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bytes=11, array=10");
            byte[] target = new byte[LENGTH];
            assertThat(receiver.receive(target)).isEqualTo(11);
            assertThat(new String(target, 0, 11, UTF_8)).isEqualTo("eleven here");
        }
    }

    /// 3 slots of 5 bytes: the flag's place is odd in the first versions.
    @ParameterizedTest
    @EnumSource
    void bytesLieWhereTheFormatHasThem(ZipcDialect dialect) {
        ZipcOptions options = ZipcOptions.defaults().withDialect(dialect);
        long flag = dialect == ZipcDialect.CLASSIC ? 128 + 24 + 15 : 128 + 24 + 16;
        assertThat(Zipc.sharedMemorySize(3, 5, options)).isEqualTo(flag + 4);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(flag + 4, 8);
            memory.set(JAVA_INT, 68, 7); // a receiver of another process sleeps
            try (ZipcSender sender = ZipcSender.over(memory, "/q", 3, 5, 1, options);
                    ZipcReceiver receiver = ZipcReceiver.over(memory, "/q", 3, 5, 2, options)) {
                assertThat(memory.get(JAVA_INT.withByteAlignment(1), flag)).isEqualTo(0x5a495043);
                assertThat(memory.get(JAVA_INT, 68)).isEqualTo(7);

                assertThat(sender.send(new byte[]{1})).isTrue();
                assertThat(sender.send(new byte[]{2, 3, 4, 5, 6})).isTrue();
                assertThat(memory.get(JAVA_INT, 0)).isZero();
                assertThat(memory.get(JAVA_INT, 64)).isEqualTo(2);
                assertThat(memory.get(JAVA_LONG, 128)).isEqualTo(1);
                assertThat(memory.get(JAVA_LONG, 136)).isEqualTo(5);
                assertThat(memory.get(JAVA_BYTE, 152)).isEqualTo((byte) 1);
                assertThat(memory.asSlice(157, 5).toArray(JAVA_BYTE))
                        .containsExactly(2, 3, 4, 5, 6);

                assertThat(receiver.receive()).isNotNull();
                assertThat(memory.get(JAVA_INT, 0)).isEqualTo(1);
                assertThat(sender.id()).isEqualTo(1);
                assertThat(receiver.id()).isEqualTo(2);
            }
        }
    }

    @Test
    void laterSenderAndReceiverGoOnWhereTheOthersWere() {
        try (ZipcSender sender = sender()) {
            assertThat(sender.send(bytes("one"))).isTrue();
            assertThat(sender.send(bytes("two"))).isTrue();
        }
        try (ZipcReceiver receiver = receiver()) {
            assertThat(next(receiver)).isEqualTo("one");
        }
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(bytes("three"))).isTrue();
            assertThat(next(receiver)).isEqualTo("two");
            assertThat(next(receiver)).isEqualTo("three");
        }
    }

    @Test
    void numberOfAnEndIsMadeOfItsTimeAndItsProcess() {
        long before = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        try (ZipcSender sender = sender()) {
            long pid = ProcessHandle.current().pid();
            long after = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
            assertThat(sender.id()).isBetween(((before & 0xffffffffL) << 16) | pid,
                    ((after & 0xffffffffL) << 16) | pid);
        }
    }

    @Test
    void accessorsSayWhatTheQueueWasOpenedWith() {
        try (ZipcSender sender = sender()) {
            assertThat(sender.name()).isEqualTo(queue.name());
            assertThat(sender.queueSize()).isEqualTo(SLOTS);
            assertThat(sender.messageSize()).isEqualTo(LENGTH);
            assertThat(sender.sharedMemorySize()).isEqualTo(128 + 4 * 8 + 64 + 4)
                    .isEqualTo(Zipc.sharedMemorySize(SLOTS, LENGTH));
            assertThat(sender.sharedMemory().byteSize()).isEqualTo(sender.sharedMemorySize());
            assertThat(sender.sharedMemory().isReadOnly()).isTrue();
            assertThat(Zipc.shmPath(queue.name())).hasToString("/dev/shm" + queue.name())
                    .hasSize(sender.sharedMemorySize());
        }
    }

    @Test
    void dumpsShowTheBytesWithTheirLetters() {
        try (ZipcSender sender = sender()) {
            assertThat(sender.send(bytes("hello"))).isTrue();
            assertThat(sender.dumpQueueHex()).hasLineCount((128 + 4 * 8) / 16)
                    .contains("00000040  01 00 00 00 ").contains("00000080  05 00 00 00 ");
            assertThat(sender.dumpHex()).startsWith(sender.dumpQueueHex())
                    .contains("000000A0  68 65 6C 6C 6F 00 ").contains("  hello...........")
                    .endsWith("000000E0  43 50 49 5A%s  CPIZ%n".formatted(" ".repeat(36)));
        }
    }

    @Test
    void closedEndIsRefusedAndItsSliceAsWell() {
        ZipcSender sender = sender();
        ZipcReceiver receiver = receiver();
        assertThat(sender.send(bytes("hello"))).isTrue();
        ZipcMessage message = receiver.receive();
        assertThat(message).isNotNull();
        MemorySegment slice = message.segment();
        sender.close();
        receiver.close();
        receiver.close();

        assertThatThrownBy(() -> sender.send(bytes("late"))).isInstanceOf(EndClosed.class)
                .hasMessageContaining("zipc queue " + queue.name());
        assertThatThrownBy(receiver::receive).isInstanceOf(EndClosed.class);
        assertThatThrownBy(receiver::dumpHex).isInstanceOf(EndClosed.class);
        for (ThrowingCallable look : List.<ThrowingCallable>of(message::bytes, message::segment,
                message::length, message::index)) {
            assertThatThrownBy(look).isInstanceOf(EndClosed.class)
                    .hasMessageContaining("this end of zipc queue " + queue.name());
        }
        assertThat(message).hasToString("message of 5 bytes in slot 0");
        assertThatThrownBy(() -> slice.get(JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void endOverMemoryThatIsGoneIsRefused() {
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(Zipc.sharedMemorySize(SLOTS, LENGTH), 8);
        try (ZipcSender sender = ZipcSender.over(memory, "/q", SLOTS, LENGTH, 1)) {
            arena.close();
            assertThatThrownBy(() -> sender.send(bytes("late"))).isInstanceOf(EndClosed.class)
                    .hasMessageStartingWith("the arena of the memory of zipc queue /q of ");
        }
    }

    @Test
    void randomLengthsArriveAsTheyWereSent() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            List<byte[]> inside = new ArrayList<>();
            byte[] target = new byte[LENGTH];
            for (int i = 0; i < 10_000; i++) {
                byte[] message = new byte[random.nextInt(LENGTH + 1)];
                random.nextBytes(message);
                assertThat(sender.send(message)).as("seed %d", seed)
                        .isEqualTo(inside.size() < SLOTS - 1);
                if (inside.size() < SLOTS - 1) {
                    inside.add(message);
                }
                if (random.nextBoolean()) {
                    int length = receiver.receive(target);
                    assertThat(Arrays.copyOf(target, length)).as("seed %d", seed)
                            .isEqualTo(inside.removeFirst());
                }
            }
        }
    }
}
