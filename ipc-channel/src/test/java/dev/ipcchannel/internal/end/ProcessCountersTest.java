package dev.ipcchannel.internal.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.end.Counters.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The sums over all ends: nothing is lost with an end, counted twice, or kept alive.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessCountersTest {

    private final ProcessCounters process = new ProcessCounters();

    @Test
    void sumIsOfOneSideAndOfOpenAndClosedEnds() {
        Counters open = counted(Side.SENDER);
        Counters closed = counted(Side.SENDER);
        Counters other = counted(Side.RECEIVER);
        process.add(open);
        process.add(closed);
        process.add(other);
        Counters.release(closed.words());
        process.fold(closed.words());
        process.fold(closed.words()); // once more does nothing

        Counters sum = process.sum(Side.SENDER);

        assertThat(sum.messages()).isEqualTo(2);
        assertThat(sum.bytes()).isEqualTo(20);
        assertThat(sum.highWaterMark()).as("the highest, no sum").isEqualTo(7);
        assertThat(sum.ends()).isEqualTo(1);
        assertThat(sum.descriptors()).isEqualTo(3);
        assertThat(sum.memory()).isEqualTo(100);
        assertThat(process.sum(Side.RECEIVER).messages()).isEqualTo(1);
    }

    @Test
    void forgottenEndIsNotKeptAliveAndWhatItDidIsNotLost() {
        process.add(counted(Side.SENDER));

        await("the collector finds it").atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return process.sum(Side.SENDER).ends() == 0;
        });

        assertThat(process.sum(Side.SENDER).messages()).isEqualTo(1);
        assertThat(process.sum(Side.SENDER).descriptors()).isZero();
    }

    @Test
    void sleepThatGoesOnCountsOnceWhenItHasEnded() {
        Counters counters = new Counters(Side.RECEIVER);
        process.add(counters);
        counters.asleep();
        await("time passes").atMost(Duration.ofSeconds(20))
                .until(() -> process.sum(Side.RECEIVER).blockedNanos() > 1_000_000);
        assertThat(counters.wakeUps()).isZero();

        counters.awake();
        counters.awake(); // without a sleep before

        assertThat(counters.wakeUps()).isEqualTo(1);
        assertThat(process.sum(Side.RECEIVER).blockedNanos()).isEqualTo(counters.blockedNanos());
    }

    private static Counters counted(Side side) {
        Counters counters = new Counters(side);
        assertThat(counters.message(10)).isFalse();
        counters.unread(7);
        counters.unread(5);
        counters.ends(1);
        counters.hold(3, 100);
        return counters;
    }
}
