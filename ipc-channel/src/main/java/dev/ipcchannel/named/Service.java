package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.internal.end.NamedEnd;
import java.util.List;

/// A pair of the question type and the answer type of a service. It is never sent: all members of
/// the name compare its description, so that they agree on both types.
///
/// @param question the question
/// @param answer the answer
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
record Service<Q, R>(Q question, R answer) {

    /// The codecs of one service.
    ///
    /// @param name of the service
    /// @param whole for the comparison only
    /// @param requests from callers
    /// @param replies from servers
    /// @param <Q> the type of the questions
    /// @param <R> the type of the answers
    /// @param question its type, for people
    /// @param answer its type, for people
    record Codecs<Q, R>(String name, Codec<Service<Q, R>> whole, Codec<Request<Q>> requests,
            Codec<Reply<ServerMessage<R>>> replies, String question, String answer) {

        /// The words of a caller's ends for error texts.
        NamedEnd asCaller() {
            return new NamedEnd(name, question, "a question", ServerRole.WORD);
        }

        /// The words of a server's ends for error texts.
        NamedEnd asServer() {
            return new NamedEnd(name, answer, "an answer", CallerRole.WORD);
        }
    }

    /// @throws IllegalArgumentException if there is no codec for one of the types
    static <Q, R> Codecs<Q, R> of(String name, TypeToken<Q> questions, TypeToken<R> answers) {
        TypeToken<Service<Q, R>> whole = TypeToken.of(Service.class, List.of(questions, answers));
        TypeToken<Request<Q>> requests = TypeToken.of(Request.class, List.of(questions));
        TypeToken<ServerMessage<R>> served = TypeToken.of(ServerMessage.class, List.of(answers));
        TypeToken<Reply<ServerMessage<R>>> replies = TypeToken.of(Reply.class, List.of(served));
        return new Codecs<>(name, Codec.of(whole), Codec.of(requests), Codec.of(replies),
                Codec.of(questions).toString(), Codec.of(answers).toString());
    }
}
