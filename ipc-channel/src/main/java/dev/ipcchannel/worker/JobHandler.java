package dev.ipcchannel.worker;

import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.internal.base.Argument;
import org.jspecify.annotations.Nullable;

/// The code that does jobs.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@FunctionalInterface
public interface JobHandler<Q, R> {

    /// Does one job. What it throws, an `Error` as well, reaches the caller as
    /// [dev.ipcchannel.CallFailed], and the worker goes on; after an `OutOfMemoryError` and some
    /// others ([WorkerSetBuilder#replaceAfter]) another one takes its place.
    ///
    /// @param job whether it is cancelled, and the way for progress and parts
    /// @return the answer; of a job without an answer, anything
    @Nullable
    R handle(Q data, JobContext<R> job) throws Exception;

    /// A handler that runs within the context that a job's headers describe. It does a job without
    /// headers as `handler` does.
    ///
    /// ```java
    /// Worker.serve(Order.class, Price.class,
    ///         JobHandler.within(tenants, (order, job) -> price(order)));
    /// ```
    static <Q, R> JobHandler<Q, R> within(ContextCarrier carrier, JobHandler<Q, R> handler) {
        return new Worker.Within<>(Argument.given(carrier, "carrier"),
                Argument.given(handler, "handler"));
    }
}
