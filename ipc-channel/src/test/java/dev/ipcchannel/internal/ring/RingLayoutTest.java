package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bytes that two processes of different builds must agree on, each as a literal number: where
/// the words lie, what the bits of a header mean, and what is in memory after each operation.
@Timeout(10)
class RingLayoutTest {

    private static final int CAPACITY = 4096;
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    private final TestRing ring = new TestRing(CAPACITY);

    @Test
    void wordsLieInFiveBlocksAfterTheData() {
        assertThat(RingLayout.writerAsleep(CAPACITY)).isEqualTo(4096);
        assertThat(RingLayout.writerNeed(CAPACITY)).isEqualTo(4104);
        assertThat(RingLayout.writerClosed(CAPACITY)).isEqualTo(4112);
        assertThat(RingLayout.laneId(CAPACITY)).isEqualTo(4120);
        assertThat(RingLayout.readerPosition(CAPACITY)).isEqualTo(4224);
        assertThat(RingLayout.readerAsleep(CAPACITY)).isEqualTo(4352);
        assertThat(RingLayout.readerClosed(CAPACITY)).isEqualTo(4360);
        assertThat(RingLayout.filesLetGo(CAPACITY)).isEqualTo(4368);
        assertThat(RingLayout.writerMark(CAPACITY)).isEqualTo(4480);
        assertThat(RingLayout.readerMark(CAPACITY)).isEqualTo(4608);
    }

    @Test
    void regionIsTheDataAndOneSmallPage() {
        assertThat(RingLayout.regionLength(4096)).isEqualTo(8192);
        assertThat(RingLayout.regionLength(65536)).isEqualTo(69632);
        assertThat(RingLayout.regionLength(1 << 30)).isEqualTo(1_073_745_920);
    }

    @Test
    void capacityIsAPowerOfTwoFromFourKibToOneGib() {
        assertThat(LongStream.of(4096, 8192, 65536, 1 << 30)).allMatch(RingLayout::isCapacity);
        assertThat(LongStream.of(0, -4096, 2048, 4095, 4097, 12288, 1L << 31, Long.MIN_VALUE))
                .noneMatch(RingLayout::isCapacity);
    }

    @Test
    void longestPayloadAndItsHeaderAreHalfTheRing() {
        assertThat(RingLayout.maxPayload(4096)).isEqualTo(2040);
        assertThat(RingLayout.maxPayload(1 << 30)).isEqualTo(536_870_904);
    }

    @Test
    void recordIsHeaderAndPayloadInWholeLines() {
        assertThat(RecordHeader.recordLength(0)).isEqualTo(64);
        assertThat(RecordHeader.recordLength(56)).isEqualTo(64);
        assertThat(RecordHeader.recordLength(57)).isEqualTo(128);
        assertThat(RecordHeader.recordLength(120)).isEqualTo(128);
        assertThat(RecordHeader.recordLength(Integer.MAX_VALUE)).isEqualTo(2_147_483_712L);
    }

    @Test
    void recordsStartAtWholeLines() {
        assertThat(LongStream.of(0, 64, 4096, -64, Long.MIN_VALUE))
                .allMatch(RecordHeader::isAligned);
        assertThat(LongStream.of(1, 8, 32, 63, 65, 72, -8, Long.MAX_VALUE))
                .noneMatch(RecordHeader::isAligned);
    }

    @Test
    void headerHoldsTicketPartsFlagsAndLength() {
        assertThat(RecordHeader.message(0, 0, 0)).isEqualTo(0x0000_00_01_00000000L);
        assertThat(RecordHeader.message(0x12345678, 0, 0)).isEqualTo(0x0000_00_01_12345678L);
        assertThat(RecordHeader.message(0, 64, 0)).isEqualTo(0x0000_40_01_00000000L);
        assertThat(RecordHeader.message(0, 0, 0xABCD)).isEqualTo(0xABCD_00_01_00000000L);
        assertThat(RecordHeader.message(0, 0, 0x1ABCD)).isEqualTo(0xABCD_00_01_00000000L);
        assertThat(RecordHeader.padding(24)).isEqualTo(0x0000_00_03_00000018L);
        assertThat(RecordHeader.spilled(24, 1, 0xABCD)).isEqualTo(0xABCD_01_05_00000018L);
        assertThat(RecordHeader.retirement(8, 0)).isEqualTo(0x0000_00_09_00000008L);
    }

    @Test
    void headerIsTakenApartAsItWasMade() {
        long header = 0xABCD_40_01_12345678L;

        assertThat(RecordHeader.payloadLength(header)).isEqualTo(0x12345678);
        assertThat(RecordHeader.parts(header)).isEqualTo(64);
        assertThat(RecordHeader.ticket(header)).isEqualTo(0xABCD);
        assertThat(RecordHeader.isPadding(header)).isFalse();
        assertThat(RecordHeader.isPadding(0x0000_00_03_00000018L)).isTrue();
        assertThat(RecordHeader.isSpilled(header)).isFalse();
        assertThat(RecordHeader.isSpilled(0x0000_00_05_00000018L)).isTrue();
        assertThat(RecordHeader.isRetirement(header)).isFalse();
        assertThat(RecordHeader.isRetirement(0x0000_00_09_00000008L)).isTrue();
    }

