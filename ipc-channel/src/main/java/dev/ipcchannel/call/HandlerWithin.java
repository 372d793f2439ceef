package dev.ipcchannel.call;

import org.jspecify.annotations.Nullable;

/// A handler that runs within the context of each question that has headers.
record HandlerWithin<Q, R>(ContextCarrier carrier, Handler<Q, R> handler)
        implements Handler<Q, R> {

    @Override
    public @Nullable R answer(Q question, Exchange<R> exchange) throws Exception {
        return exchange.headers().isEmpty() ? handler.answer(question, exchange)
                : carrier.within(exchange.headers(), () -> handler.answer(question, exchange));
    }

    @Override
    public void whileItTakesLong(Exchange<R> exchange) throws InterruptedException {
        handler.whileItTakesLong(exchange);
    }
}
