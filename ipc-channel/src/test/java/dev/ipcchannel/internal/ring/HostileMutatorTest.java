package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A side of a ring against random words of a hostile peer: it either goes on within its bounds or
/// meets a [RingViolation]. Any other exception, any access outside of the data, and any loop fails
/// here.
///
/// Most words are sound or one bit from sound, because entirely random words would all fail at the
/// same check. A side that has met a violation is replaced by a new one, because its ring is not
/// used again.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileMutatorTest {

    private static final int CAPACITY = 256;
    private static final int LINE = 64; // where records start
    private static final int LONGEST = 120;
    private static final int ROUNDS = 1_000_000;

    private final TestRing ring = new TestRing(CAPACITY);
    private final byte[] buffer = new byte[LONGEST];
    private int messages;
    private int violations;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 20261121)
    void readerStaysWithinTheDataWhateverTheHeadersSay(long seed) {
        Random random = new Random(seed);
        RingReader reader = ring.reader();
        for (int round = 0; round < ROUNDS; round++) {
            long index = reader.position() & (CAPACITY - 1);
            ring.poke(0, header(random, 0)); // what comes after a padding
            ring.poke(index, header(random, index));
            try {
                check(receive(reader), seed, round);
            } catch (RingViolation _) {
                violations++;
                reader = new RingReader(ring.memory(), CAPACITY, random.nextLong() & -LINE);
            }
        }
        assertThat(messages).isGreaterThan(ROUNDS / 4);
        assertThat(violations).isGreaterThan(ROUNDS / 4);
    }

    /// @return whether everything was within bounds
    private boolean receive(RingReader reader) {
        if (!reader.poll()) {
            return true;
        }
        long index = reader.payloadIndex();
        int length = reader.payloadLength();
        reader.copyOut(buffer, 0);
        reader.consume();
        reader.publish();
        messages++;
        return index % LINE == 8 && index + length <= CAPACITY && reader.parts() <= 64;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 20261122)
    void writerStaysWithinFreeSpaceWhateverTheReaderSays(long seed) {
        Random random = new Random(seed);
        RingWriter writer = ring.writer();
        for (int round = 0; round < ROUNDS; round++) {
            ring.poke(RingLayout.readerPosition(CAPACITY), readerPosition(random, writer));
            try {
                check(send(writer, random.nextInt(LONGEST + 1)), seed, round);
            } catch (RingViolation _) {
                violations++;
                writer = new RingWriter(ring.memory(), CAPACITY, random.nextLong() & -LINE);
            }
        }
        assertThat(messages).isGreaterThan(ROUNDS / 4);
        assertThat(violations).isGreaterThan(ROUNDS / 10);
    }

    /// @return whether everything was within bounds
    private boolean send(RingWriter writer, int length) {
        long index = writer.claim(length);
        if (index == RingWriter.FULL) {
            writer.arm(length);
            writer.disarm();
        } else {
            writer.copyIn(0, buffer, length);
            writer.commit(0, 0);
            messages++;
        }
        long used = writer.position() - writer.readerPosition();
        return (index == RingWriter.FULL || (index % LINE == 8 && index + length <= CAPACITY))
                && used >= 0
                && used <= CAPACITY - LINE;
    }

    private static void check(boolean isWithinBounds, long seed, int round) {
        if (!isWithinBounds) {
            throw new AssertionError("out of bounds: seed=%d, round=%d".formatted(seed, round));
        }
    }

    private static long header(Random random, long index) {
        long message = RecordHeader.message(random.nextInt(LONGEST + 1), random.nextInt(65),
                random.nextInt());
        long padding = RecordHeader.padding(CAPACITY - index - 8);
        long bit = 1L << random.nextInt(64);
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> 0;
            case 2 -> padding;
            case 3 -> padding ^ bit;
            case 4 -> message ^ bit;
            default -> message;
        };
    }

    private static long readerPosition(Random random, RingWriter writer) {
        long used = writer.position() - writer.readerPosition();
        long sound = writer.position() - (random.nextLong(used + LINE) & -LINE);
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> sound ^ 1L << random.nextInt(64);
            case 2 -> writer.position() + LINE;
            default -> sound;
        };
    }
}
