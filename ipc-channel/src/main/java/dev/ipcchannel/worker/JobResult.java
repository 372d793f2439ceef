package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;

/// The result of a job of a stream in which failures are elements too, see
/// [JobMapping#withFailures].
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public sealed interface JobResult<Q, R> {

    /// What was to be done.
    Q data();

    /// A job that was done.
    ///
    /// @param answer the worker's
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record Done<Q, R>(Q data, R answer) implements JobResult<Q, R> {

        /// @throws NullPointerException if one of them is missing
        public Done {
            Argument.given(data, "data");
            Argument.given(answer, "answer");
        }
    }

    /// A job that was not done, or of which that is not known.
    ///
    /// @param failure what [JobService#call(Object)] would have thrown for it
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record Failed<Q, R>(Q data, RuntimeException failure) implements JobResult<Q, R> {

        /// @throws NullPointerException if one of them is missing
        public Failed {
            Argument.given(data, "data");
            Argument.given(failure, "failure");
        }
    }
}
