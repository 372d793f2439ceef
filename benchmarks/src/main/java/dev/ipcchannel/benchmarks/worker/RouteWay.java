package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Two broadcast channels of ours, each a route with one receiver.
///
/// @param <T> the type of the messages
final class RouteWay<T> extends NameWay<T, IpcChannel<T>, IpcChannel<T>> {

    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    private final Codec<T> codec;

    /// @param address the directory for the follower, empty for the leader
    RouteWay(Codec<T> codec, ChannelOptions options, String address) throws IOException {
        super(options, address);
        this.codec = codec;
    }

    @Override
    IpcChannel<T> openReceiver(String name, NamedSide side) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, name, ConnMode.RECEIVER, codec,
                side.broadcast());
    }

    @Override
    IpcChannel<T> openSender(String name, NamedSide side) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, name, ConnMode.SENDER, codec, side.broadcast());
    }

    @Override
    void awaitReceiver(IpcChannel<T> sender) throws InterruptedException {
        if (!sender.waitForReceivers(1, PATIENCE_MILLIS)) {
            throw new IllegalStateException("the other process has not come");
        }
    }

    /// Waits as long as it takes: what was not sent in time has no receiver.
    @Override
    public void send(T message) throws InterruptedException {
        boolean isSent = false;
        while (!isSent) {
            try {
                sender().send(message);
                isSent = true;
            } catch (TimedOut _) { // the receiver's process has had no time to run
                isSent = false;
            }
        }
    }

    @Override
    public T receive() throws InterruptedException {
        return receiver().receive();
    }

    /// Waits for messages and reads them in place, up to `limit`.
    ///
    /// @return how many
    int receive(MessageHandler handler, int limit) throws InterruptedException {
        return receiver().receive(handler, limit);
    }

    @Override
    void close(IpcChannel<T> receiver, IpcChannel<T> sender) {
        sender.close();
        receiver.close();
    }
}
