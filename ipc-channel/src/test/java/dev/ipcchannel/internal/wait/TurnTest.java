package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.testing.Children;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The waits for a turn that another thread has.
@Timeout(60)
class TurnTest {

    private final CountDownLatch done = new CountDownLatch(1);

    /// A test kills an exclusive sender of another thread, which has a claim open and lives on.
    @Test
    void whatIsToBeDoneOnceTheOwnersClaimIsOverIsDoneWhileTheOwnerLives() throws Exception {
        Turn turn = new Turn(Thread.currentThread(), true);
        turn.enter();
        turn.take();
        turn.exit();
        Thread killer = Thread.ofPlatform().start(() -> {
            turn.breakIn();
            turn.whenFree(done::countDown);
            turn.exit();
        });
        killer.join();
        assertThat(done.getCount()).isEqualTo(1);

        turn.enter();
        turn.end();
        turn.exit();

        assertThat(done.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsToBeDoneOnceAThreadsClaimIsOverIsDoneWithItsEnd() throws Exception {
        Turn turn = new Turn(null, false);
        Thread holder = Thread.ofPlatform().start(turn::take);
        holder.join();

        turn.whenFree(done::countDown);

        assertThat(done.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /// Entering and leaving the inner turn does not release the outer turn's lock, in whatever
    /// order and however deep.
    @Test
    void otherThreadsComeInOnceTheThreadIsOutsideOfTheOuterTurnToo() throws Exception {
        Turn outer = new Turn(null, false);
        Turn inner = Turn.inside(outer);
        AtomicInteger entered = new AtomicInteger();

        outer.enter();
        inner.enter();
        inner.breakIn();
        assertThat(inner.tryEnter()).isTrue();
        inner.exit();
        inner.exit();
        inner.exit();
        Thread first = Thread.ofPlatform().start(() -> comeIn(inner, entered));
        Thread second = Thread.ofPlatform().start(() -> comeIn(outer, entered));
        awaitParked(first);
        awaitParked(second);
        assertThat(entered).hasValue(0);
        outer.exit();
        first.join();
        second.join();

        assertThat(entered).hasValue(2);
    }

    @Test
    void innerTurnByItselfIsALockOfAll() throws Exception {
        Turn outer = new Turn(null, false);
        Turn inner = Turn.inside(outer);
        AtomicInteger entered = new AtomicInteger();

        inner.enter();
        Thread other = Thread.ofPlatform().start(() -> comeIn(outer, entered));
        awaitParked(other);
        assertThat(entered).hasValue(0);
        inner.exit();
        other.join();

        assertThat(entered).hasValue(1);
    }

    /// The wait would release the outer turn's lock.
    @Test
    void waitInsideOfTheOuterTurnIsRefused() {
        Turn outer = new Turn(null, false);
        Turn inner = Turn.inside(outer);
        WaitCount count = new Counters(Counters.Side.SENDER);
        outer.enter();
        inner.enter();

        assertThatThrownBy(() -> inner.await(() -> false, Deadline.NEVER, count))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside of another one");
        inner.exit();
        outer.exit();

        assertThat(outer.tryEnter()).isTrue();
        outer.exit();
    }

    private static void comeIn(Turn turn, AtomicInteger entered) {
        turn.enter();
        try {
            entered.incrementAndGet();
        } finally {
            turn.exit();
        }
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
