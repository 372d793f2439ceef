package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A way by two names, one for each direction, each with one sender and one receiver.
///
/// @param <T> the type of the messages
/// @param <R> the receivers that it has
/// @param <S> the senders that it has
abstract class NameWay<T, R, S> implements Way<T> {

    /// Ends of an open way.
    private record Ends<R, S>(R receiver, S sender) {}

    private final NamedSide side;
    private @Nullable Ends<R, S> ends;

    /// @param address the directory for the follower, empty for the leader
    NameWay(ChannelOptions options, String address) throws IOException {
        side = NamedSide.of(options, address);
    }

    @Override
    public final String address() {
        return side.directory().toString();
    }

    @Override
    public final void open() throws InterruptedException {
        R receiver = openReceiver(side.in(), side);
        S sender = openSender(side.out(), side);
        ends = new Ends<>(receiver, sender);
        awaitReceiver(sender);
    }

    abstract R openReceiver(String name, NamedSide side) throws InterruptedException;

    abstract S openSender(String name, NamedSide side) throws InterruptedException;

    /// Waits until the other process receives what this one sends.
    abstract void awaitReceiver(S sender) throws InterruptedException;

    final R receiver() {
        return ends().receiver;
    }

    final S sender() {
        return ends().sender;
    }

    private Ends<R, S> ends() {
        Ends<R, S> open = ends;
        if (open == null) {
            throw new IllegalStateException("this way is not open");
        }
        return open;
    }

    abstract void close(R receiver, S sender);

    @Override
    public final void close() throws IOException {
        try {
            if (ends != null) {
                close(ends.receiver, ends.sender);
            }
        } finally {
            side.close();
        }
    }
}
