package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The ring is a queue of messages: against a real queue at every wrap offset, and at each edge by
/// itself. One thread plays both sides; two processes at once are [WakeExplorerTest]'s.
@Timeout(60)
class RingTest {

    private static final int STEPS = 400; // a start index; some laps of the smaller ring

    private final TestRing ring = new TestRing(256); // longest payload 120

    @ParameterizedTest(name = "capacity {0}, seed {1}")
    @CsvSource({"256, 20261121", "4096, 20261122"})
    void ringIsAQueueFromEveryIndexOn(int capacity, long seed) {
        Random random = new Random(seed);
        for (int start = 0; start < capacity; start += 8) {
            TestRing anywhere = new TestRing(capacity, start);
            ArrayDeque<byte[]> queue = new ArrayDeque<>();
            for (int step = 0; step < STEPS; step++) {
                String where = "seed=%d, start=%d, step=%d".formatted(seed, start, step);
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> sendToBoth(anywhere, queue, random, where);
                    case 4, 5, 6 -> receiveFromBoth(anywhere, queue, where);
                    default -> anywhere.reader().publish();
                }
            }
        }
    }

    private static void sendToBoth(TestRing ring, ArrayDeque<byte[]> queue, Random random,
            String where) {
        int longest = RingLayout.maxPayload(ring.capacity());
        byte[] payload = new byte[random.nextInt(longest + 1) >> random.nextInt(6)]; // often short
        random.nextBytes(payload);
        boolean isRoom = isRoom(ring, payload.length);

        assertThat(ring.send(payload)).as(where).isEqualTo(isRoom);

        if (isRoom) {
            queue.add(payload);
        }
    }

    private static void receiveFromBoth(TestRing ring, ArrayDeque<byte[]> queue, String where) {
        assertThat(ring.reader().poll()).as(where).isEqualTo(!queue.isEmpty());
        if (!queue.isEmpty()) {
            assertThat(ring.take()).as(where).isEqualTo(queue.remove());
        }
    }

    /// Whether padding, record and the next header fit between the two positions.
    private static boolean isRoom(TestRing ring, int length) {
        long index = ring.writer().position() % ring.capacity();
        long record = (8L + length + 7) / 8 * 8;
        long padding = index + record > ring.capacity() ? ring.capacity() - index : 0;
        long published = ring.peek(RingLayout.readerPosition(ring.capacity()));
        long used = ring.writer().position() - published;
        return used + padding + record + 8 <= ring.capacity();
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {256, 4096})
    void longestPayloadFitsAnEmptyRingAtEveryIndex(int capacity) {
        for (int index = 0; index < capacity; index += 8) {
            TestRing empty = new TestRing(capacity, index);
            byte[] payload = numbered(RingLayout.maxPayload(capacity));

            assertThat(empty.send(payload)).as("index %d", index).isTrue();
            assertThat(empty.receive()).as("index %d", index).isEqualTo(payload);
        }
    }

    @Test
    void emptyPayloadIsAMessage() {
        assertThat(ring.send(0)).isTrue();

        assertThat(ring.reader().poll()).isTrue();
        assertThat(ring.take()).isEmpty();
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void recordThatEndsWithTheRingNeedsNoPadding() {
        TestRing nearEnd = new TestRing(256, 224);

        assertThat(nearEnd.send(numbered(24))).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(256);
        assertThat(nearEnd.receive()).isEqualTo(numbered(24));
        assertThat(nearEnd.reader().position()).isEqualTo(256);
    }

    @Test
    void recordThatIsOneByteTooLongForTheRestStartsAtZero() {
        TestRing nearEnd = new TestRing(256, 224);

        assertThat(nearEnd.writer().claim(25)).isEqualTo(8);
        nearEnd.writer().abort();
        assertThat(nearEnd.send(numbered(25))).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(256 + 40);
        assertThat(nearEnd.receive()).isEqualTo(numbered(25));
    }

    @Test
    void restOfEightBytesHoldsAnEmptyMessage() {
        TestRing nearEnd = new TestRing(256, 248);

        assertThat(nearEnd.send(0)).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(256);
        assertThat(nearEnd.receive()).isEmpty();
    }

    @Test
    void restOfEightBytesIsPaddedByAHeaderAlone() {
        TestRing nearEnd = new TestRing(256, 248);

        assertThat(nearEnd.send(numbered(1))).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(256 + 16);
        assertThat(nearEnd.receive()).isEqualTo(numbered(1));
        assertThat(nearEnd.reader().position()).isEqualTo(256 + 16);
    }

    @Test
    void messagesFillTheRingUpToTheLastHeader() {
        for (int i = 0; i < 31; i++) {
            assertThat(ring.send(0)).isTrue();
        }

        assertThat(ring.send(0)).isFalse(); // the last eight bytes are the zero behind the last record
        for (int i = 0; i < 31; i++) {
            assertThat(ring.receive()).isEmpty();
        }
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void fullRingRefusesAndStaysAsItIs() {
        ring.send(numbered(120));
        long position = ring.writer().position();

        assertThat(ring.writer().claim(120)).isEqualTo(RingWriter.FULL);

        assertThat(ring.writer().isClaimed()).isFalse();
        assertThat(ring.writer().position()).isEqualTo(position);
        assertThat(ring.receive()).isEqualTo(numbered(120));
    }

    @Test
    void spaceIsFreeOnceTheReaderHasPublished() {
        ring.send(120);
        ring.reader().poll();
        ring.reader().consume();
        assertThat(ring.reader().unpublished()).isEqualTo(128);
        assertThat(ring.send(120)).isFalse();

        ring.reader().publish();

        assertThat(ring.reader().unpublished()).isZero();
        assertThat(ring.send(120)).isTrue();
    }

    @Test
    void abortedClaimIsNeverSeen() {
        ring.writer().claim(40);
        ring.writer().copyIn(numbered(40), 0, 40);
        assertThat(ring.writer().isClaimed()).isTrue();

        ring.writer().abort();

        assertThat(ring.writer().isClaimed()).isFalse();
        assertThat(ring.reader().isEmpty()).isTrue();
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void spaceOfAnAbortedClaimIsUsedAgain() {
        ring.writer().claim(120);
        ring.writer().copyIn(numbered(120), 0, 120);
        ring.writer().abort();

        assertThat(ring.send(0)).isTrue();
        assertThat(ring.send(numbered(100))).isTrue();

        assertThat(ring.receive()).isEmpty();
        assertThat(ring.receive()).isEqualTo(numbered(100));
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void abortedClaimBehindPaddingLeavesNoPadding() {
        TestRing nearEnd = new TestRing(256, 240);
        nearEnd.writer().claim(40);
        nearEnd.writer().copyIn(numbered(40), 0, 40);
        nearEnd.writer().abort();
        assertThat(nearEnd.reader().isEmpty()).isTrue();

        nearEnd.send(numbered(8));

        assertThat(nearEnd.receive()).isEqualTo(numbered(8));
        assertThat(nearEnd.reader().position()).isEqualTo(256);
        assertThat(nearEnd.reader().poll()).isFalse();
    }

    @Test
    void messageIsInvisibleUntilItsCommit() {
        ring.writer().claim(8);
        ring.writer().copyIn(numbered(8), 0, 8);
        assertThat(ring.reader().poll()).isFalse();

        ring.writer().commit(0, 0);

        assertThat(ring.receive()).isEqualTo(numbered(8));
    }

    @Test
    void partOfAnArrayIsCopied() {
        ring.writer().claim(3);
        ring.writer().copyIn(numbered(10), 4, 3);
        ring.writer().commit(0, 0);

        ring.reader().poll();
        byte[] target = new byte[5];
        ring.reader().copyOut(target, 1);

        assertThat(target).containsExactly(0, 5, 6, 7, 0);
    }

    @Test
    void partsAndTicketTravelWithTheMessage() {
        ring.writer().claim(0);
        ring.writer().commit(64, 0xFFFF);

        ring.reader().poll();

        assertThat(ring.reader().parts()).isEqualTo(64);
        assertThat(ring.reader().ticket()).isEqualTo(0xFFFF);
    }

    @Test
    void pollFindsTheSameMessageUntilItIsConsumed() {
        ring.send(numbered(8));
        ring.send(numbered(16));

        assertThat(ring.reader().poll()).isTrue();
        assertThat(ring.reader().poll()).isTrue();
        assertThat(ring.take()).isEqualTo(numbered(8));
    }

    @Test
    void paddingAloneIsConsumedAndCanBePublished() {
        TestRing nearEnd = new TestRing(256, 240);
        nearEnd.poke(240, RecordHeader.padding(8));

        assertThat(nearEnd.reader().poll()).isFalse();

        assertThat(nearEnd.reader().position()).isEqualTo(256);
        assertThat(nearEnd.reader().unpublished()).isEqualTo(16);
        nearEnd.reader().publish();
        assertThat(nearEnd.peek(RingLayout.readerPosition(256))).isEqualTo(256);
    }

    @Test
    void readerEndsBehindTheLastMessageOfAClosedWriter() {
        ring.send(numbered(8));
        assertThat(ring.reader().isEnded()).isFalse();

        ring.writer().close();

        assertThat(ring.reader().isWriterClosed()).isTrue();
        assertThat(ring.reader().isEnded()).isFalse();
        assertThat(ring.receive()).isEqualTo(numbered(8));
        assertThat(ring.reader().isEnded()).isTrue();
    }

    @Test
    void writerSeesThatTheReaderHasClosed() {
        assertThat(ring.writer().isReaderClosed()).isFalse();

        ring.reader().close();

        assertThat(ring.writer().isReaderClosed()).isTrue();
    }

    @Test
    void secondReaderGoesOnWhereTheFirstLeftOff() {
        ring.send(numbered(8));
        ring.send(numbered(16));
        ring.receive();

        RingReader second = new RingReader(ring.memory(), 256, ring.reader().position());

        assertThat(second.poll()).isTrue();
        assertThat(second.payloadLength()).isEqualTo(16);
    }

    @ParameterizedTest(name = "start {0}")
    @ValueSource(
            longs = {(1L << 31) - 64, (1L << 32) - 64, Long.MAX_VALUE - 63, Long.MIN_VALUE, -64})
    void positionsPassEveryBoundary(long start) {
        TestRing far = new TestRing(256, start);
        ArrayDeque<byte[]> queue = new ArrayDeque<>();
        for (int length = 0; length < 120; length++) {
            while (!far.send(numbered(length))) {
                assertThat(far.receive()).isEqualTo(queue.remove());
            }
            queue.add(numbered(length));
        }
        while (!queue.isEmpty()) {
            assertThat(far.receive()).isEqualTo(queue.remove());
        }

        assertThat(far.reader().position()).isEqualTo(far.writer().position());
        assertThat(far.writer().position() - start).isGreaterThan(120 * 60);
    }

    private static byte[] numbered(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }
}
