package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Printable;
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
/// @param key whose jobs go to one worker, in their order; null for none
/// @param priority how many [#PRIORITY_NANOS] of waiting it has ahead of others
/// @param <R> the type of the answers
record JobOptions<R>(@Nullable Duration timeout, TimeoutAction action, boolean isIdempotent,
        @Nullable Consumer<Progress> onProgress, @Nullable Consumer<R> onPart,
        @Nullable String key, int priority) {

    /// The waiting that one step of priority is worth.
    static final long PRIORITY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// The highest priority, and the lowest as a negative number.
    static final int MAX_PRIORITY = 1000;

    /// The longest key, in `char`s: a set remembers thousands.
    static final int MAX_KEY = 1000;

    /// The settings of a job of which only this was said.
    static <R> JobOptions<R> of(@Nullable Duration timeout, TimeoutAction action) {
        return new JobOptions<>(timeout, action, false, null, null, null, 0);
    }

    JobOptions<R> withTimeout(@Nullable Duration limit, TimeoutAction then) {
        return new JobOptions<>(limit, then, isIdempotent, onProgress, onPart, key, priority);
    }

    JobOptions<R> withIdempotent() {
        return new JobOptions<>(timeout, action, true, onProgress, onPart, key, priority);
    }

    JobOptions<R> withProgress(Consumer<Progress> listener) {
        return new JobOptions<>(timeout, action, isIdempotent, listener, onPart, key, priority);
    }

    JobOptions<R> withPart(Consumer<R> taker) {
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, taker, key, priority);
    }

    JobOptions<R> withKey(String one) {
        if (one.length() > MAX_KEY) {
            throw new IllegalArgumentException(("a job's key is too long: key=%s, length=%d,"
                    + " limit=%d letters: use an id or a digest")
                    .formatted(Printable.brief(one), one.length(), MAX_KEY));
        }
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, onPart, one, priority);
    }

    /// @throws IllegalArgumentException if it is beyond the limits
    JobOptions<R> withPriority(int steps) {
        if (Math.abs((long) steps) > MAX_PRIORITY) {
            throw new IllegalArgumentException(
                    "a job's priority is from -%1$d to %1$d: priority=%2$d, limit=%3$d"
                            .formatted(MAX_PRIORITY, steps,
                                    steps < 0 ? -MAX_PRIORITY : MAX_PRIORITY));
        }
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, onPart, key, steps);
    }

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
