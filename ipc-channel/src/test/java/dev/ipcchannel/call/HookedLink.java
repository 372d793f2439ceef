package dev.ipcchannel.call;

import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A link over real ends that runs something of the test's before each message goes out.
///
/// @param ends carry the messages
/// @param before is run with each message, and may throw what a link may
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
record HookedLink<O, I>(Link<O, I> ends, Consumer<O> before) implements Link<O, I> {

    @Override
    public void send(O message) throws InterruptedException {
        before.accept(message);
        ends.send(message);
    }

    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        before.accept(message);
        ends.send(message, timeout);
    }

    @Override
    public SendOutcome trySend(O message) {
        before.accept(message);
        return ends.trySend(message);
    }

    @Override
    public I receive() throws InterruptedException {
        return ends.receive();
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return ends.receive(timeout);
    }

    @Override
    public @Nullable I tryReceive() {
        return ends.tryReceive();
    }

    @Override
    public void drop(I message) {
        ends.drop(message);
    }

    @Override
    public Link<O, I> ownedBy(String owner) {
        return new HookedLink<>(ends.ownedBy(owner), before);
    }

    @Override
    public void close() {
        ends.close();
    }
}
