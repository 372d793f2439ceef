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
import org.jspecify.annotations.Nullable;

/// Two broadcast channels of ours, each a route with one receiver.
///
/// @param <T> the type of the messages
final class RouteWay<T> implements Way<T> {

    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    /// What an open way has.
    private record Ends<T>(IpcChannel<T> receiver, IpcChannel<T> sender) {}

    private final Codec<T> codec;
    private final NamedSide side;
    private @Nullable Ends<T> ends;

    /// @param address the directory for the follower, empty for the leader
    RouteWay(Codec<T> codec, ChannelOptions options, String address) throws IOException {
        this.codec = codec;
        side = NamedSide.of(options, address);
    }

    @Override
    public String address() {
        return side.directory().toString();
    }

    @Override
    public void open() throws InterruptedException {
        Ends<T> opened = new Ends<>(open(side.in(), ConnMode.RECEIVER),
                open(side.out(), ConnMode.SENDER));
        ends = opened;
        if (!opened.sender.waitForReceivers(1, PATIENCE_MILLIS)) {
            throw new IllegalStateException("the other process has not come");
        }
    }

    private IpcChannel<T> open(String name, ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, name, mode, codec, side.broadcast());
    }

    /// Waits as long as it takes: what was not sent in time has gone to nobody.
    @Override
    public void send(T message) throws InterruptedException {
        boolean isSent = false;
        while (!isSent) {
            try {
                ends().sender.send(message);
                isSent = true;
            } catch (TimedOut _) { // the receiver's process has had no time to run
                isSent = false;
            }
        }
    }

    @Override
    public T receive() throws InterruptedException {
        return ends().receiver.receive();
    }

    /// Waits for messages and reads them in place, up to `limit`.
    ///
    /// @return how many
    int receive(MessageHandler handler, int limit) throws InterruptedException {
        return ends().receiver.receive(handler, limit);
    }

    private Ends<T> ends() {
        Ends<T> open = ends;
        if (open == null) {
            throw new IllegalStateException("this way is not open");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        try {
            if (ends != null) {
                ends.sender.close();
                ends.receiver.close();
            }
        } finally {
            side.close();
        }
    }
}
