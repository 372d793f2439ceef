package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Memory that is lent to one call at a time.
@Timeout(30)
class FrameTest {

    @Test
    void memoryGivenBackIsLentAgain() {
        Frame frame = Frame.borrow();
        frame.close();

        try (Frame next = Frame.borrow()) {
            assertThat(next.address(0)).isEqualTo(frame.address(0));
        }
    }

    @Test
    void frameClosedTwiceIsInThePoolOnce() {
        Frame frame = Frame.borrow();
        frame.close();
        frame.close();

        try (Frame first = Frame.borrow(); Frame second = Frame.borrow()) {
            assertThat(first.address(0)).isNotEqualTo(second.address(0));
        }
    }

    @Test
    void secondCloseDoesNotTakeTheMemoryFromWhoeverHasItNow() {
        Frame frame = Frame.borrow();
        frame.close();

        try (Frame next = Frame.borrow()) {
            frame.close();
            try (Frame other = Frame.borrow()) {
                assertThat(other.address(0)).isNotEqualTo(next.address(0));
            }
        }
    }
}
