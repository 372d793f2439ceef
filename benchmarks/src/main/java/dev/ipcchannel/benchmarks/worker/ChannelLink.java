package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ours: two channels, made by the follower, which hands one side of them over through a one-shot
/// server.
///
/// @param <T> the type of the messages
abstract class ChannelLink<T> implements Link {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Class<T> type;
    private final ChannelOptions options;
    private final Codec<Duplex<T, T>> codec;
    private final String address;
    private final @Nullable OneShotServer<Duplex<T, T>> server; // of the leader
    private @Nullable Duplex<T, T> met; // as it came
    private @Nullable Duplex<T, T> side; // the same with the sender to use

    /// @param address the server's name for the follower, empty for the leader
    ChannelLink(Class<T> type, ChannelOptions options, String address) {
        this.type = type;
        this.options = options;
        this.codec = new DuplexCodec<>(Codec.of(type));
        this.server = address.isEmpty() ? OneShotServer.open(codec) : null;
        this.address = server == null ? address : server.name();
    }

    @Override
    public final String address() {
        return address;
    }

    @Override
    public final void open() throws InterruptedException {
        Duplex<T, T> ends = server == null ? offer() : server.accept(PATIENCE);
        met = ends;
        side = new Duplex<>(adapt(ends.sender()), ends.receiver());
    }

    private Duplex<T, T> offer() throws InterruptedException {
        Duplex.Pair<T, T> pair = Duplex.create(type, type, options);
        try (Sender<Duplex<T, T>> leader = OneShotServer.connect(address, codec)) {
            leader.send(pair.far());
        }
        return pair.near();
    }

    /// The sender to use, made from the shared one by the thread that will use it.
    abstract Sender<T> adapt(Sender<T> shared);

    final Sender<T> sender() {
        return side().sender();
    }

    final Receiver<T> receiver() {
        return side().receiver();
    }

    private Duplex<T, T> side() {
        Duplex<T, T> open = side;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        return open;
    }

    @Override
    public final void close() {
        Duplex<T, T> open = side;
        if (met != null && open != null) {
            met.close();
            open.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /// Both ends of a side in one message.
    private record DuplexCodec<T>(Codec<T> messages) implements Codec<Duplex<T, T>> {

        @Override
        public void encode(Duplex<T, T> message, Encoder out) {
            out.putSender(message.sender());
            out.putReceiver(message.receiver());
        }

        @Override
        public Duplex<T, T> decode(Decoder in) {
            return new Duplex<>(in.getSender(messages), in.getReceiver(messages));
        }
    }
}
