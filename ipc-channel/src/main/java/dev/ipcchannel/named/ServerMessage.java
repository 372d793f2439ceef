package dev.ipcchannel.named;

/// A message of a server about a question: `Begun` before the handler gets the question, then any
/// number of values, of which the answer is one. So a caller whose server has died knows whether
/// the handler had begun.
///
/// @param <R> the type of the answers
sealed interface ServerMessage<R> {

    /// The notice that the handler is about to get the question.
    record Begun<R>() implements ServerMessage<R> {}

    /// A part of the answer, or the answer.
    record Value<R>(R value) implements ServerMessage<R> {}
}
