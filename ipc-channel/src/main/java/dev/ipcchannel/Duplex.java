package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.wait.Owner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A pair of a sender and a receiver: one side of a conversation. It can travel in a message like
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
        return Owned.open(this, owner);
    }

    /// The two ends of a link; null if the link does not go through channels.
    ///
    /// @throws IllegalStateException if the link has an owner
    static @Nullable Duplex<?, ?> of(Link<?, ?> link) {
        return switch (link) {
            case Duplex<?, ?> ends -> ends;
            case Owned<?, ?> owned -> throw owned.owner().refusal("this link");
            default -> null;
        };
    }

    /// Closes both ends. Messages that the other side sends in reaction to that are not received.
    @Override
    public void close() {
        receiver.end(); // before the other side can notice; the close itself may wait for a handler
        try {
            sender.close();
        } finally {
            receiver.close();
        }
    }

    /// A link for its owner: other users of its pair of ends are refused.
    ///
    /// @param ends that belong to the owner
    /// @param owner of both ends
    /// @param <O> the type of the messages that go out
    /// @param <I> the type of the messages that come in
    private record Owned<O, I>(Duplex<O, I> ends, Owner owner) implements Link<O, I> {

        /// Gives both ends to an owner, or neither.
        static <O, I> Owned<O, I> open(Duplex<O, I> ends, String name) {
            Owner owner =
                    new Owner(Argument.given(name, "owner"), "use that, or close it first");
            ends.receiver().own(owner); // first: of two threads that come at once, one fails here
            boolean isOwned = false;
            try {
                ends.sender().own(owner);
                isOwned = true;
                return new Owned<>(ends, owner);
            } finally {
                if (!isOwned) {
                    ends.receiver().disown(owner);
                }
            }
        }

        @Override
        public void send(O message) throws InterruptedException {
            ends.sender().sendAs(owner, message);
        }

        @Override
        public void send(O message, Duration timeout) throws InterruptedException {
            ends.sender().sendAs(owner, message, timeout);
        }

        @Override
        public SendOutcome trySend(O message) {
            return ends.sender().trySendAs(owner, message);
        }

        @Override
        public I receive() throws InterruptedException {
            return ends.receiver().receiveAs(owner);
        }

        @Override
        public I receive(Duration timeout) throws InterruptedException {
            return ends.receiver().receiveAs(owner, timeout);
        }

        @Override
        public @Nullable I tryReceive() {
            return ends.receiver().tryReceiveAs(owner);
        }

        @Override
        public String otherSide() {
            return ends.otherSide();
        }

        @Override
        public void onDisconnect(Runnable action) {
            ends.onDisconnect(action);
        }

        @Override
        public int maxMessage() {
            return ends.maxMessage();
        }

        @Override
        public EndStats outStats() {
            return ends.outStats();
        }

        @Override
        public EndStats inStats() {
            return ends.inStats();
        }

        @Override
        public Sender<O> sender() {
            throw owner.refusal("this link");
        }

        @Override
        public Receiver<I> receiver() {
            throw owner.refusal("this link");
        }

        @Override
        public void drop(I message) {
            ends.drop(message);
        }

        @Override
        public void dropUnsent(O message) {
            ends.dropUnsent(message);
        }

        @Override
        public Link<O, I> ownedBy(String another) {
            throw owner.refusal("this link");
        }

        @Override
        public void close() {
            ends.close();
        }

        @Override
        public String toString() {
            return ends.toString();
        }
    }
}
