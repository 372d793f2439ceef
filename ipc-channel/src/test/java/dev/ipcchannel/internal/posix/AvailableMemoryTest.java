package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Memory that is promised once, however rarely the kernel is asked.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AvailableMemoryTest {

    private static final long MIB = 1 << 20;

    private long now;
    private long room = 100 * MIB;
    private int asked;
    private final AvailableMemory memory = new AvailableMemory(() -> {
        asked++;
        return new AvailableMemory.Room(room, "the limit");
    }, () -> now);

    @Test
    void littleAtTheStartIsNotAskedFor() {
        make(MIB);
        make(MIB);

        assertThat(asked).isZero();
    }

    @Test
    void kernelIsAskedTenTimesASecondAtMost() {
        for (int i = 0; i < 10_000; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(1);
            make(1);
        }

        assertThat(asked).isBetween(99, 100);
    }

    @Test
    void burstBetweenTwoReadingsFindsNoMoreThanThereWas() {
        later();
        for (int i = 0; i < 10; i++) {
            make(10 * MIB);
        }
        room = 0; // as the kernel reports it by now

        assertThatThrownBy(() -> memory.promise(1)).isInstanceOf(PosixException.class)
                .hasMessageContainingAll("ENOMEM", "length=1", "available=0", "limit=the limit");
        assertThat(asked).as("once, and before the refusal").isEqualTo(2);
    }

    @Test
    void whatWasLetGoMeanwhileCanBeHadAgain() {
        later();
        for (int i = 0; i < 10; i++) {
            make(80 * MIB); // each is let go before the next
        }

        assertThat(asked).isEqualTo(10);
    }

    /// The kernel does not know of the memory yet.
    @Test
    void whatIsBeingMadeIsNotPromisedTwice() {
        later();
        memory.promise(60 * MIB);
        later();

        assertThatThrownBy(() -> memory.promise(60 * MIB)).isInstanceOf(PosixException.class)
                .hasMessageContaining("available=" + 40 * MIB);

        memory.made(60 * MIB);
        later();
        make(60 * MIB);
    }

    @Test
    void refusalTakesNothingFromOthers() {
        later();
        assertThatThrownBy(() -> memory.promise(Long.MAX_VALUE))
                .isInstanceOf(PosixException.class);

        make(100 * MIB);
    }

    private void make(long length) {
        memory.promise(length);
        memory.made(length);
    }

    private void later() {
        now += TimeUnit.SECONDS.toNanos(1);
    }
}
