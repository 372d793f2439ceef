package dev.ipcchannel.worker;

import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.internal.job.Outcome;
import java.util.Map;

/// A job as the call that brings it.
record ExchangeContext<R>(Exchange<Outcome<R>> exchange, boolean isBidirectional)
        implements JobContext<R> {

    @Override
    public boolean isCancelled() {
        return exchange.isCancelled();
    }

    @Override
    public Map<String, String> headers() {
        return exchange.headers();
    }

    @Override
    public void progress(long done, long total, String note) throws InterruptedException {
        exchange.part(new Outcome.Step<>(done, total, note));
    }

    @Override
    public void part(R value) throws InterruptedException {
        exchange.part(new Outcome.Value<>(value));
    }

    @Override
    public <T extends AutoCloseable> T closeWhenSent(T resource) {
        return exchange.closeWhenSent(resource);
    }
}
