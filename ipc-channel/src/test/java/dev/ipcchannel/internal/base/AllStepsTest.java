package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A list of steps, some of which fail.
@Timeout(60)
class AllStepsTest {

    private final List<Integer> taken = new ArrayList<>();

    @Test
    void eachIsTakenAndTheFirstFailureIsThrownThen() {
        assertThatThrownBy(() -> AllSteps.take(() -> taken.add(1),
                () -> fail(new OutOfMemoryError("first")),
                () -> taken.add(2),
                () -> fail(new IllegalStateException("second")),
                () -> taken.add(3))).isInstanceOf(OutOfMemoryError.class).hasMessage("first");

        assertThat(taken).containsExactly(1, 2, 3);
    }

    @Test
    void nothingIsThrownWhereNothingFails() {
        AllSteps.take(List.of(1, 2), taken::add);

        assertThat(taken).containsExactly(1, 2);
    }

    private static void fail(Error failure) {
        throw failure;
    }

    private static void fail(RuntimeException failure) {
        throw failure;
    }
}
