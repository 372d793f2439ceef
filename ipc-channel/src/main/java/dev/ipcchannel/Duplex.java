package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A sender and a receiver as a pair: one side of a conversation. It can travel in a message like
/// any end.
///
/// @param sender to the other side
/// @param receiver from the other side
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
public record Duplex<O, I>(Sender<O> sender, Receiver<I> receiver) implements Link<O, I> {

    /// @throws NullPointerException if an end is missing
    public Duplex {
        Argument.given(sender, "sender");
        Argument.given(receiver, "receiver");
    }

    /// The two sides of a conversation.
    ///
    /// @param near one side
    /// @param far the other side, usually for another process
    /// @param <O> the type of what the near side sends
    /// @param <I> the type of what the near side receives
    public record Pair<O, I>(Duplex<O, I> near, Duplex<I, O> far) {}

    /// Makes two channels and pairs their ends. Throws what [Channel#create(Class)] throws.
    public static <O, I> Pair<O, I> create(Class<O> out, Class<I> in) {
        return create(out, in, ChannelOptions.defaults());
    }

    /// Makes two channels and pairs their ends. Throws what [Channel#create(Class)] throws.
    public static <O, I> Pair<O, I> create(Class<O> out, Class<I> in, ChannelOptions options) {
        Argument.given(out, "out");
        Argument.given(in, "in");
        return create(TypeToken.of(out), TypeToken.of(in), options);
    }

    /// Makes two channels for messages of generic types and pairs their ends. Throws what
    /// [Channel#create(Class)] throws.
    public static <O, I> Pair<O, I> create(TypeToken<O> out, TypeToken<I> in) {
        return create(out, in, ChannelOptions.defaults());
    }

    /// Makes two channels for messages of generic types and pairs their ends. Throws what
    /// [Channel#create(Class)] throws.
    public static <O, I> Pair<O, I> create(TypeToken<O> out, TypeToken<I> in,
            ChannelOptions options) {
        Argument.given(out, "out");
        Argument.given(in, "in");
        Channel<O> there = Channel.create(out, options);
        try {
            Channel<I> back = Channel.create(in, options);
            return new Pair<>(new Duplex<>(there.sender(), back.receiver()),
                    new Duplex<>(back.sender(), there.receiver()));
        } catch (RuntimeException | Error failure) {
            there.close();
            throw failure;
        }
    }

    /// See [Sender#send(Object)].
    @Override
    public void send(O message) throws InterruptedException {
        sender.send(message);
    }

    /// See [Sender#send(Object, Duration)].
    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        sender.send(message, timeout);
    }

    /// See [Sender#trySend].
    @Override
    public SendOutcome trySend(O message) {
        return sender.trySend(message);
    }

    /// See [Receiver#receive()].
    @Override
    public I receive() throws InterruptedException {
        return receiver.receive();
    }

    /// See [Receiver#receive(Duration)].
    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return receiver.receive(timeout);
    }

    /// See [Receiver#tryReceive()].
    @Override
    public @Nullable I tryReceive() {
        return receiver.tryReceive();
    }

    @Override
    public String otherSide() {
        return sender.otherSide();
    }

    /// Has `action` run once either direction has ended; see [Link#onDisconnect].
    @Override
    public void onDisconnect(Runnable action) {
        Argument.given(action, "action");
        AtomicBoolean hasRun = new AtomicBoolean();
        Runnable once = () -> {
            if (hasRun.compareAndSet(false, true)) {
                action.run();
            }
        };
        sender.onDisconnect(once);
        receiver.onDisconnect(once);
    }

    /// See [Sender#maxMessage].
    @Override
    public int maxMessage() {
        return sender.maxMessage();
    }

    /// See [Sender#stats].
    @Override
    public EndStats outStats() {
        return sender.stats();
    }

    /// See [Receiver#stats].
    @Override
    public EndStats inStats() {
        return receiver.stats();
    }

    @Override
    public void drop(I message) {
        Argument.given(message, "message");
        receiver.drop(message);
    }

    @Override
    public void dropUnsent(O message) {
        Argument.given(message, "message");
        sender.dropUnsent(message);
    }

    @Override
    public Link<O, I> ownedBy(String owner) {
        return OwnedDuplex.open(this, owner);
    }

    /// Closes both ends. What the other side says because of that is not received any more.
    @Override
    public void close() {
        receiver.end(); // before the other side can learn; the close itself may wait for a handler
        try {
            sender.close();
        } finally {
            receiver.close();
        }
    }
}
