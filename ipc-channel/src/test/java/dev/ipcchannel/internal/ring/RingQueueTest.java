package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A ring compared with a real queue of messages, from every start index and across every boundary
/// of its positions.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingQueueTest {

    private static final int LINE = 64; // where records start
    private static final int STEPS = 3200; // from each start index: many laps of the smaller ring

    @ParameterizedTest(name = "capacity {0}, seed {1}")
    @CsvSource({"256, 20261121", "4096, 20261122"})
    void ringIsAQueueFromEveryIndexOn(int capacity, long seed) {
        Random random = new Random(seed);
        for (int start = 0; start < capacity; start += LINE) {
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
            ring.writer().copyIn(0, payload, payload.length);
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

    /// Whether padding, record and the next header's line fit between the two positions.
    private static boolean isRoom(TestRing ring, int length) {
        long index = ring.writer().position() % ring.capacity();
        long record = (8L + length + LINE - 1) / LINE * LINE;
        long padding = index + record > ring.capacity() ? ring.capacity() - index : 0;
        long published = ring.peek(RingLayout.readerPosition(ring.capacity()));
        long used = ring.writer().position() - published;
        return used + padding + record + LINE <= ring.capacity();
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {256, 4096})
    void longestPayloadFitsAnEmptyRingAtEveryIndex(int capacity) {
        for (int index = 0; index < capacity; index += LINE) {
            TestRing empty = new TestRing(capacity, index);
            byte[] payload = numbered(RingLayout.maxPayload(capacity));

            assertThat(empty.send(payload)).as("index %d", index).isTrue();
            assertThat(empty.receive()).as("index %d", index).isEqualTo(payload);
        }
    }

    @ParameterizedTest(name = "boundary {0}, {1} unread")
    @CsvSource({
        "2147483648, 0", "4294967296, 0", "-9223372036854775808, 0", "0, 0",
        "2147483648, 3", "4294967296, 3", "-9223372036854775808, 3", "0, 3",
    })
    void positionsPassEveryBoundary(long boundary, int unread) {
        long start = boundary - 4 * 256 - LINE; // some laps before: old bytes lie on both sides
        TestRing far = new TestRing(256, start);
        ArrayDeque<byte[]> queue = new ArrayDeque<>();
        for (int i = 0; i < 120; i++) {
            byte[] payload = numbered(i * 37 % 120); // each length once, short and long in turn
            while (!far.send(payload)) {
                assertThat(far.receive()).isEqualTo(queue.remove());
            }
            queue.add(payload);
            receiveAll(far, queue, unread);
        }
        receiveAll(far, queue, 0);

        assertThat(far.reader().position()).isEqualTo(far.writer().position());
        assertThat(far.writer().position() - start).isGreaterThan(57 * LINE + 63 * 2 * LINE);
    }

    private static void receiveAll(TestRing ring, ArrayDeque<byte[]> queue, int unread) {
        while (queue.size() > unread) {
            assertThat(ring.receive()).isEqualTo(queue.remove());
        }
        assertThat(ring.reader().poll()).isEqualTo(!queue.isEmpty());
    }

    private static byte[] numbered(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }
}
