package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.RunOnce;
import org.jspecify.annotations.Nullable;

/// A handler that runs within the context of each question that has headers.
record HandlerWithin<Q, R>(ContextCarrier carrier, Handler<Q, R> handler)
        implements Handler<Q, R> {

    @Override
    public @Nullable R answer(Q question, Exchange<R> exchange) throws Exception {
        if (exchange.headers().isEmpty()) {
            return handler.answer(question, exchange);
        }
        return RunOnce.<@Nullable R, Exception>pass(() -> handler.answer(question, exchange),
                carrier, once -> carrier.within(exchange.headers(), once));
    }

    @Override
    public void whileItTakesLong(Exchange<R> exchange) throws InterruptedException {
        handler.whileItTakesLong(exchange);
    }
}
