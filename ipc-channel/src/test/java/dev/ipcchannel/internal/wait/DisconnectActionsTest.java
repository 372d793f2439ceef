package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The actions at the other side's end.
@Timeout(60)
class DisconnectActionsTest {

    private static final int MANY = 4000;

    private final DisconnectActions actions = new DisconnectActions();

    @Test
    void looksAtThoseThatWaitAreLinearInTheirNumber() {
        AtomicLong looks = new AtomicLong();

        for (int i = 0; i < MANY; i++) {
            actions.add(() -> looks.incrementAndGet() < 0, () -> {});
        }

        assertThat(looks.get()).isLessThan(4L * MANY);
    }

    @Test
    void actionsOfClosedEndsDoNotPileUp() throws Exception {
        AtomicBoolean isClosed = new AtomicBoolean();
        AtomicLong looks = new AtomicLong();
        for (int i = 0; i < MANY; i++) {
            actions.add(isClosed::get, () -> {});
        }
        isClosed.set(true);
        for (int i = 0; i < MANY; i++) {
            actions.add(() -> looks.incrementAndGet() < 0, () -> {});
        }
        looks.set(0);
        CountDownLatch isRun = new CountDownLatch(1);
        actions.add(() -> false, isRun::countDown);

        actions.run();

        assertThat(isRun.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(looks.get()).as("looks at those that are wanted").isGreaterThanOrEqualTo(MANY);
    }

    @Test
    void eachRunsOnceAtTheEndAndLaterOnesAtOnce() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        actions.add(() -> false, both::countDown);
        actions.run();
        actions.add(() -> false, both::countDown);

        assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(actions.isEmpty()).isTrue();
    }
}
