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

    /// A job without an answer: the worker only reports that it has done it.
    record Unidirectional<Q>(Q data) implements Work<Q> {}

    /// A task with nothing to do, for a spare worker: it has then received and answered once before
    /// its first job comes.
    record WarmUp<Q>() implements Task<Q> {}

    /// A job that comes alone to a worker that takes batches, with a number and an epoch, as each
    /// job of a batch has them.
    ///
    /// @param isBidirectional whether it has an answer
    /// @param <Q> the type of the jobs' data
    record Marked<Q>(long number, long epoch, boolean isBidirectional, Q data)
            implements Task<Q> {}

    /// A batch of jobs, which a worker that takes batches does one after the other. Before each job
    /// it sets its mark to the job's number. It begins no job once the mark of its host differs
    /// from `epoch`. Without marks it reports each begin by [Outcome.Next#BEGUN], and begins no job
    /// once the call is withdrawn.
    ///
    /// @param first the number of the first job; that of each other one is one more
    /// @param epoch the host's mark as it was when these were given; 0 where there is none
    /// @param jobs a [Row] of them
    /// @param <Q> the type of the jobs' data
    @SuppressWarnings("ArrayRecordComponent") // a message, which is compared with none
    record Batch<Q>(long first, long epoch, byte[] jobs) implements Task<Q> {}
}
