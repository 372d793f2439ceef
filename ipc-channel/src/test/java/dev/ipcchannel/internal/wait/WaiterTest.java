package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.PollSet;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Waiters from a pool: the one that was given back last is borrowed first.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaiterTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofDays(1);

    @Test
    void wakerEndsTheWaitOfItsBorrower() throws Exception {
        Waiter waiter = Waiter.borrow();
        waiter.waker().run();

        assertThat(waiter.await(new PollSet(), Deadline.after(LONG))).isFalse(); // at once

        waiter.giveBack();
    }

    @Test
    void wakerThatCameAfterTheLastLookIsNotTheNextBorrowers() throws Exception {
        Waiter waiter = Waiter.borrow();
        waiter.waker().run();
        waiter.giveBack();

        assertThatNothingWakes(waiter);
    }

    @Test
    void wakerThatIsRunAfterItsBorrowerIsNotTheNextBorrowers() throws Exception {
        Waiter waiter = Waiter.borrow();
        Runnable waker = waiter.waker();
        waiter.giveBack();
        waker.run();

        assertThatNothingWakes(waiter);
    }

    @Test
    void interruptIsNotTheNextBorrowers() throws Exception {
        Waiter waiter = Waiter.borrow();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> waiter.await(new PollSet(), Deadline.after(LONG)))
                .isInstanceOf(InterruptedException.class);
        waiter.giveBack();

        assertThatNothingWakes(waiter);
    }

    private static void assertThatNothingWakes(Waiter given) throws Exception {
        Waiter next = Waiter.borrow();
        assertThat(next).as("the one that was given back").isSameAs(given);
        Deadline deadline = Deadline.after(SHORT);
        next.await(new PollSet(), deadline);
        next.giveBack();
        assertThat(deadline.isPast()).as("slept to the end").isTrue();
    }
}
