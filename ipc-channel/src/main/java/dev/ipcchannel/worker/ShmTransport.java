package dev.ipcchannel.worker;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.posix.Platform;
import dev.ipcchannel.internal.rendezvous.Parenthood;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Two channels: the child makes them and hands the parent's ends over to a one-shot server.
final class ShmTransport implements Transport {

    static final ShmTransport INSTANCE = new ShmTransport();

    private ShmTransport() {}

    @Override
    public String name() {
        return "shm";
    }

    @Override
    public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
        return new ServerListener<>(OneShotServer.open(Codec.of(duplex(out, in))));
    }

    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException {
        Objects.requireNonNull(address, "address");
        Platform.lookAhead();
        Parenthood.lookAhead(address);
        Channel<O> there = Channel.create(Codec.of(out));
        Channel<I> back = Channel.create(Codec.of(in));
        boolean isConnected = false;
        try (Sender<Duplex<I, O>> parent =
                OneShotServer.connect(address, Codec.of(duplex(in, out)))) {
            parent.send(new Duplex<>(back.sender(), there.receiver()));
            isConnected = true;
            return new Duplex<>(there.sender(), back.receiver());
        } finally {
            if (!isConnected) {
                there.close();
                back.close();
            }
        }
    }

    private static <O, I> TypeToken<Duplex<O, I>> duplex(TypeToken<O> out, TypeToken<I> in) {
        return TypeToken.of(Duplex.class, List.of(out, in));
    }

    private record ServerListener<O, I>(OneShotServer<Duplex<O, I>> server)
            implements Listener<O, I> {

        @Override
        public String address() {
            return server.name();
        }

        @Override
        public Link<O, I> accept(ChildProcess child, Duration timeout)
                throws InterruptedException {
            try (Lifelines.Expected expected = Lifelines.expect(child.process())) {
                Link<O, I> link = server.accept(child.output(), timeout);
                child.setLifeline(expected.lifeline());
                return link;
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
