package dev.ipcchannel.worker;

import org.jspecify.annotations.Nullable;

/// The code that does jobs of which nothing but the data matters; see [JobHandler].
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@FunctionalInterface
public interface JobFunction<Q, R> {

    /// Does one job.
    ///
    /// @return the answer; of a job without an answer, anything
    @Nullable
    R handle(Q data) throws Exception;
}
