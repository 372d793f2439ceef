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
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Parenthood;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    /// The parent's, if it is there and has this transport; that of another one may have this one
    /// inside, and says nothing of it.
    private ChannelOptions optionsAt(String address) {
        return Parenthood.isParent(address) && name().equals(Parenthood.said(Parenthood.TRANSPORT))
                ? said(Parenthood.said(Parenthood.OPTIONS)) : options;
    }

    private static <O, I> TypeToken<Duplex<O, I>> duplex(TypeToken<O> out, TypeToken<I> in) {
        return TypeToken.of(Duplex.class, List.of(out, in));
    }

    private record ServerListener<O, I>(OneShotServer<Duplex<O, I>> server, ChannelOptions options,
            TypeToken<O> out, TypeToken<I> in) implements Listener<O, I> {

        @Override
        public String address() {
            return server.name();
        }

        @Override
        public Link<O, I> accept(ChildProcess child, Duration timeout)
                throws InterruptedException {
            try (Child.Start start = Child.Start.begin(child.process(), child.commandLine(),
                    new ChildTerms(this, child), child.startedNanos())) {
                try {
                    Link<O, I> link = server.accept(child.output(), timeout);
                    child.setLifeline(start.lifeline());
                    return link;
                } finally {
                    child.setTurnedAway(start.lastRejection());
                }
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /// The demands on a child, and the words to it: its types, and channels that are no larger, and
    /// whose waits look no longer, than the parent allows. Used by the thread that accepts.
    private static final class ChildTerms implements Child.Terms {

        private final ChannelOptions options;
        private final TypeToken<?> out;
        private final TypeToken<?> in;
        private final ChildProcess child;
        private @Nullable HandshakeFailed tooMuch; // of the message that was checked last
        private String excess = ""; // what it has, and what is allowed

        private ChildTerms(ServerListener<?, ?> listener, ChildProcess child) {
            this.options = listener.options;
            this.out = listener.out;
            this.in = listener.in;
            this.child = child;
        }

        @Override
        public void check(Object message) {
            if (message instanceof Duplex<?, ?> made) {
                check(made.sender().options());
                check(made.receiver().options());
            }
        }

        private void check(ChannelOptions made) {
            check(CAPACITY, made.capacity(), options.capacity());
            if (lookingNanos(made) > lookingNanos(options)) {
                throw tooMuch(longer(made));
            }
            check(MAX_MESSAGE, made.maxMessage(), options.maxMessage());
        }

        private void check(String name, int made, int limit) {
            if (made > limit) {
                throw tooMuch(more(name, "" + made, "" + limit));
            }
        }

        private HandshakeFailed tooMuch(String more) {
            HandshakeFailed failure =
                    new HandshakeFailed("the child has made its channels with more than its parent"
                            + " allows: child=%s, pid=%d, %s".formatted(child.commandLine(),
                                    child.pid(),
                                    remedy(more)));
            excess = more;
            tooMuch = failure;
            return failure;
        }

        @Override
        public boolean isBroken(RuntimeException failure) {
            return failure == tooMuch;
        }

        private static String remedy(String excess) {
            return ("%s: have it keep to what its %s says, or to the defaults without that, or allow"
                    + " more by Transport.shm(ChannelOptions)").formatted(excess,
                            Parenthood.OPTIONS);
        }

        @Override
        public @Nullable String words(RuntimeException failure) {
            if (isBroken(failure)) {
                return "it has made its channels with more than its parent allows: "
                        + remedy(excess);
            }
            return failure instanceof TypeMismatch mismatch // a start without one compares nothing
                    ? LinkTypes.of(out, in).forChild(mismatch) : null;
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

        private static String more(String name, String made, String limit) {
            return "%s=%s, limit=%s".formatted(name, made, limit);
        }
    }
}
