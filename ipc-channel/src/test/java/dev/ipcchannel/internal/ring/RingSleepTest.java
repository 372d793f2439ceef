package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The moments when a side may sleep and when the other has to ring: each answer by itself, with
/// one thread. [WakeExplorerTest] shows that the answers are right with two processes at once.
@Timeout(10)
class RingSleepTest {

    private static final long AWAKE = 0;

    private final TestRing ring = new TestRing(256); // four lines; longest payload 120

    @Test
    void readerMaySleepWhileTheRingIsEmpty() {
        assertThat(ring.reader().arm()).isTrue();
    }

    @Test
    void readerMayNotSleepBesideAMessage() {
        ring.send(8);

        assertThat(ring.reader().arm()).isFalse();
    }

    @Test
    void writerRingsForASleepingReader() {
        assertThat(ring.writer().readerToWake()).isEqualTo(AWAKE);

        ring.reader().arm();

        assertThat(ring.writer().readerToWake()).isEqualTo(1);
    }

    @Test
    void oneSleepOfTheReaderIsRungForOnce() {
        ring.reader().arm();
        ring.writer().rung(ring.writer().readerToWake());

        assertThat(ring.writer().readerToWake()).isEqualTo(AWAKE);
    }

    @Test
    void nextSleepOfTheReaderIsRungForAgain() {
        ring.reader().arm();
        ring.writer().rung(ring.writer().readerToWake());
        ring.reader().disarm();
        assertThat(ring.writer().readerToWake()).isEqualTo(AWAKE);

        ring.reader().arm();

        assertThat(ring.writer().readerToWake()).isEqualTo(3);
    }

    @Test
    void writerMaySleepWhileTheRingIsFull() {
        ring.send(120);

        assertThat(ring.writer().arm(120)).isTrue();
    }

    @Test
    void writerMayNotSleepBesideEnoughSpace() {
        ring.send(120);
        ring.receive();

        assertThat(ring.writer().arm(120)).isFalse();
    }

    @Test
    void writerMayNotSleepBesideExactlyEnoughSpace() {
        ring.send(120);

        assertThat(ring.writer().arm(57)).isTrue();
        assertThat(ring.writer().arm(56)).as("one line, and one for the next header").isFalse();
    }

    @Test
    void writerMayNotSleepOnceTheGivenPositionIsRead() {
        ring.send(0);
        ring.send(0);
        ring.receive();

        assertThat(ring.writer().armUntil(128)).isTrue();
        assertThat(ring.writer().armUntil(64)).isFalse();
    }

    @Test
    void readerRingsForASleepingWriterOnceItsNeedIsMet() {
        ring.send(0);
        ring.send(48);
        ring.send(56);
        ring.writer().arm(120); // from 192 on: 64 padded, then 128 and 64: the whole ring

        ring.receive();
        assertThat(ring.reader().writerToWake()).isEqualTo(AWAKE);
        ring.receive();
        assertThat(ring.reader().writerToWake()).isEqualTo(AWAKE);
        ring.receive();
        assertThat(ring.reader().writerToWake()).isEqualTo(1);
    }

    @Test
    void oneSleepOfTheWriterIsRungForOnce() {
        ring.send(120);
        ring.writer().arm(120);
        ring.receive();
        assertThat(ring.reader().isWriterAsleep()).isTrue();

        ring.reader().rung(ring.reader().writerToWake());

        assertThat(ring.reader().writerToWake()).isEqualTo(AWAKE);
        assertThat(ring.reader().isWriterAsleep()).isFalse();
    }

    @Test
    void writerSleepsUntilAGivenPositionIsRead() {
        ring.send(0);
        ring.send(0);

        assertThat(ring.writer().armUntil(128)).isTrue();

        ring.receive();
        assertThat(ring.reader().writerToWake()).isEqualTo(AWAKE);
        ring.receive();
        assertThat(ring.reader().writerToWake()).isEqualTo(1);
    }

    @Test
    void needIsMetAcrossTheSignChange() {
        TestRing far = new TestRing(256, Long.MAX_VALUE - 63);
        far.send(48); // up to the ring's end, where the positions become negative
        far.send(120);
        assertThat(far.writer().arm(120)).isTrue();

        far.receive();
        assertThat(far.reader().writerToWake()).isEqualTo(AWAKE);
        far.receive();
        assertThat(far.reader().writerToWake()).isEqualTo(1);
    }

    @Test
    void newReaderSleepsUnderANumberWithoutABellYet() {
        ring.reader().arm(); // and moves away asleep
        ring.writer().rung(ring.writer().readerToWake());

        RingReader second = new RingReader(ring.memory(), 256, 0);
        second.arm();

        assertThat(ring.writer().readerToWake()).isEqualTo(3);
    }
}