    @Test
    void messageIsAHeaderAPayloadAndZerosAtTheNextFourPlacesOfHeaders() {
        ring.region().fill((byte) 0xEE);

        ring.writer().claim(5);
        ring.writer().copyIn(0, HELLO, 5);
        ring.writer().commit(3, 0xABCD);

        assertThat(bytes(0, 8)).as("header").isEqualTo("05000000" + "01" + "03" + "cdab");
        assertThat(bytes(8, 8)).as("payload").isEqualTo("68656c6c6f" + "eeeeee");
        assertThat(bytes(16, 48)).as("rest of the line").isEqualTo("ee".repeat(48));
        for (int place = 64; place <= 256; place += 64) {
            assertThat(bytes(place, 8)).as("place %d", place).isEqualTo("00".repeat(8));
            assertThat(bytes(place + 8, 56)).as("after %d", place).isEqualTo("ee".repeat(56));
        }
        assertThat(bytes(320, 8)).as("after them").isEqualTo("ee".repeat(8));
    }

    @Test
    void placesOfHeadersAreZeroedOnlyAsFarAsTheReaderHasGivenBack() {
        TestRing small = new TestRing(256);
        small.send(0);
        small.send(0);
        small.send(0);
        small.receive();

        small.send(0); // ends with the ring: the next header's place is 0

        assertThat(small.peek(0)).as("given back").isZero();
        assertThat(small.peek(64)).as("unread").isEqualTo(0x0000_00_01_00000000L);
    }

    @Test
    void paddingIsAHeaderUpToTheEndAndTheMessageStartsAtZero() {
        TestRing nearEnd = new TestRing(CAPACITY, 4032);
        nearEnd.region().asSlice(0, 4032).fill((byte) 0xEE);

        nearEnd.writer().claim(57);
        nearEnd.writer().copyIn(0, new byte[57], 57);
        nearEnd.writer().commit(0, 0);

        assertThat(nearEnd.peek(4032)).isEqualTo(0x0000_00_03_00000038L);
        assertThat(nearEnd.peek(0)).isEqualTo(0x0000_00_01_00000039L);
        assertThat(nearEnd.peek(128)).as("the next header").isZero();
        assertThat(nearEnd.writer().position()).isEqualTo(4224);
    }

    @Test
    void sleepWordsCountUpFromOddToEven() {
        ring.writer().arm(2040);
        ring.reader().arm();
        assertThat(ring.peek(4096)).isEqualTo(1);
        assertThat(ring.peek(4352)).isEqualTo(1);

        ring.writer().disarm();
        ring.reader().disarm();
        assertThat(ring.peek(4096)).isEqualTo(2);
        assertThat(ring.peek(4352)).isEqualTo(2);

        ring.writer().arm(2040);
        ring.reader().arm();
        assertThat(ring.peek(4096)).isEqualTo(3);
        assertThat(ring.peek(4352)).isEqualTo(3);
    }

    @Test
    void needIsTheReadersPositionThatMakesRoom() {
        ring.send(2040); // leaves 2048 bytes, and the next one needs as many and a header's line

        ring.writer().arm(2040);

        assertThat(ring.peek(4104)).isEqualTo(64);
    }

    @Test
    void readersPositionIsWhatItHasPublished() {
        ring.send(5);
        ring.reader().poll();
        ring.reader().consume();
        assertThat(ring.peek(4224)).isZero();

        ring.reader().publish();
        assertThat(ring.peek(4224)).isEqualTo(64);
    }

    @Test
    void closedWordsAreOne() {
        ring.writer().close();
        assertThat(ring.peek(4112)).isEqualTo(1);
        assertThat(ring.peek(4360)).isZero();

        ring.reader().close();
        assertThat(ring.peek(4360)).isEqualTo(1);
    }

    @Test
    void laneIdIsWhatTheWriterWroteAndNothingWhereItWroteNone() {
        assertThat(ring.reader().laneId()).isZero();

        RingWriter.writeLaneId(ring.memory(), CAPACITY, -2);

        assertThat(ring.peek(4120)).isEqualTo(-2);
        assertThat(ring.reader().laneId()).isEqualTo(-2);
    }

    @Test
    void restOfTheTrailerStaysZero() {
        useEveryWord();

        List<Long> used = List.of(4096L, 4104L, 4112L, 4120L, 4224L, 4352L, 4360L, 4480L,
                4608L);
        for (long offset = 4096; offset < 8192; offset += 8) {
            assertThat(ring.peek(offset) != 0).as("offset %d", offset)
                    .isEqualTo(used.contains(offset));
        }
    }

    private void useEveryWord() {
        RingWriter.writeLaneId(ring.memory(), CAPACITY, 1);
        ring.send(2040);
        ring.writer().arm(2040);
        ring.receive();
        ring.reader().arm();
        ring.writer().close();
        ring.reader().close();
        RingMarks.ofWriter(ring.memory(), CAPACITY).set(1);
        RingMarks.ofReader(ring.memory(), CAPACITY).set(1);
    }

    private String bytes(long offset, long length) {
        MemorySegment slice = ring.region().asSlice(offset, length);
        return HexFormat.of().formatHex(slice.toArray(ValueLayout.JAVA_BYTE));
    }
}
