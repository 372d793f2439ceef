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

    /// A job that comes alone to a worker that takes batches: with a number and an epoch, as each
    /// of a batch has them.
    ///
    /// @param isBidirectional whether it has an answer
    /// @param <Q> the type of the jobs' data
    record Marked<Q>(long number, long epoch, boolean isBidirectional, Q data)
            implements Task<Q> {}

    /// A batch of jobs, which a worker that takes batches does one after the other. Before each it
    /// says that it begins it by its mark, which is the job's number, and begins none once the mark
    /// of its host is another one than `epoch`. Where there are no marks, it says so by
    /// [Outcome.Next#BEGUN], and begins none once the call is withdrawn.
    ///
    /// @param first the number of the first job; that of each other one is one more
    /// @param epoch the host's mark as it was when these were given; 0 where there is none
    /// @param jobs a [Row] of them
    /// @param <Q> the type of the jobs' data
    @SuppressWarnings("ArrayRecordComponent") // a message, which is compared with none
    record Batch<Q>(long first, long epoch, byte[] jobs) implements Task<Q> {}
}
