package dev.ipcchannel.worker;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.rendezvous.Parenthood;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Two channels: the child makes them and hands the parent's ends over to a one-shot server.
///
/// How they are made is the parent's to say. A child of a parent with this transport hears it by
/// [Parenthood#OPTIONS], and makes them so whatever its own options are; the parent takes no ends
/// of channels that are larger or keep its threads looking for longer.
///
/// @param options of both channels
record ShmTransport(ChannelOptions options) implements Transport {

    static final ShmTransport DEFAULT = new ShmTransport(ChannelOptions.defaults());

    /// What has to fit of the library's own words: that a call has failed, in as few as there are.
    private static final int LEAST_MESSAGE = 1024;

    // What a mark says, each with its number or name.
    private static final String CAPACITY = "capacity";
    private static final String WAIT_STRATEGY = "waitStrategy";
    private static final String SPIN = "spin"; // in nanoseconds
    private static final String MAX_MESSAGE = "maxMessage";

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

    /// What a child has to know of the options.
    String mark() {
        return CAPACITY + "=" + options.capacity() + "," + WAIT_STRATEGY + "="
                + options.waitStrategy() + "," + SPIN + "=" + nanos(options.spin()) + ","
                + MAX_MESSAGE + "=" + options.maxMessage();
    }

    private static long nanos(Duration time) {
        return TimeUnit.NANOSECONDS.convert(time); // the longest if it is too long
    }

    /// The options that a parent's mark says, the defaults where there is none.
    ///
    /// @throws IllegalStateException if it makes no sense: somebody else has changed it
    static ChannelOptions said(@Nullable String mark) {
        ChannelOptions said = ChannelOptions.defaults();
        if (mark == null) {
            return said;
        }
        try {
            for (String part : mark.split(",", -1)) {
                int end = part.indexOf('=');
                said = with(said, part.substring(0, Math.max(end, 0)), part.substring(end + 1));
            }
            return new ShmTransport(said).options;
        } catch (IllegalArgumentException _) { // which quotes the mark as it is
            throw new IllegalStateException(("the options of the rings to the parent cannot be"
                    + " read: %s=%s: leave this variable or property as the parent has set it")
                    .formatted(Parenthood.OPTIONS, Printable.of(mark)));
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
        return new ServerListener<>(OneShotServer.open(Codec.of(duplex(out, in))), options,
                failure -> words(failure, out, in));
    }

    @Override
    public <O, I> Link<O, I> connect(String address, TypeToken<O> out, TypeToken<I> in)
            throws InterruptedException {
        Objects.requireNonNull(address, "address");
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

    /// The parent's, if it is there and has this transport; that of another one may have this one
    /// inside, and says nothing of it.
    private ChannelOptions optionsAt(String address) {
        return Parenthood.isParent(address) && name().equals(Parenthood.said(Parenthood.TRANSPORT))
                ? said(Parenthood.said(Parenthood.OPTIONS)) : options;
    }

    private static <O, I> TypeToken<Duplex<O, I>> duplex(TypeToken<O> out, TypeToken<I> in) {
        return TypeToken.of(Duplex.class, List.of(out, in));
    }

    /// What a child is told that means other types: the parent's start does without their comparison.
    private static @Nullable String words(RuntimeException failure, TypeToken<?> out,
            TypeToken<?> in) {
        return failure instanceof TypeMismatch mismatch
                ? LinkTypes.of(out, in).forChild(mismatch) : null;
    }

    /// @param words what a child is told whose message fails here
    private record ServerListener<O, I>(OneShotServer<Duplex<O, I>> server, ChannelOptions options,
            Function<RuntimeException, @Nullable String> words)
            implements Listener<O, I> {

        @Override
        public String address() {
            return server.name();
        }

        @Override
        public Link<O, I> accept(ChildProcess child, Duration timeout)
                throws InterruptedException {
            try (Lifelines.Expected expected =
                    Lifelines.expect(child.process(), child.name(), words)) {
                Link<O, I> link = checked(server.accept(child.output(), timeout), child);
                child.setLifeline(expected.lifeline());
                return link;
            }
        }

        private Link<O, I> checked(Duplex<O, I> link, ChildProcess child) {
            boolean isWithin = false;
            try {
                check(link.sender().options(), child);
                check(link.receiver().options(), child);
                isWithin = true;
                return link;
            } finally {
                if (!isWithin) {
                    link.close();
                }
            }
        }

        private void check(ChannelOptions made, ChildProcess child) {
            check(CAPACITY, made.capacity(), options.capacity(), child);
            if (lookingNanos(made) > lookingNanos(options)) {
                throw tooMuch(child, longer(made));
            }
            check(MAX_MESSAGE, made.maxMessage(), options.maxMessage(), child);
        }

        /// By hand: a switch would be a class more in each parent's start.
        private static long lookingNanos(ChannelOptions options) {
            WaitStrategy strategy = options.waitStrategy();
            return strategy == WaitStrategy.SPIN ? Long.MAX_VALUE
                    : strategy == WaitStrategy.BLOCK ? 0 : nanos(options.spin());
        }

        /// How much longer the ends that were made look than is allowed.
        private String longer(ChannelOptions made) {
            if (made.waitStrategy() != options.waitStrategy()) {
                return more(WAIT_STRATEGY, looking(made), looking(options));
            }
            String time = ShownTime.of(made.spin());
            String limit = ShownTime.of(options.spin());
            return time.equals(limit) // to three digits
                    ? more(SPIN, nanos(made.spin()) + " ns", nanos(options.spin()) + " ns")
                    : more(SPIN, time, limit);
        }

        private static String looking(ChannelOptions options) {
            WaitStrategy strategy = options.waitStrategy();
            return strategy == WaitStrategy.HYBRID
                    ? strategy + " for " + ShownTime.of(options.spin()) : strategy.toString();
        }

        private static void check(String name, int made, int limit, ChildProcess child) {
            if (made > limit) {
                throw tooMuch(child, more(name, "" + made, "" + limit));
            }
        }

        private static String more(String name, String made, String limit) {
            return "%s=%s, limit=%s".formatted(name, made, limit);
        }

        private static HandshakeFailed tooMuch(ChildProcess child, String more) {
            return new HandshakeFailed(("the child has made its channels with more than its"
                    + " parent allows: child=%s, pid=%d, %s: have it keep to what its %s says, or"
                    + " to the defaults without that, or allow more by"
                    + " Transport.shm(ChannelOptions)").formatted(child.name(), child.pid(), more,
                            Parenthood.OPTIONS));
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
