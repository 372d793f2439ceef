package dev.ipcchannel.worker;

import org.jspecify.annotations.Nullable;

/// The code that does jobs.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@FunctionalInterface
public interface JobHandler<Q, R> {

    /// Does one job. What it throws, an `Error` as well, reaches who waits for it as
    /// [dev.ipcchannel.CallFailed], and the worker goes on.
    ///
    /// @param job whether it is cancelled, and the way for progress and parts
    /// @return the answer; of a job whose answer nobody wants, whatever it likes
    @Nullable
    R handle(Q data, JobContext<R> job) throws Exception;
}
