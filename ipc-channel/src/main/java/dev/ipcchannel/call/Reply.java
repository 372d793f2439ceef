package dev.ipcchannel.call;

/// A message of a responder to its caller: to each question exactly one `Answer`, `End` or
/// `Failed`, and before that any number of parts that the caller has granted.
///
/// @param <R> the type of the answers
public sealed interface Reply<R> {

    /// How many parts a call may get before the first [Request.More].
    int WINDOW = 64;

    /// The answer, or the last part of one.
    ///
    /// @param id the call's
    /// @param value the answer
    /// @param <R> the type of the answers
    record Answer<R>(long id, R value) implements Reply<R> {}

    /// A part of an answer; more follows.
    ///
    /// @param id the call's
    /// @param value the part
    /// @param <R> the type of the answers
    record Part<R>(long id, R value) implements Reply<R> {}

    /// The end of an answer in parts: the parts were all, or the caller has cancelled. A call that
    /// breaks off for any other reason has `Failed`.
    ///
    /// @param id the call's
    /// @param <R> the type of the answers
    record End<R>(long id) implements Reply<R> {}

    /// The failure that comes instead of an answer.
    ///
    /// @param id the call's
    /// @param failure why
    /// @param <R> the type of the answers
    record Failed<R>(long id, RemoteFailure failure) implements Reply<R> {}
}
