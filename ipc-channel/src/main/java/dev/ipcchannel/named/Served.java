package dev.ipcchannel.named;

/// The word of a server on a question: `Begun` before its handler gets that, then any number of
/// values; the answer is one as well. So a caller knows of a server that has died whether anything
/// was done.
///
/// @param <R> the type of the answers
sealed interface Served<R> {

    /// The handler is about to get the question.
    record Begun<R>() implements Served<R> {}

    /// A part of the answer, or the answer.
    record Value<R>(R value) implements Served<R> {}
}
