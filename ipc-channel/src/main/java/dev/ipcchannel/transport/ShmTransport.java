package dev.ipcchannel.transport;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.Link;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A transport by two channels. The child makes them and hands the parent's ends over to a one-shot
/// server.
///
/// The parent decides the options of the channels. A child gets them by [ParentProcess#OPTIONS] and
/// uses them instead of its own; the parent refuses channels that are larger or make its threads
/// spin longer.
///
/// @param options of both channels
record ShmTransport(ChannelOptions options) implements Transport {

    static final ShmTransport DEFAULT = new ShmTransport(ChannelOptions.defaults());

    /// The bytes that the library's own messages need at least: the shortest failure of a call.
    private static final int LEAST_MESSAGE = 1024;

    // The names of the values in a mark.
    static final String CAPACITY = "capacity";
    static final String WAIT_STRATEGY = "waitStrategy";
    static final String SPIN = "spin"; // in nanoseconds
    static final String MAX_MESSAGE = "maxMessage";

    ShmTransport {
        if (options.maxMessage() < LEAST_MESSAGE) {
            throw new IllegalArgumentException(("a child and its parent need room for the library's"
                    + " own messages: maxMessage=%d, limit=%d: give ChannelOptions.withMaxMessage"
                    + " that or more").formatted(options.maxMessage(), LEAST_MESSAGE));
        }
    }

    @Override
    public String name() {
        return "shm";
    }

    boolean hasDefaults() {
        return options.equals(ChannelOptions.defaults());
    }

    /// The options as a mark for a child.
    String mark() {
        return CAPACITY + "=" + options.capacity() + "," + WAIT_STRATEGY + "="
                + options.waitStrategy() + "," + SPIN + "=" + ShmTerms.nanos(options.spin()) + ","
                + MAX_MESSAGE + "=" + options.maxMessage();
    }

    /// The options in a parent's mark; the defaults if there is no mark.
    ///
    /// @throws IllegalStateException if it cannot be read, since other code has changed it
    static ChannelOptions fromMark(@Nullable String mark) {
        ChannelOptions options = ChannelOptions.defaults();
        if (mark == null) {
            return options;
        }
        try {
            for (String part : mark.split(",", -1)) {
                int end = part.indexOf('=');
                options =
                        with(options, part.substring(0, Math.max(end, 0)), part.substring(end + 1));
            }
            return new ShmTransport(options).options;
        } catch (IllegalArgumentException _) { // its text quotes the mark unescaped
            throw new IllegalStateException(("the options of the rings to the parent cannot be"
                    + " read: %s=%s: leave this variable or property as the parent has set it")
                    .formatted(ParentProcess.OPTIONS, Printable.of(mark)));
        }
    }

    private static ChannelOptions with(ChannelOptions options, String name, String value) {
        return switch (name) {
            case CAPACITY -> options.withCapacity(Integer.parseInt(value));
            case WAIT_STRATEGY -> options.withWaitStrategy(WaitStrategy.valueOf(value));
            case SPIN -> options.withSpin(Duration.ofNanos(Long.parseLong(value)));
            case MAX_MESSAGE -> options.withMaxMessage(Integer.parseInt(value));
            default -> throw new IllegalArgumentException("no option has that name: " + name);
        };
    }

    @Override
    public <O, I> Listener<O, I> listen(TypeToken<O> out, TypeToken<I> in) {
        return new ServerListener<>(OneShotServer.open(Codec.of(duplex(out, in))), options, out,
                in);
    }

    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException {
        Argument.given(address, "address");
        ChannelOptions held = optionsAt(address);
        Channel<O> there = Channel.create(Codec.of(out), held);
        Channel<I> back = Channel.create(Codec.of(in), held);
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

    /// The parent's options, if the parent has this transport and listens there; else the own
    /// options. Another transport may use this one inside, without a mark.
    private ChannelOptions optionsAt(String address) {
        return ParentProcess.isParent(address)
                && name().equals(ParentProcess.mark(ParentProcess.TRANSPORT))
                        ? fromMark(ParentProcess.mark(ParentProcess.OPTIONS)) : options;
    }

    private static <O, I> TypeToken<Duplex<O, I>> duplex(TypeToken<O> out, TypeToken<I> in) {
        return TypeToken.of(Duplex.class, List.of(out, in));
    }

    /// A listener by a one-shot server.
    private record ServerListener<O, I>(OneShotServer<Duplex<O, I>> server, ChannelOptions options,
            TypeToken<O> out, TypeToken<I> in) implements Listener<O, I> {

        @Override
        public String address() {
            return server.name();
        }

        @Override
        public Link<O, I> accept(Duration timeout) throws InterruptedException {
            return EndAccess.accept(server, new ShmTerms(options, out, in, null), timeout);
        }

        @Override
        public Link<O, I> accept(AwaitedChild child, Duration timeout)
                throws InterruptedException {
            Argument.given(child, "child");
            return child.await(new ShmTerms(options, out, in, child),
                    awaited -> server.accept(awaited.process(), timeout));
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
