package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A heartbeat starts whole or not at all.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeartbeatTest {

    private static final long MILLISECOND = 1_000_000;

    @Test
    void heartbeatThatCouldNotStartIsNotTakenForOneThatBeats() {
        Subscribers subscribers = new Subscribers();
        assertThatThrownBy(() -> Heartbeat.start(subscribers, 0))
                .isInstanceOf(IllegalArgumentException.class);

        try (Heartbeat second = Heartbeat.start(subscribers, MILLISECOND)) {
            assertThat(second).isNotNull();
            assertThat(Heartbeat.start(subscribers, MILLISECOND)).as("two at once").isNull();
        }
    }

    /// A process that was stopped for an hour is not to beat for all of it when it goes on.
    @Test
    void beatsThatWereMissedAreNotMadeUpFor() throws Exception {
        CountDownLatch standstill = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Heartbeat _ = Heartbeat.start(new Subscribers(), MILLISECOND)) {
            Future<?> _ = Ticks.timer().submit(() -> {
                begun.countDown();
                standstill.await();
                return true;
            });
            begun.await();
            Future<Long> after = Ticks.timer().schedule(Ticks.timer()::getCompletedTaskCount,
                    100 * MILLISECOND, TimeUnit.NANOSECONDS);
            long due = System.nanoTime() + 100 * MILLISECOND;
            await().until(() -> System.nanoTime() - due > 0);
            long before = Ticks.timer().getCompletedTaskCount();
            standstill.countDown();

            assertThat(after.get() - before).as("beats").isLessThan(10);
        }
    }
}
