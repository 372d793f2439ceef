package dev.ipcchannel.internal.job;

/// The words of a worker about a job: `Started` first, then any number of `Step` and `Value`; the
/// answer is a `Value` as well.
///
/// @param <R> the type of the answers
public sealed interface Outcome<R> {

    /// The worker has the job in hand.
    ///
    /// @param lastNanos how long the job before this one took it; 0 where that is not known
    /// @param <R> the type of the answers
    record Started<R>(long lastNanos) implements Outcome<R> {}

    /// A step that says how far it is.
    record Step<R>(long done, long total, String note) implements Outcome<R> {}

    /// A part of the answer, or the answer.
    record Value<R>(R value) implements Outcome<R> {}
}
