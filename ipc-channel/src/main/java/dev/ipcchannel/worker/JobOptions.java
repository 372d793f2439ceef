package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The settings of one job, which are said by a [JobBuilder] or a [JobMapping], or kept for many
/// jobs: `workers.send(data, options)`. Each `with…` makes another object.
///
/// @param timeout from the moment when it is given to the service; null for none. If it is not
/// positive, no worker gets the job
/// @param action what becomes of its worker when that passes
/// @param isIdempotent whether it may be done twice
/// @param onProgress the listener to its progress; null if there is none
/// @param onPart gets the parts of its answer; null if they are not wanted
/// @param key whose jobs go to one worker, in their order; null for none
/// @param priority how many steps, each of 100 milliseconds of waiting, it has ahead of others
/// @param <R> the type of the answers
public record JobOptions<R>(@Nullable Duration timeout, TimeoutAction action, boolean isIdempotent,
        @Nullable Consumer<Progress> onProgress, @Nullable Consumer<R> onPart,
        @Nullable String key, int priority) {

    /// The waiting that one step of priority is worth.
    static final long PRIORITY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// The highest priority, and the lowest as a negative number.
    static final int MAX_PRIORITY = 1000;

    /// The longest key, in `char`s: a set remembers thousands.
    static final int MAX_KEY = 1000;

    /// @throws NullPointerException if `action` is null
    /// @throws IllegalArgumentException if the priority is not from -1000 to 1000, or the key has
    /// more than 1000 letters
    public JobOptions {
        Argument.given(action, "action");
        if (key != null && key.length() > MAX_KEY) {
            throw new IllegalArgumentException(("a job's key is too long: key=%s, length=%d,"
                    + " limit=%d letters: use an id or a digest")
                    .formatted(Printable.brief(key), key.length(), MAX_KEY));
        }
        if (Math.abs((long) priority) > MAX_PRIORITY) {
            throw new IllegalArgumentException(
                    "a job's priority is from -%1$d to %1$d: priority=%2$d, limit=%3$d"
                            .formatted(MAX_PRIORITY, priority,
                                    priority < 0 ? -MAX_PRIORITY : MAX_PRIORITY));
        }
    }

    /// The settings of a job of which only this was said.
    ///
    /// @param timeout null for none
    public static <R> JobOptions<R> of(@Nullable Duration timeout, TimeoutAction action) {
        return new JobOptions<>(timeout, action, false, null, null, null, 0);
    }

    /// The time of a job that a builder was given.
    ///
    /// @throws IllegalArgumentException if it is negative
    static Duration notNegative(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "a job's time is not negative: timeout=%s, limit=0 s"
                            .formatted(ShownTime.of(limit)));
        }
        return limit;
    }

    /// The same with that much time for the answer, and with that for the worker when it passes.
    public JobOptions<R> withTimeout(@Nullable Duration limit, TimeoutAction then) {
        Argument.given(then, "then");
        return new JobOptions<>(limit, then, isIdempotent, onProgress, onPart, key, priority);
    }

    /// The same for a job that may be done twice.
    public JobOptions<R> withIdempotent() {
        return new JobOptions<>(timeout, action, true, onProgress, onPart, key, priority);
    }

    /// The same with a listener to the job's progress; see [JobBuilder#onProgress].
    public JobOptions<R> withProgress(Consumer<Progress> listener) {
        Argument.given(listener, "listener");
        return new JobOptions<>(timeout, action, isIdempotent, listener, onPart, key, priority);
    }

    /// The same with a listener to the parts of its answer; see [JobBuilder#onPart].
    public JobOptions<R> withPart(Consumer<R> taker) {
        Argument.given(taker, "taker");
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, taker, key, priority);
    }

    /// The same for a job of a key; see [JobBuilder#stickyTo].
    ///
    /// @throws IllegalArgumentException if the key has more than 1000 letters
    public JobOptions<R> withKey(String one) {
        Argument.given(one, "one");
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, onPart, one, priority);
    }

    /// The same with a priority; see [JobBuilder#priority].
    ///
    /// @throws IllegalArgumentException if it is not from -1000 to 1000
    public JobOptions<R> withPriority(int steps) {
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, onPart, key, steps);
    }

    /// Whether the job reports before it ends.
    boolean isObserved() {
        return onProgress != null || onPart != null;
    }

    /// Notifies the listener, if there is one, how far the job is.
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
