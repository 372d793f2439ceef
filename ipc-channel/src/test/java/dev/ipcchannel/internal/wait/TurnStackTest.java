package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A stack that ends in the middle of a turn.
@Timeout(120)
class TurnStackTest {

    private static final int STACK = 256 << 10;
    private static final int NEAR = 60; // calls: more than entering and leaving take

    private final Turn turn = new Turn(null, false);
    private int overflows;

    @Test
    void turnIsFreeWhereverInItTheStackEnds() throws Exception {
        int deepest = deepest();

        for (int depth = deepest - NEAR; depth <= deepest + NEAR; depth++) {
            boolean _ = dive(depth);
            assertThat(turn.tryEnter()).as("the turn is free after an overflow at depth %d", depth)
                    .isTrue();
            turn.exit();
        }

        assertThat(overflows).as("overflows").isPositive();
    }

    /// The deepest call from which the turn can be entered, roughly: code that is compiled
    /// meanwhile takes less of the stack.
    private int deepest() throws InterruptedException {
        int fits = 0;
        int tooMany = STACK;
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            if (dive(middle)) {
                fits = middle;
            } else {
                tooMany = middle;
            }
            assertThat(turn.tryEnter()).as("the turn is free after a dive to %d", middle).isTrue();
            turn.exit();
        }
        return fits;
    }

    /// @return false if the stack ended
    private boolean dive(int depth) throws InterruptedException {
        boolean isDone = run(() -> dive(depth, 0));
        overflows += isDone ? 0 : 1;
        return isDone;
    }

    private int dive(int left, int sum) {
        if (left > 0) {
            return dive(left - 1, sum + 1) + 1;
        }
        turn.enter();
        turn.exit();
        return sum;
    }

    /// @return false if the stack ended
    private static boolean run(Runnable what) throws InterruptedException {
        boolean[] isDone = new boolean[1];
        Thread thread = new Thread(null, () -> {
            try {
                what.run();
                isDone[0] = true;
            } catch (StackOverflowError _) {
                // As was to be.
            }
        }, "shallow", STACK);
        thread.start();
        thread.join();
        return isDone[0];
    }
}
