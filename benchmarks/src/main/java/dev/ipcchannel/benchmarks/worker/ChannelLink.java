package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// Ours, by two channels, whose ends are used in another way than by one send and one receive each.
///
/// @param <T> the type of the messages
abstract class ChannelLink<T> extends CountingLink {

    private final ChannelWay<T> way;

    /// @param address the server's name for the follower, empty for the leader
    ChannelLink(Class<T> type, ChannelOptions options, String address) {
        way = new ChannelWay<>(type, options, address, this::adapt);
    }

    @Override
    public final String address() {
        return way.address();
    }

    @Override
    public final void open() throws InterruptedException {
        way.open();
    }

    /// The sender to use, made from the shared one by the thread that will use it.
    abstract Sender<T> adapt(Sender<T> shared);

    final Sender<T> sender() {
        return way.sender();
    }

    final Receiver<T> receiver() {
        return way.receiver();
    }

    @Override
    public final void close() {
        way.close();
    }
}
