package dev.ipcchannel.testing;

import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A link that forwards to another one all methods that it does not override. It has to implement
/// `ownedBy` itself.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
public interface ForwardingLink<O, I> extends Link<O, I> {

    /// The link that carries the messages.
    Link<O, I> ends();

    @Override
    default void send(O message) throws InterruptedException {
        ends().send(message);
    }

    @Override
    default void send(O message, Duration timeout) throws InterruptedException {
        ends().send(message, timeout);
    }

    @Override
    default SendOutcome trySend(O message) {
        return ends().trySend(message);
    }

    @Override
    default I receive() throws InterruptedException {
        return ends().receive();
    }

    @Override
    default I receive(Duration timeout) throws InterruptedException {
        return ends().receive(timeout);
    }

    @Override
    default @Nullable I tryReceive() {
        return ends().tryReceive();
    }

    @Override
    default void onDisconnect(Runnable action) {
        ends().onDisconnect(action);
    }

    @Override
    default int maxMessage() {
        return ends().maxMessage();
    }

    @Override
    default EndStats outStats() {
        return ends().outStats();
    }

    @Override
    default EndStats inStats() {
        return ends().inStats();
    }

    @Override
    default void drop(I message) {
        ends().drop(message);
    }

    @Override
    default void dropUnsent(O message) {
        ends().dropUnsent(message);
    }

    @Override
    default void close() {
        ends().close();
    }
}
