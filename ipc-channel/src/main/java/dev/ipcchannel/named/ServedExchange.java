package dev.ipcchannel.named;

import dev.ipcchannel.call.Exchange;
import java.time.Duration;

/// One call of a service as its handler sees it.
///
/// @param inner the call as it is carried
/// @param <R> the type of the answers
record ServedExchange<R>(Exchange<Served<R>> inner) implements Exchange<R> {

    @Override
    public boolean isCancelled() {
        return inner.isCancelled();
    }

    @Override
    public void send(R part) throws InterruptedException {
        inner.send(new Served.Value<>(part));
    }

    @Override
    public void send(R part, Duration timeout) throws InterruptedException {
        inner.send(new Served.Value<>(part), timeout);
    }

    @Override
    public <T extends AutoCloseable> T closeWhenSent(T resource) {
        return inner.closeWhenSent(resource);
    }
}
