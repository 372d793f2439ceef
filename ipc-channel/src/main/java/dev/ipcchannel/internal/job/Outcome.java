package dev.ipcchannel.internal.job;

/// A message of a worker about a task. For a job that comes alone: `Started` first, then any number
/// of `Step` and `Value`; the answer is a `Value` as well. For a job with a number ([Task.Marked]):
/// any number of `Step` and `Value`, then an `Answer`, or empty `Results` if it was not begun. For
/// a batch: `Results`, as parts and at last as the answer; without marks, one before each job.
///
/// @param <R> the type of the answers
public sealed interface Outcome<R> {

    /// The report that the worker begins the job.
    ///
    /// @param lastNanos how long the worker's job before this one took; 0 if that is not known
    /// @param takesBatches whether it takes jobs in batches
    /// @param <R> the type of the answers
    record Started<R>(long lastNanos, boolean takesBatches) implements Outcome<R> {}

    /// A report of the job's progress.
    record Step<R>(long done, long total, String note) implements Outcome<R> {}

    /// A part of the answer, or the answer.
    record Value<R>(R value) implements Outcome<R> {}

    /// The answer to a job that comes alone, with a number.
    ///
    /// @param nanos how long it took
    /// @param <R> the type of the answers
    record Answer<R>(long nanos, R value) implements Outcome<R> {}

    /// The results of the next jobs of a batch. Jobs that have no result when the call ends were
    /// not begun.
    ///
    /// @param nanos how long these took
    /// @param results a [Row] of them
    /// @param next the report on the jobs after these
    /// @param <R> the type of the answers
    @SuppressWarnings("ArrayRecordComponent") // a message, which is compared with none
    record Results<R>(long nanos, byte[] results, Next next) implements Outcome<R> {}

    /// The report of a worker on the jobs after some results.
    enum Next {

        /// No report: the worker's mark says which job it has begun, or the call ends.
        UNCHANGED,

        /// The worker begins the first of them.
        BEGUN,

        /// The worker begins no more of them: those that it has not begun belong to the host again.
        GIVEN_BACK
    }
}
