package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A builder that says more of a job than its data, then gives it to the set, once. One thread at a
/// time uses it.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class JobBuilder<Q, R> {

    private final WorkerSet<Q, R> set;
    private final Q data;
    private @Nullable Duration timeout;
    private TimeoutAction action;
    private boolean isIdempotent;
    private @Nullable Consumer<Progress> onProgress;
    private @Nullable Consumer<R> onPart;

    JobBuilder(WorkerSet<Q, R> set, Q data, JobOptions<R> defaults) {
        this.set = set;
        this.data = data;
        this.timeout = defaults.timeout();
        this.action = defaults.action();
    }

    /// With that much time, from the moment when it is given to the set.
    ///
    /// @throws IllegalArgumentException if that is negative
    public JobBuilder<Q, R> timeout(Duration limit) {
        Argument.given(limit, "limit");
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "a job's time is not negative: timeout=%s, limit=0 s"
                            .formatted(ShownTime.of(limit)));
        }
        timeout = limit;
        return this;
    }

    /// With that much time, and with that for its worker when it passes.
    ///
    /// @throws IllegalArgumentException if the time is negative
    public JobBuilder<Q, R> timeout(Duration limit, TimeoutAction then) {
        action = Argument.given(then, "then");
        return timeout(limit);
    }

    /// The same for a verb that waits: what is left of a time that is over may be negative.
    JobBuilder<Q, R> within(Duration left, TimeoutAction then) {
        timeout = left;
        action = then;
        return this;
    }

    /// It may be done twice: when its worker dies, it is given to another one, once.
    public JobBuilder<Q, R> idempotent() {
        isIdempotent = true;
        return this;
    }

    /// With a listener to its progress, which is called by a thread that receives for all jobs of a
    /// worker: it does what is quick and never waits. What it throws is logged.
    public JobBuilder<Q, R> onProgress(Consumer<Progress> listener) {
        onProgress = Argument.given(listener, "listener");
        return this;
    }

    /// With a listener that gets the parts of its answer, each in turn; those of a job that is
    /// tried again come again. It is called as [#onProgress] is.
    public JobBuilder<Q, R> onPart(Consumer<R> taker) {
        onPart = Argument.given(taker, "taker");
        return this;
    }

    /// See [WorkerSet#send(Object)].
    public CompletableFuture<R> send() throws InterruptedException {
        return set.send(data, options());
    }

    /// See [WorkerSet#call(Object)].
    public R call() throws InterruptedException {
        return set.call(data, options());
    }

    /// See [WorkerSet#tell].
    public void tell() throws InterruptedException {
        set.tell(data, options());
    }

    private JobOptions<R> options() {
        return new JobOptions<>(timeout, action, isIdempotent, onProgress, onPart);
    }
}
