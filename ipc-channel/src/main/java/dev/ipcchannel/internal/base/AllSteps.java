package dev.ipcchannel.internal.base;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The steps of an end. Each is taken, whatever fails in the others; the first failure is thrown
/// after the last step.
public final class AllSteps {

    private AllSteps() {}

    /// Takes these steps, in order.
    public static void take(Runnable... steps) {
        take(List.of(steps), Runnable::run);
    }

    /// Takes one step for each element, in order.
    public static <T> void take(List<T> those, Consumer<? super T> step) {
        Throwable first = null;
        for (int i = 0; i < those.size(); i++) { // without an iterator: a send may call this
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
