package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Values that another process may write into a queue's memory: none of them is trusted.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcHostileTest {

    private static final int SLOTS = 4;
    private static final int LENGTH = 16;
    private static final Duration SHORT = Duration.ofMillis(5);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory =
            arena.allocate(Zipc.sharedMemorySize(SLOTS, LENGTH), QueueLayout.ALIGNMENT);

    @AfterEach
    void close() {
        arena.close();
    }

    private ZipcSender sender() {
        return ZipcSender.over(memory, "/hostile", SLOTS, LENGTH, 1);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.over(memory, "/hostile", SLOTS, LENGTH, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {SLOTS, SLOTS + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void indexOutOfRangeIsRefusedByBothEnds(int index) {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            for (long word : new long[]{QueueLayout.HEAD, QueueLayout.TAIL}) {
                memory.set(JAVA_INT, QueueLayout.HEAD, 0);
                memory.set(JAVA_INT, QueueLayout.TAIL, 0);
                memory.set(JAVA_INT, word, index);
                String said = (word == QueueLayout.HEAD ? "head=" : "tail=")
                        + Integer.toUnsignedString(index) + ", slots=4";
                assertThatThrownBy(() -> sender.send(new byte[1]))
                        .isInstanceOf(ProtocolViolation.class).hasMessageContaining(said);
                assertThatThrownBy(receiver::receive)
                        .isInstanceOf(ProtocolViolation.class).hasMessageContaining(said)
                        .hasMessageContaining("zipc queue /hostile").hasMessageContaining("unlink");
                assertThatThrownBy(() -> receiver.receive(SHORT))
                        .isInstanceOf(ProtocolViolation.class).hasMessageContaining(said);
                assertThatThrownBy(() -> receiver.receive(new byte[LENGTH]))
                        .isInstanceOf(ProtocolViolation.class).hasMessageContaining(said);
                assertThat(memory.get(JAVA_INT, word)).isEqualTo(index);
            }
            memory.set(JAVA_INT, QueueLayout.TAIL, 0);
            assertThat(sender.send(new byte[1])).isTrue(); // nothing was left half done
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {LENGTH + 1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1})
    void lengthBeyondTheSlotIsCutToItAndCounted(long length) {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send("0123456789abcdef".getBytes(UTF_8))).isTrue();
            assertThat(sender.send(new byte[2])).isTrue();
            memory.set(JAVA_LONG, QueueLayout.LENGTHS, length);
            memory.set(JAVA_LONG, QueueLayout.LENGTHS + 8, length);

            ZipcMessage message = receiver.receive();
            assertThat(message).isNotNull();
            assertThat(message.bytes()).asString(UTF_8).isEqualTo("0123456789abcdef");
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(LENGTH);
            assertThat(receiver.clamped()).isEqualTo(2);

            assertThat(sender.send(new byte[3])).isTrue();
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(3);
            assertThat(receiver.clamped()).isEqualTo(2);
        }
    }

    @Test
    void lengthBeyondTheSlotIsRefusedByAStrictReceiverWhichGoesOn() {
        ZipcOptions strict = ZipcOptions.defaults().withStrict(true);
        try (ZipcSender sender = sender(); ZipcReceiver receiver =
                ZipcReceiver.over(memory, "/hostile", SLOTS, LENGTH, 2, strict)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(sender.send(new byte[i])).isTrue();
            }
            memory.set(JAVA_LONG, QueueLayout.LENGTHS, 17);
            memory.set(JAVA_LONG, QueueLayout.LENGTHS + 8, -1);

            assertThatThrownBy(receiver::receive).isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("bytes=17, messageSize=16");
            assertThatThrownBy(() -> receiver.receive(new byte[LENGTH]))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("bytes=18446744073709551615, messageSize=16");
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(3);
            assertThat(receiver.clamped()).isEqualTo(2);
        }
    }

    @Test
    void strictReceiverIsNotStuckOnALengthBeyondTheSlotForAnArrayThatIsShorter() {
        ZipcOptions strict = ZipcOptions.defaults().withStrict(true);
        byte[] target = new byte[LENGTH - 1];
        try (ZipcSender sender = sender(); ZipcReceiver receiver =
                ZipcReceiver.over(memory, "/hostile", SLOTS, LENGTH, 2, strict)) {
            assertThat(sender.send(new byte[1])).isTrue();
            assertThat(sender.send(new byte[2])).isTrue();
            memory.set(JAVA_LONG, QueueLayout.LENGTHS, 17);

            assertThatThrownBy(() -> receiver.receive(target))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("bytes=17, messageSize=16");
            assertThat(receiver.receive(target)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongFlagIsRefusedByBothEndsAndStays(ZipcDialect dialect) {
        ZipcOptions options = ZipcOptions.defaults().withDialect(dialect);
        QueueLayout layout = new QueueLayout(3, 5, dialect);
        MemorySegment odd = arena.allocate(layout.length(), QueueLayout.ALIGNMENT);
        odd.set(JAVA_INT.withByteAlignment(1), layout.flag(), 0x5a495044);

        assertThatThrownBy(() -> ZipcSender.over(odd, "/hostile", 3, 5, 1, options))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("flag=0x5a495044, needed=0x5a495043");
        assertThatThrownBy(() -> ZipcReceiver.over(odd, "/hostile", 3, 5, 2, options))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("flag=0x5a495044, needed=0x5a495043");
        assertThat(odd.get(JAVA_INT.withByteAlignment(1), layout.flag())).isEqualTo(0x5a495044);
    }

    @Test
    void wrongFlagThatComesAfterTheReceiverIsRefusedByItsCalls() {
        try (ZipcReceiver receiver = receiver()) {
            memory.set(JAVA_INT, new QueueLayout(SLOTS, LENGTH, ZipcDialect.CURRENT).flag(), 7);
            assertThatThrownBy(receiver::receive).isInstanceOf(ProtocolViolation.class);
            assertThatThrownBy(() -> receiver.receive(SHORT))
                    .isInstanceOf(ProtocolViolation.class);
        }
    }

    /// A sender may be killed between two bytes of the flag, which it writes from the first one on.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void flagOfASenderThatWasKilledInItIsMadeWholeByTheNext(int written) {
        long flag = new QueueLayout(SLOTS, LENGTH, ZipcDialect.CURRENT).flag();
        byte[] magic = {0x43, 0x50, 0x49, 0x5a};
        MemorySegment.copy(magic, 0, memory, JAVA_BYTE, flag, written);
        try (ZipcReceiver receiver = receiver()) {
            assertThat(receiver.receive()).isNull();
            try (ZipcSender sender = sender()) {
                assertThat(memory.asSlice(flag, 4).toArray(JAVA_BYTE)).isEqualTo(magic);
                assertThat(receiver.receive()).isNull(); // the queue is empty
                assertThat(sender.send(new byte[7])).isTrue();
                assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(7);
            }
        }
    }

    @Test
    void receiverOfAQueueWithoutASenderFindsNothingWithinItsTime() throws Exception {
        try (ZipcReceiver receiver = receiver()) {
            long start = System.nanoTime();
            assertThat(receiver.receive(SHORT)).isNull();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThat(receiver.receive()).isNull();
        }
    }

    /// All words change all the time, as fast as a thread can write.
    @Test
    void receiverOfScribbledMemoryGetsMessagesInsideTheirSlotsOrATypedError() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        long seed = new Random().nextLong();
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            Waits<Void> scribbling = Waits.run(() -> {
                Random random = new Random(seed);
                while (!isOver.get()) {
                    memory.set(JAVA_INT, QueueLayout.TAIL, random.nextInt(-2, SLOTS + 2));
                    memory.set(JAVA_INT, QueueLayout.HEAD, random.nextInt(-1, SLOTS + 1));
                    memory.set(JAVA_LONG, QueueLayout.LENGTHS + 8L * random.nextInt(SLOTS),
                            random.nextBoolean() ? random.nextInt(LENGTH) : random.nextLong());
                }
            });
            int received = 0;
            int refused = 0;
            byte[] target = new byte[LENGTH];
            for (int i = 0; i < 200_000 || received == 0 || refused == 0; i++) {
                try {
                    ZipcMessage message = i % 3 == 0 ? receiver.receive(Duration.ofNanos(1))
                            : receiver.receive();
                    if (message != null) {
                        received++;
                        assertThat(message.bytes().length).as("seed %d", seed)
                                .isBetween(0, LENGTH);
                        assertThat(message.index()).isBetween(0, SLOTS - 1);
                    }
                    assertThat(receiver.receive(target)).isBetween(-1, LENGTH);
                    boolean _ = sender.send(target);
                } catch (ProtocolViolation _) {
                    refused++;
                }
            }
            isOver.set(true);
            assertThat(scribbling.value()).isNull();
            assertThat(receiver.clamped()).isPositive();
        }
    }

    /// Senders of the first versions write into the slot before they check whether the queue is
    /// full.
    @Test
    void copyOfAMessageIsWholeBesideASenderThatWritesIntoAFullQueue() throws Exception {
        int length = 1 << 20; // long enough to be overwritten during the copy
        long last = (long) length - Long.BYTES;
        MemorySegment wide = arena.allocate(Zipc.sharedMemorySize(3, length), 8);
        AtomicBoolean isOver = new AtomicBoolean();
        try (ZipcSender sender = ZipcSender.over(wide, "/hostile", 3, length, 1);
                ZipcReceiver receiver = ZipcReceiver.over(wide, "/hostile", 3, length, 2)) {
            ZipcQueue queue = sender.queue;
            Waits<Void> sending = Waits.run(() -> {
                for (long number = 1; !isOver.get(); number++) {
                    int slot = queue.tail();
                    wide.set(JAVA_LONG_UNALIGNED, queue.slotAt(slot), number);
                    wide.set(JAVA_LONG_UNALIGNED, queue.slotAt(slot) + last, number);
                    if (queue.free() != ZipcQueue.NONE) { // else it is lost
                        queue.publish(slot, length);
                    }
                }
            });
            byte[] target = new byte[length];
            MemorySegment copy = MemorySegment.ofArray(target);
            long before = 0;
            for (int i = 0; i < 200; i++) {
                assertThat(receiver.receive(target, Children.PATIENCE)).isEqualTo(length);
                long number = copy.get(JAVA_LONG_UNALIGNED, 0);
                assertThat(number).isGreaterThan(before);
                assertThat(copy.get(JAVA_LONG_UNALIGNED, last)).isEqualTo(number);
                before = number;
            }
            isOver.set(true);
            assertThat(sending.value()).isNull();
        }
    }

    @Test
    void memoryThatCannotHoldTheQueueIsRefused() {
        MemorySegment small = memory.asSlice(0, memory.byteSize() - 1);
        assertThatThrownBy(() -> ZipcSender.over(small, "/q", SLOTS, LENGTH, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the memory for zipc queue /q has at least 228 bytes, at a"
                        + " multiple of 8: bytes=227, address=0x")
                .hasMessageEndingWith(": allocate as many as Zipc.sharedMemorySize says, aligned"
                        + " to 8");
        MemorySegment crooked = arena.allocate(300, 8).asSlice(4);
        assertThatThrownBy(() -> ZipcReceiver.over(crooked, "/q", SLOTS, LENGTH, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at a multiple of 8");
        MemorySegment onHeap = MemorySegment.ofArray(new long[64]);
        assertThatThrownBy(() -> ZipcSender.over(onHeap, "/q", SLOTS, LENGTH, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the memory for zipc queue /q is not native, or cannot be written:"
                        + " native=false, readOnly=false: allocate it with an Arena");
        assertThatThrownBy(() -> ZipcSender.over(memory.asReadOnly(), "/q", SLOTS, LENGTH, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readOnly=true");
    }
}
