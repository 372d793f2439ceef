package dev.ipcchannel.internal.job;

/// A task that a set gives a worker.
///
/// @param <Q> the type of the jobs' data
public sealed interface Task<Q> {

    /// A job.
    ///
    /// @param <Q> the type of the jobs' data
    sealed interface Work<Q> extends Task<Q> {

        Q data();
    }

    /// A job with an answer.
    record Bidirectional<Q>(Q data) implements Work<Q> {}

    /// A job without one: the worker only says when it has done it.
    record Unidirectional<Q>(Q data) implements Work<Q> {}

    /// A task with nothing to do: a spare has received and answered once before it is in a hurry.
    record WarmUp<Q>() implements Task<Q> {}
}
