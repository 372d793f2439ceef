package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The two marks beside a ring: that each side has its own, and where it lies.
@Timeout(10)
class RingMarksTest {

    private static final int CAPACITY = 4096;
    private static final long WRITERS = 4480;
    private static final long READERS = 4608;

    private final TestRing ring = new TestRing(CAPACITY);
    private final RingMarks writer = RingMarks.ofWriter(ring.memory(), CAPACITY);
    private final RingMarks reader = RingMarks.ofReader(ring.memory(), CAPACITY);

    @Test
    void markIsZeroBeforeItWasSet() {
        assertThat(writer.other()).isZero();
        assertThat(reader.other()).isZero();
    }

    @Test
    void eachSideSeesTheOthersMarkAndNotItsOwn() {
        writer.set(7);
        assertThat(reader.other()).isEqualTo(7);
        assertThat(writer.other()).isZero();

        reader.set(-9);
        assertThat(writer.other()).isEqualTo(-9);
        assertThat(reader.other()).isEqualTo(7);
    }

    @Test
    void eachMarkHasABlockOfItsOwn() {
        writer.set(7);
        reader.set(-9);

        assertThat(ring.peek(WRITERS)).isEqualTo(7);
        assertThat(ring.peek(READERS)).isEqualTo(-9);
        assertThat(READERS - WRITERS).isEqualTo(RingLayout.BLOCK);
    }

    @Test
    void markStaysOnceARingIsClosed() {
        reader.set(3);
        ring.reader().close();
        ring.writer().close();

        assertThat(writer.other()).isEqualTo(3);
    }
}
