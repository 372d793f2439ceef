package dev.ipcchannel.internal.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.end.Tally.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The sums over all ends: nothing is lost with an end, counted twice, or kept alive.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TalliesTest {

    private final Tallies tallies = new Tallies();

    @Test
    void sumIsOfOneSideAndOfOpenAndClosedEnds() {
        Tally open = counted(Side.SENDER);
        Tally closed = counted(Side.SENDER);
        Tally other = counted(Side.RECEIVER);
        tallies.add(open);
        tallies.add(closed);
        tallies.add(other);
        Tally.release(closed.words());
        tallies.fold(closed.words());
        tallies.fold(closed.words()); // once more does nothing

        Tally sum = tallies.sum(Side.SENDER);

        assertThat(sum.messages()).isEqualTo(2);
        assertThat(sum.bytes()).isEqualTo(20);
        assertThat(sum.highWaterMark()).as("the highest, no sum").isEqualTo(7);
        assertThat(sum.ends()).isEqualTo(1);
        assertThat(sum.descriptors()).isEqualTo(3);
        assertThat(sum.memory()).isEqualTo(100);
        assertThat(tallies.sum(Side.RECEIVER).messages()).isEqualTo(1);
    }

    @Test
    void forgottenEndIsNotKeptAliveAndWhatItDidIsNotLost() {
        tallies.add(counted(Side.SENDER));

        await("the collector finds it").atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return tallies.sum(Side.SENDER).ends() == 0;
        });

        assertThat(tallies.sum(Side.SENDER).messages()).isEqualTo(1);
        assertThat(tallies.sum(Side.SENDER).descriptors()).isZero();
    }

    @Test
    void sleepThatGoesOnCountsOnceWhenItHasEnded() {
        Tally tally = new Tally(Side.RECEIVER);
        tallies.add(tally);
        tally.asleep();
        await("time passes").atMost(Duration.ofSeconds(20))
                .until(() -> tallies.sum(Side.RECEIVER).blockedNanos() > 1_000_000);
        assertThat(tally.wakeUps()).isZero();

        tally.awake();
        tally.awake(); // without a sleep before

        assertThat(tally.wakeUps()).isEqualTo(1);
        assertThat(tallies.sum(Side.RECEIVER).blockedNanos()).isEqualTo(tally.blockedNanos());
    }

    private static Tally counted(Side side) {
        Tally tally = new Tally(side);
        assertThat(tally.message(10)).isFalse();
        tally.unread(7);
        tally.unread(5);
        tally.ends(1);
        tally.hold(3, 100);
        return tally;
    }
}
