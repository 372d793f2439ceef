package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A ring whose hostile peer stores anything anywhere in the region, at any time. The peer gets a
/// [RingViolation], or costs a needless bell. It never gets an access outside of the ring or a
/// loop, and the other side never believes it.
///
/// Here each field is corrupted by itself; [HostileMutatorTest] does it at random, millions of
/// times.
@Timeout(60)
class HostileRingTest {

    private static final int CAPACITY = 256; // four lines; longest payload 120
    private static final long READER_POSITION = RingLayout.readerPosition(CAPACITY);

    private final TestRing ring = new TestRing(CAPACITY);

    @ParameterizedTest(name = "{0}: 0x{1} at index {2}")
    @CsvSource({
        "negative length,                0000_00_01_FFFFFFFF,   0",
        "most negative length,           0000_00_01_80000000,   0",
        "length above the longest,       0000_00_01_00000079,   0",
        "longest int,                    0000_00_01_7FFFFFFF,   0",
        "record past the end by a byte,  0000_00_01_00000039, 192",
        "record past the end by a line,  0000_00_01_00000078, 192",
        "not committed,                  0000_00_00_00000008,   0",
        "not committed padding,          0000_00_02_000000F8,   0",
        "unknown flag 16,                0000_00_11_00000008,   0",
        "unknown flag 32,                0000_00_21_00000008,   0",
        "unknown flag 64,                0000_00_41_00000008,   0",
        "unknown flag 128,               0000_00_81_00000008,   0",
        "65 parts,                       0000_41_01_00000008,   0",
        "255 parts,                      0000_FF_01_00000008,   0",
        "only a ticket,                  0001_00_00_00000000,   0",
        "all bits,                       FFFF_FF_FF_FFFFFFFF,   0",
        "padding short of the end,       0000_00_03_000000F0,   0",
        "padding a line short,           0000_00_03_000000B8,   0",
        "padding past the end,           0000_00_03_00000100,   0",
        "padding of negative length,     0000_00_03_FFFFFFF8,   0",
        "padding past the end at 192,    0000_00_03_00000078, 192",
        "padding with parts,             0000_01_03_000000F8,   0",
        "padding with a ticket,          0001_00_03_000000F8,   0",
        "spilled padding,                0000_00_07_000000F8,   0",
        "retirement and padding,         0000_00_0B_000000F8,   0",
    })
    void headerOutOfBoundsIsAViolation(String what, String header, int index) {
        TestRing hostile = new TestRing(CAPACITY, index);
        hostile.poke(index, word(header));

        assertThatExceptionOfType(RingViolation.class)
                .as(what)
                .isThrownBy(hostile.reader()::poll)
                .withMessageContaining(
                        "header=0x%016x, index=%d".formatted(hostile.peek(index), index));
    }

    @ParameterizedTest(name = "0x{0} at index {1}")
    @CsvSource({
        "0000_00_01_00000078,   0", // the longest payload
        "0000_00_01_00000000, 192", // an empty message in the last line
        "FFFF_40_01_00000038, 192", // up to the end, with everything there is
    })
    void headerWithinBoundsIsAMessage(String header, int index) {
        TestRing hostile = new TestRing(CAPACITY, index);
        hostile.poke(index, word(header));

        assertThat(hostile.reader().poll()).isTrue();
    }

    @Test
    void paddingAfterPaddingIsAViolation() {
        TestRing hostile = new TestRing(CAPACITY, 192);
        hostile.poke(192, RecordHeader.padding(56));
        hostile.poke(0, RecordHeader.padding(248));

        assertThatExceptionOfType(RingViolation.class)
                .isThrownBy(hostile.reader()::poll)
                .withMessageContaining("padding follows padding");
    }

    @Test
    void paddingIsPassedOncePerPollHoweverOftenItComes() {
        ring.poke(0, RecordHeader.padding(248));

        assertThatExceptionOfType(RingViolation.class).isThrownBy(ring.reader()::poll);
        assertThat(ring.reader().position()).isEqualTo(256);
    }

    @Test
    void headerIsTakenOnce() {
        ring.send(8);
        ring.reader().poll();

        ring.poke(0, RecordHeader.message(120, 64, 7));

        assertThat(ring.reader().payloadLength()).isEqualTo(8);
        assertThat(ring.reader().parts()).isZero();
        assertThat(ring.take()).hasSize(8);
        assertThat(ring.reader().position()).isEqualTo(64);
    }

    @Test
    void readerNeverTakesItsPositionBack() {
        ring.send(8);

        ring.poke(READER_POSITION, 128);

        assertThat(ring.receive()).hasSize(8);
        assertThat(ring.peek(READER_POSITION)).isEqualTo(64);
    }

    @ParameterizedTest(name = "position {0}")
    @ValueSource(longs = {
        129, 192, 193, 1 << 20, Long.MAX_VALUE, // ahead of the writer, which stands at 128
        63, 0, -64, -256, Long.MIN_VALUE, // before 64, which was seen already
        65, 72, 96, 120, 127, // between lines
    })
    void readerPositionOutOfBoundsIsAViolation(long position) {
        ring.send(0);
        ring.send(0);
        ring.receive();
        ring.writer().refreshReaderPosition();

        ring.poke(READER_POSITION, position);

        assertThatExceptionOfType(RingViolation.class)
                .isThrownBy(ring.writer()::refreshReaderPosition)
                .withMessageContaining("position=" + position);
        assertThatExceptionOfType(RingViolation.class).isThrownBy(() -> ring.writer().arm(120));
        assertThat(ring.writer().readerPosition()).isEqualTo(64);
    }

    @Test
    void fullRingLooksAtAHostilePositionBeforeItClaims() {
        ring.send(120);
        ring.poke(READER_POSITION, 192);

        assertThatExceptionOfType(RingViolation.class).isThrownBy(() -> ring.writer().claim(120));
        assertThat(ring.writer().isClaimed()).isFalse();
    }

    @ParameterizedTest(name = "word {0}")
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 2, 1L << 62})
    void closedWordsMeanClosedWhateverTheySay(long word) {
        ring.poke(RingLayout.writerClosed(CAPACITY), word);
        ring.poke(RingLayout.readerClosed(CAPACITY), word);

        assertThat(ring.reader().isEnded()).isTrue();
        assertThat(ring.writer().isReaderClosed()).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 20261121)
    void sleepWordsOutOfBoundsCostUselessBellsOnly(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            ring.poke(RingLayout.readerAsleep(CAPACITY), random.nextLong());
            ring.poke(RingLayout.writerAsleep(CAPACITY), random.nextLong());
            ring.poke(RingLayout.writerNeed(CAPACITY), random.nextLong());
            ring.writer().rung(ring.writer().readerToWake());
            ring.reader().rung(ring.reader().writerToWake());

            assertThat(ring.writer().readerToWake()).isZero();
            assertThat(ring.reader().writerToWake()).isZero();
            assertThat(ring.send(8)).isTrue();
            assertThat(ring.receive()).hasSize(8);
        }
    }

    @Test
    void ownSleepWordOverwrittenByThePeerIsSetRightByTheNextSleep() {
        ring.reader().arm();
        ring.reader().disarm();

        ring.poke(RingLayout.readerAsleep(CAPACITY), Long.MAX_VALUE);

        assertThat(ring.reader().arm()).isTrue();
        assertThat(ring.peek(RingLayout.readerAsleep(CAPACITY))).isEqualTo(3);
    }

    private static long word(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal.replace("_", ""), 16);
    }
}
