package dev.ipcchannel.call;

/// A message of a caller to its responder.
///
/// ```text
///     Ask(id, question)     opens a call; ids count up from 1
///     AskWithin(id, headers, question)
///                           opens one whose question has a context
///     Cancel(id)            the caller wants no answer any more; none for calls that are over
///     More(id, parts)       so many more parts may come than the first Reply.WINDOW
///     Withdraw(id)          the caller wants back what is not begun of the question
///     Interrupt(id)         the handler is to end soon; its answer is wanted all the same
/// ```
///
/// @param <Q> the type of the questions
public sealed interface Request<Q> {

    /// The opening of a call.
    ///
    /// @param id the call's, not used before on this pair of channels
    /// @param question what is asked
    /// @param <Q> the type of the questions
    record Ask<Q>(long id, Q question) implements Request<Q> {}

    /// The opening of a call whose question has headers.
    ///
    /// @param id the call's, not used before on this pair of channels
    /// @param headers a line `name=value` for each, with a line feed at its end; at most 256 bytes
    /// of UTF-8
    /// @param question what is asked
    /// @param <Q> the type of the questions
    record AskWithin<Q>(long id, String headers, Q question) implements Request<Q> {}

    /// The notice that the answer is not wanted any more, which may cross it on the way.
    ///
    /// @param id the call's
    /// @param <Q> the type of the questions
    record Cancel<Q>(long id) implements Request<Q> {}

    /// A grant of more parts of an answer.
    ///
    /// @param id the call's
    /// @param parts how many more, at least 1
    /// @param <Q> the type of the questions
    record More<Q>(long id, int parts) implements Request<Q> {}

    /// The wish to have a question back that is not given out yet: it is ended then. One that is
    /// given out goes on; its handler may see the wish ([Exchange#isWithdrawn]).
    ///
    /// @param id the call's
    /// @param <Q> the type of the questions
    record Withdraw<Q>(long id) implements Request<Q> {}

    /// The wish that the handler of a question interrupts what it does and answers with what it
    /// has. Nothing for one that is not given out, or is answered.
    ///
    /// @param id the call's
    /// @param <Q> the type of the questions
    record Interrupt<Q>(long id) implements Request<Q> {}
}
