package dev.ipcchannel.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The settings of one job.
///
/// @param timeout from the moment when it is given to the set; null for none
/// @param action what becomes of its worker when that passes
/// @param isIdempotent whether it may be done twice
/// @param onProgress the listener to its progress; null if there is none
/// @param onPart gets the parts of its answer; null if they are not wanted
/// @param <R> the type of the answers
record JobOptions<R>(@Nullable Duration timeout, TimeoutAction action, boolean isIdempotent,
        @Nullable Consumer<Progress> onProgress, @Nullable Consumer<R> onPart) {

    /// Whether the job reports before it ends.
    boolean isObserved() {
        return onProgress != null || onPart != null;
    }

    /// Says how far the job is.
    void say(Progress step) {
        if (onProgress != null) {
            onProgress.accept(step);
        }
    }

    /// Hands on a part of the answer.
    ///
    /// @return false if it is not wanted
    boolean isPartTaken(R part) {
        if (onPart == null) {
            return false;
        }
        onPart.accept(part);
        return true;
    }

    long timeoutNanos() {
        return timeout == null ? Long.MAX_VALUE
                : Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
    }
}
