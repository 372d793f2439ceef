package dev.ipcchannel.call;

import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.testing.ForwardingLink;
import java.time.Duration;
import java.util.function.Consumer;

/// A link over real ends that runs something of the test's before each message goes out.
///
/// @param ends carry the messages
/// @param before is run with each message, and may throw what a link may
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
record HookedLink<O, I>(Link<O, I> ends, Consumer<O> before) implements ForwardingLink<O, I> {

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
    public Link<O, I> ownedBy(String owner) {
        return new HookedLink<>(ends.ownedBy(owner), before);
    }
}
