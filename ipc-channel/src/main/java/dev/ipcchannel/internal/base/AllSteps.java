package dev.ipcchannel.internal.base;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The steps of an end, each of which is taken whatever becomes of the others. The first failure is
/// thrown once all have been taken.
public final class AllSteps {

    private AllSteps() {}

    /// Takes these, in order.
    public static void take(Runnable... steps) {
        take(List.of(steps), Runnable::run);
    }

    /// Takes one step for each of these, in order.
    public static <T> void take(List<T> those, Consumer<? super T> step) {
        Throwable first = null;
        for (int i = 0; i < those.size(); i++) { // without an iterator: a step may be one of a send
            try {
                step.accept(those.get(i));
            } catch (RuntimeException | Error failure) {
                first = first == null ? failure : first;
            }
        }
        throwIfThere(first);
    }

    /// Throws what was caught as a [RuntimeException] or an [Error], if anything was.
    public static void throwIfThere(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException unforeseen -> throw unforeseen;
            case Error error -> throw error;
            default -> throw new AssertionError(failure);
        }
    }
}
