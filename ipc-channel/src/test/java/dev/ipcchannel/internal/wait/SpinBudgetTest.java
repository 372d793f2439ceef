package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The looks before a sleep: they are given up where they do not pay.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpinBudgetTest {

    private static final long NANOS = 20_000;

    @Test
    void looksThatNeverPayBecomeRare() {
        assumeThat(Runtime.getRuntime().availableProcessors())
                .as("no thread looks on one processor").isGreaterThan(1);
        SpinBudget budget = new SpinBudget(NANOS);
        int waits = 100_000;
        int looks = 0;
        for (int i = 0; i < waits; i++) {
            if (budget.next() > 0) {
                looks++;
                budget.wasted();
            }
        }
        assertThat(looks).isBetween(SpinBudget.PATIENCE + 1,
                SpinBudget.PATIENCE + 6 + waits / SpinBudget.LONGEST_PAUSE);
    }

    @Test
    void lookThatPaysBringsLooksBack() {
        assumeThat(Runtime.getRuntime().availableProcessors())
                .as("no thread looks on one processor").isGreaterThan(1);
        SpinBudget budget = new SpinBudget(NANOS);
        for (int i = 0; i < SpinBudget.PATIENCE; i++) {
            assertThat(budget.next()).isEqualTo(NANOS);
            budget.wasted();
        }
        for (int i = 0; i < SpinBudget.FIRST_PAUSE; i++) {
            assertThat(budget.next()).isZero();
        }
        assertThat(budget.next()).isEqualTo(NANOS);
        budget.paid();
        for (int i = 0; i < SpinBudget.PATIENCE; i++) {
            assertThat(budget.next()).isEqualTo(NANOS);
            budget.wasted();
        }
        assertThat(budget.next()).isZero();
    }

    @Test
    void spinForeverIsKeptToByPlatformThreads() {
        SpinBudget budget = new SpinBudget(SpinBudget.FOREVER);
        for (int i = 0; i < 10 * SpinBudget.PATIENCE; i++) {
            assertThat(budget.next()).isEqualTo(SpinBudget.FOREVER);
            budget.wasted();
        }
    }

    @Test
    void virtualThreadsNeverLook() throws Exception {
        long[] nanos = {-1, -1};
        Thread thread = Thread.ofVirtual().start(() -> {
            nanos[0] = new SpinBudget(NANOS).next();
            nanos[1] = new SpinBudget(SpinBudget.FOREVER).next();
        });
        thread.join();

        assertThat(nanos).containsExactly(0, 0);
    }
}
