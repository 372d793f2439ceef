package dev.ipcchannel.internal.job;

/// A message of a worker about a task. Of a job that comes alone: `Started` first, then any number
/// of `Step` and `Value`; the answer is a `Value` as well. Of one with a number: any number of
/// `Step` and `Value`, then an `Answer`, or empty `Results` if it was not begun. Of a batch:
/// `Results`, as parts and at last as the answer; where no mark is seen, one before each job.
///
/// @param <R> the type of the answers
public sealed interface Outcome<R> {

    /// The worker has the job in hand.
    ///
    /// @param lastNanos how long the job before this one took it; 0 where that is not known
    /// @param takesBatches whether it takes jobs in batches
    /// @param <R> the type of the answers
    record Started<R>(long lastNanos, boolean takesBatches) implements Outcome<R> {}

    /// A step that says how far it is.
    record Step<R>(long done, long total, String note) implements Outcome<R> {}

    /// A part of the answer, or the answer.
    record Value<R>(R value) implements Outcome<R> {}

    /// The answer to a job that comes alone, with a number.
    ///
    /// @param nanos how long it took
    /// @param <R> the type of the answers
    record Answer<R>(long nanos, R value) implements Outcome<R> {}

    /// The results of the next jobs of a batch. Those that none of these has come of when the call
    /// ends were not begun.
    ///
    /// @param nanos how long these took
    /// @param results a [Row] of them
    /// @param next what is said of the jobs after these
    /// @param <R> the type of the answers
    @SuppressWarnings("ArrayRecordComponent") // a message, which is compared with none
    record Results<R>(long nanos, byte[] results, Next next) implements Outcome<R> {}

    /// The word of a worker on the jobs after some results.
    enum Next {

        /// Nothing: its mark says which it has begun, or the call ends.
        UNCHANGED,

        /// It begins the first of them.
        BEGUN,

        /// It begins none any more: those that it has not begun are its host's again.
        GIVEN_BACK
    }
}
