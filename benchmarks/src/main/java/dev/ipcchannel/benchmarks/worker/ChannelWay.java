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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Two channels of ours, made by the follower, which hands one side of them over through a one-shot
/// server.
///
/// @param <T> the type of the messages
final class ChannelWay<T> implements Way<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Class<T> type;
    private final ChannelOptions options;
    private final UnaryOperator<Sender<T>> adapt;
    private final Codec<Duplex<T, T>> codec;
    private final String address;
    private final @Nullable OneShotServer<Duplex<T, T>> server; // of the leader
    private @Nullable Duplex<T, T> met; // as it came
    private @Nullable Duplex<T, T> side; // the same with the sender to use

    /// @param address the server's name for the follower, empty for the leader
    ChannelWay(Class<T> type, ChannelOptions options, String address) {
        this(type, options, address, UnaryOperator.identity());
    }

    /// @param address the server's name for the follower, empty for the leader
    /// @param adapt gives the sender to use for the shared one, on the thread that opens
    ChannelWay(Class<T> type, ChannelOptions options, String address,
            UnaryOperator<Sender<T>> adapt) {
        this.adapt = adapt;
        this.type = type;
        this.options = options;
        this.codec = new DuplexCodec<>(Codec.of(type));
        this.server = address.isEmpty() ? OneShotServer.open(codec) : null;
        this.address = server == null ? address : server.name();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void open() throws InterruptedException {
        Duplex<T, T> ends = server == null ? offer() : server.accept(PATIENCE);
        met = ends;
        side = new Duplex<>(adapt.apply(ends.sender()), ends.receiver());
    }

    private Duplex<T, T> offer() throws InterruptedException {
        Duplex.Pair<T, T> pair = Duplex.create(type, type, options);
        try (Sender<Duplex<T, T>> leader = OneShotServer.connect(address, codec)) {
            leader.send(pair.far());
        }
        return pair.near();
    }

    @Override
    public void send(T message) throws InterruptedException {
        sender().send(message);
    }

    @Override
    public T receive() throws InterruptedException {
        return receiver().receive();
    }

    Sender<T> sender() {
        return side().sender();
    }

    Receiver<T> receiver() {
        return side().receiver();
    }

    private Duplex<T, T> side() {
        Duplex<T, T> open = side;
        if (open == null) {
            throw new IllegalStateException("this way is not open");
        }
        return open;
    }

    @Override
    public void close() {
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
            out.put(message.sender());
            out.put(message.receiver());
        }

        @Override
        public Duplex<T, T> decode(Decoder in) {
            return new Duplex<>(in.get(Sender.kind(messages)),
                    in.get(Receiver.kind(messages)));
        }
    }
}
