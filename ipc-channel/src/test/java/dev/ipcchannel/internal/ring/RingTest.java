package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The behaviour of the ring at each of its edges: one thread plays both sides. [RingQueueTest]
/// does long random runs, [WakeExplorerTest] two processes at once.
@Timeout(10)
class RingTest {

    private final TestRing ring = new TestRing(256); // four lines; longest payload 120

    @Test
    void emptyPayloadIsAMessage() {
        assertThat(ring.send(0)).isTrue();

        assertThat(ring.reader().poll()).isTrue();
        assertThat(ring.take()).isEmpty();
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void recordThatEndsWithTheRingNeedsNoPadding() {
        TestRing nearEnd = new TestRing(512, 320);

        assertThat(nearEnd.send(numbered(184))).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(512);
        assertThat(nearEnd.receive()).isEqualTo(numbered(184));
        assertThat(nearEnd.reader().position()).isEqualTo(512);
    }

    @Test
    void recordThatIsOneByteTooLongForTheRestStartsAtZero() {
        TestRing nearEnd = new TestRing(512, 320);

        assertThat(nearEnd.writer().claim(185)).isEqualTo(8);
        nearEnd.writer().abort();
        assertThat(nearEnd.send(numbered(185))).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(512 + 256);
        assertThat(nearEnd.receive()).isEqualTo(numbered(185));
    }

    @Test
    void restOfOneLineHoldsAnEmptyMessage() {
        TestRing nearEnd = new TestRing(256, 192);

        assertThat(nearEnd.send(0)).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(256);
        assertThat(nearEnd.receive()).isEmpty();
    }

    @Test
    void restOfOneLineIsPaddedBeforeAMessageOfTwo() {
        TestRing nearEnd = new TestRing(256, 192);

        assertThat(nearEnd.send(numbered(57))).isTrue();

        assertThat(nearEnd.writer().position()).isEqualTo(256 + 128);
        assertThat(nearEnd.receive()).isEqualTo(numbered(57));
        assertThat(nearEnd.reader().position()).isEqualTo(256 + 128);
    }

    @Test
    void messagesFillTheRingUpToTheLastLine() {
        for (int i = 0; i < 3; i++) {
            assertThat(ring.send(0)).isTrue();
        }

        assertThat(ring.send(0)).as("room for the zero after the last record").isFalse();
        for (int i = 0; i < 3; i++) {
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
        ring.writer().copyIn(0, numbered(40), 40);
        assertThat(ring.writer().isClaimed()).isTrue();

        ring.writer().abort();

        assertThat(ring.writer().isClaimed()).isFalse();
        assertThat(ring.reader().isEmpty()).isTrue();
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void spaceOfAnAbortedClaimIsUsedAgain() {
        ring.writer().claim(120);
        ring.writer().copyIn(0, numbered(120), 120);
        ring.writer().abort();

        assertThat(ring.send(0)).isTrue();
        assertThat(ring.send(numbered(100))).isTrue();

        assertThat(ring.receive()).isEmpty();
        assertThat(ring.receive()).isEqualTo(numbered(100));
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void payloadOfAnAbortedClaimIsNotTakenForHeaders() {
        ring.send(0); // zeroes what lies ahead
        ring.receive();
        ring.writer().claim(120); // lies over the place of the next header
        ring.writer().copyIn(0, numbered(120), 120);
        ring.writer().abort();

        ring.send(0);

        assertThat(ring.receive()).isEmpty();
        assertThat(ring.reader().poll()).isFalse();
    }

    @Test
    void abortedClaimAfterPaddingLeavesNoPadding() {
        TestRing nearEnd = new TestRing(256, 192);
        nearEnd.writer().claim(57);
        nearEnd.writer().copyIn(0, numbered(57), 57);
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
        ring.writer().copyIn(0, numbered(8), 8);
        assertThat(ring.reader().poll()).isFalse();

        ring.writer().commit(0, 0);

        assertThat(ring.receive()).isEqualTo(numbered(8));
    }

    @Test
    void payloadIsWrittenInPartsAndReadIntoAPartOfAnArray() {
        ring.writer().claim(3);
        ring.writer().copyIn(0, new byte[]{5, 0}, 1);
        ring.writer().copyIn(1, new byte[]{6, 7, 0}, 2);
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
        TestRing nearEnd = new TestRing(256, 192);
        nearEnd.poke(192, RecordHeader.padding(56));

        assertThat(nearEnd.reader().poll()).isFalse();

        assertThat(nearEnd.reader().position()).isEqualTo(256);
        assertThat(nearEnd.reader().unpublished()).isEqualTo(64);
        nearEnd.reader().publish();
        assertThat(nearEnd.peek(RingLayout.readerPosition(256))).isEqualTo(256);
    }

    @Test
    void readerEndsAfterTheLastMessageOfAClosedWriter() {
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

    private static byte[] numbered(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }
}
