package dev.ipcchannel.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The rules of docs/wire-format.md for spill files, as literal numbers.
@Timeout(10)
class SpillLayoutTest {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int GIB = 1024 * MIB;

    @Test
    void recordIsThreeWords() {
        assertThat(SpillLayout.ID).isEqualTo(0);
        assertThat(SpillLayout.LENGTH).isEqualTo(1);
        assertThat(SpillLayout.CAPACITY).isEqualTo(2);
        assertThat(SpillLayout.RECORD_LENGTH).isEqualTo(24);
    }

    @Test
    void capacityIsTheNextPowerOfTwoFrom64KibOn() {
        assertThat(SpillLayout.capacityFor(0)).isEqualTo(64 * KIB);
        assertThat(SpillLayout.capacityFor(64 * KIB)).isEqualTo(64 * KIB);
        assertThat(SpillLayout.capacityFor(64 * KIB + 1)).isEqualTo(128 * KIB);
        assertThat(SpillLayout.capacityFor(128 * KIB)).isEqualTo(128 * KIB);
        assertThat(SpillLayout.capacityFor(50 * MIB)).isEqualTo(64 * MIB);
        assertThat(SpillLayout.capacityFor(GIB - 1)).isEqualTo(GIB);
        assertThat(SpillLayout.capacityFor(GIB)).isEqualTo(GIB);
    }

    @Test
    void capacityOfAForeignFileIsOneThatAWriterWouldTake() {
        assertThat(LongStream.of(64 * KIB, MIB)).allMatch(it -> SpillLayout.isCapacity(it, MIB));
        assertThat(LongStream.of(0, -MIB, 32 * KIB, 65 * KIB, 2 * MIB, 1L << 40, Long.MIN_VALUE))
                .noneMatch(it -> SpillLayout.isCapacity(it, MIB));
        assertThat(SpillLayout.isCapacity(64 * KIB, 1)).isTrue();
    }

    @Test
    void filesInUseAre64MibOrOne() {
        assertThat(SpillLayout.mayUse(64 * MIB, 0, SpillLayout.MAX_IN_USE)).isTrue();
        assertThat(SpillLayout.mayUse(MIB, 63 * MIB, SpillLayout.MAX_IN_USE)).isTrue();
        assertThat(SpillLayout.mayUse(MIB, 64 * MIB, SpillLayout.MAX_IN_USE)).isFalse();
        assertThat(SpillLayout.mayUse(GIB, 0, SpillLayout.MAX_IN_USE)).isTrue();
        assertThat(SpillLayout.mayUse(64 * MIB, 64 * KIB, SpillLayout.MAX_IN_USE)).isFalse();
        assertThat(SpillLayout.mayUse(64 * KIB, GIB, SpillLayout.MAX_IN_USE)).isFalse();
    }

    @Test
    void filesOfALaneAreAnother16MibMore() {
        assertThat(SpillLayout.mayHave(GIB, 16 * MIB)).isTrue();
        assertThat(SpillLayout.mayHave(GIB, 17 * MIB)).isFalse();
        assertThat(SpillLayout.mayHave(MIB, 79 * MIB)).isTrue();
        assertThat(SpillLayout.mayHave(MIB, 80 * MIB)).isFalse();
        assertThat(SpillLayout.MAX_FILES).isEqualTo(64);
    }

    @Test
    void roomHoldsTheLongestRetirementAndARecord() {
        int retirement = (64 * 8 + 8 + 63) & -64;

        assertThat(SpillLayout.ROOM + 8).isEqualTo(retirement + 64).isLessThan(4096 / 2);
    }
}
