package dev.ipcchannel.call;

import org.jspecify.annotations.Nullable;

/// The code that answers questions.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
@FunctionalInterface
public interface Handler<Q, R> {

    /// Answers one question. What it throws, an `Error` as well, reaches the caller as
    /// [dev.ipcchannel.CallFailed], and the responder goes on.
    ///
    /// @param exchange the call: whether it is cancelled, and the way for the parts of an answer
    /// @return the answer; after parts the last one, or null if there are no more
    @Nullable
    R answer(Q question, Exchange<R> exchange) throws Exception;
}
