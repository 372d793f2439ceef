package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import java.io.IOException;
import java.time.Duration;

/// Two named channels of ours, of one sender and one receiver each.
///
/// @param <T> the type of the messages
final class NamedWay<T> extends NameWay<T, NamedReceiver<T>, NamedSender<T>> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Class<T> type;

    /// @param address the directory for the follower, empty for the leader
    NamedWay(Class<T> type, ChannelOptions options, String address) throws IOException {
        super(options, address);
        this.type = type;
    }

    @Override
    NamedReceiver<T> openReceiver(String name, NamedSide side) throws InterruptedException {
        return NamedReceiver.open(name, type, side.options());
    }

    @Override
    NamedSender<T> openSender(String name, NamedSide side) throws InterruptedException {
        return NamedSender.open(name, type, side.options());
    }

    @Override
    void awaitReceiver(NamedSender<T> sender) throws InterruptedException {
        sender.waitForReceivers(1, PATIENCE);
    }

    @Override
    public void send(T message) throws InterruptedException {
        sender().send(message);
    }

    @Override
    public T receive() throws InterruptedException {
        return receiver().receive();
    }

    @Override
    void close(NamedReceiver<T> receiver, NamedSender<T> sender) {
        sender.close();
        receiver.close();
    }
}
