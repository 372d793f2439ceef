package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The ring is a queue of messages: compared with a real queue, from every start index and across
/// every boundary of its positions.
@Timeout(60)
class RingQueueTest {

    private static final int STEPS = 400; // from each start index: some laps of the smaller ring

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
                    case 0, 1, 2 -> sendToBoth(anywhere, queue, random, where);
                    case 3 -> giveUp(anywhere, random);
                    case 4, 5, 6 -> receiveFromBoth(anywhere, queue, where);
                    default -> anywhere.reader().publish();
                }
            }
        }
    }

    private static void sendToBoth(TestRing ring, ArrayDeque<byte[]> queue, Random random,
            String where) {
        byte[] payload = payload(ring, random);
        boolean isRoom = isRoom(ring, payload.length);

        assertThat(ring.send(payload)).as(where).isEqualTo(isRoom);

        if (isRoom) {
            queue.add(payload);
        }
    }

    /// Leaves a payload's bytes where later records come to lie.
    private static void giveUp(TestRing ring, Random random) {
        byte[] payload = payload(ring, random);
        if (ring.writer().claim(payload.length) != RingWriter.FULL) {
            ring.writer().copyIn(payload, 0, payload.length);
            ring.writer().abort();
        }
    }

    private static byte[] payload(TestRing ring, Random random) {
        int longest = RingLayout.maxPayload(ring.capacity());
        byte[] payload = new byte[random.nextInt(longest + 1) >> random.nextInt(6)]; // often short
        random.nextBytes(payload);
        return payload;
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
