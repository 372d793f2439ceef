package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Argument;
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

    /// A handler that runs within the context that a question's headers describe. It answers a
    /// question without headers as `handler` does.
    ///
    /// ```java
    /// responder.serve(Handler.within(tenants, (question, exchange) -> answer(question)));
    /// ```
    static <Q, R> Handler<Q, R> within(ContextCarrier carrier, Handler<Q, R> handler) {
        return new HandlerWithin<>(Argument.given(carrier, "carrier"),
                Argument.given(handler, "handler"));
    }

    /// Is called each few milliseconds while an answer takes long, by another thread than the one
    /// that makes it, where handlers run on the thread that serves ([Responder#serve(Handler)]):
    /// for parts that were gathered, and are to be sent now. Meanwhile that thread may send parts
    /// by `exchange`; it is not to wait for long, and sends none once the answer is made. Does
    /// nothing, unless it is overridden.
    default void whileItTakesLong(Exchange<R> exchange) throws InterruptedException {
        // there is nothing to send
    }
}
