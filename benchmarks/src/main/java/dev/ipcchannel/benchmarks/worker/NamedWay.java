package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Two named channels of ours, of one sender and one receiver each.
///
/// @param <T> the type of the messages
final class NamedWay<T> implements Way<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// What an open way has.
    private record Ends<T>(NamedReceiver<T> receiver, NamedSender<T> sender) {}

    private final Class<T> type;
    private final NamedSide side;
    private @Nullable Ends<T> ends;

    /// @param address the directory for the follower, empty for the leader
    NamedWay(Class<T> type, ChannelOptions options, String address) throws IOException {
        this.type = type;
        side = NamedSide.of(options, address);
    }

    @Override
    public String address() {
        return side.directory().toString();
    }

    @Override
    public void open() throws InterruptedException {
        Ends<T> opened = new Ends<>(NamedReceiver.open(side.in(), type, side.options()),
                NamedSender.open(side.out(), type, side.options()));
        ends = opened;
        opened.sender.waitForReceivers(1, PATIENCE);
    }

    @Override
    public void send(T message) throws InterruptedException {
        ends().sender.send(message);
    }

    @Override
    public T receive() throws InterruptedException {
        return ends().receiver.receive();
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
