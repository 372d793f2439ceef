package dev.ipcchannel.torture.limits;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Route;
import dev.ipcchannel.select.Router;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Uses of each part of the library, all in this process. Each step closes what it opens, also
/// after a failure.
public final class Steps {

    /// The longest wait of a call: each call here waits only for another thread.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration MOMENT = Duration.ofMillis(2);
    private static final int LONG = 100_000;
    private static final int MEMBERS = 3;

    /// A use of the library.
    public interface Step {

        /// Runs the step.
        ///
        /// @throws Exception what the library throws
        void run() throws Exception;
    }

    /// A message with channel ends.
    record Parcel(Receiver<String> letters, Sender<String> back) {}

    /// A message with shared bytes.
    record Block(SharedBytes bytes) {}

    private final ExecutorService others; // its threads are there: none is made in a step
    private final Duration handshake;

    /// @param others with at least two threads
    public Steps(ExecutorService others) {
        this(others, PATIENCE);
    }

    /// @param handshake the wait of a server that has refused its client
    public Steps(ExecutorService others, Duration handshake) {
        this.others = others;
        this.handshake = handshake;
    }

    /// All steps, by name.
    public Map<String, Step> all() {
        Map<String, Step> all = new TreeMap<>(Map.of("channel", Steps::channel, "wait",
                Steps::waiting,
                "long message", Steps::longMessage, "claim", Steps::claim, "shared bytes",
                Steps::sharedBytes, "ends", Steps::ends, "set", Steps::set, "call", this::call,
                "server", this::server, "virtual thread", Steps::virtualThread));
        all.put("client", this::client);
        return all;
    }

    private static void channel() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> exclusive = channel.sender().exclusive()) {
            channel.sender().send("hello", PATIENCE);
            check("hello", channel.receiver().receive(PATIENCE));
            exclusive.send("alone", PATIENCE);
            check("alone", channel.receiver().receive(PATIENCE));
        }
    }

    private static void waiting() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(4096))) {
            try {
                check("nothing", channel.receiver().receive(MOMENT));
            } catch (TimedOut _) {
                // As was to be.
            }
            // the first one takes a lane, which may take long
            channel.sender().send("much", PATIENCE);
            try {
                while (true) {
                    channel.sender().send("much", MOMENT);
                }
            } catch (TimedOut _) {
                check("much", channel.receiver().receive(PATIENCE));
            }
            CountDownLatch notified = new CountDownLatch(1);
            channel.sender().onDisconnect(notified::countDown);
            channel.receiver().close();
            if (!notified.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("onDisconnect did not run");
            }
        }
    }

    private static void longMessage() throws InterruptedException {
        byte[] message = new byte[LONG];
        message[LONG - 1] = 7;
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            channel.sender().send(message, PATIENCE);
            check(message.length, channel.receiver().receive(PATIENCE).length);
        }
    }

    private static void claim() throws InterruptedException {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            try (Claim claim = channel.sender().claim(Long.BYTES, PATIENCE)) {
                claim.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, claim.offset(), 42);
                claim.commit();
            }
            check(1, channel.receiver().receive((memory, offset, _) -> check(42L,
                    memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset)), 1, PATIENCE));
        }
    }

    private static void sharedBytes() throws InterruptedException {
        try (Channel<Block> channel = Channel.create(Block.class);
                SharedBytes bytes = SharedBytes.of(new byte[LONG])) {
            channel.sender().send(new Block(bytes), PATIENCE);
            try (SharedBytes there = channel.receiver().receive(PATIENCE).bytes()) {
                check((long) LONG, there.length());
            }
        }
    }

    private static void ends() throws InterruptedException {
        try (Channel<Parcel> parcels = Channel.create(Parcel.class);
                Channel<String> letters = Channel.create(String.class);
                Channel<String> answers = Channel.create(String.class)) {
            letters.sender().send("before", PATIENCE);
            parcels.sender().send(new Parcel(letters.receiver(), answers.sender()), PATIENCE);
            Parcel parcel = parcels.receiver().receive(PATIENCE);
            try (Receiver<String> receiver = parcel.letters();
                    Sender<String> sender = parcel.back()) {
                letters.sender().send("after", PATIENCE);
                check("before", receiver.receive(PATIENCE));
                check("after", receiver.receive(PATIENCE));
                sender.send("back", PATIENCE);
                check("back", answers.receiver().receive(PATIENCE));
            }
        }
    }

    private static void set() throws InterruptedException {
        try (ReceiverSet<String> set = ReceiverSet.open();
                Channel<String> one = Channel.create(String.class);
                Channel<String> two = Channel.create(String.class);
                Channel<String> three = Channel.create(String.class)) {
            set.add(one.receiver());
            set.add(two.receiver());
            set.add(three.receiver());
            one.sender().send("one", PATIENCE);
            two.sender().send("two", PATIENCE);
            three.sender().send("three", PATIENCE);
            int events = 0;
            for (int round = 0; round < MEMBERS && events < MEMBERS; round++) {
                for (ReceiverEvent<String> event : set.select(PATIENCE)) {
                    if (event instanceof ReceiverEvent.Failed<String> failed) {
                        throw failed.failure();
                    }
                    events++;
                }
            }
            check(MEMBERS, events);
        }
    }

    private void call() throws Exception {
        Caller.Pair<String, Integer> pair = Caller.create(String.class, Integer.class);
        Future<?> service;
        try (Caller<String, Integer> caller = pair.near()) {
            service = others.submit(() -> {
                // The caller gets any error of this thread.
                try (Responder<String, Integer> responder = new Responder<>(pair.far())) {
                    responder.serve((word, _) -> word.length());
                }
                return null;
            });
            check(4, caller.call("four", PATIENCE));
        } // its end is the end of the service
        await(service);
    }

    private void server() throws Exception {
        OneShotServer<String> server = OneShotServer.open(String.class);
        Future<?> client = others.submit(() -> {
            try (Sender<String> sender = OneShotServer.connect(server.name(), String.class)) {
                sender.send("hello", PATIENCE);
            } catch (RuntimeException failure) {
                server.close(); // or it would wait for a client that does not come
                throw failure;
            }
            return null;
        });
        try (server) {
            check("hello", server.accept(handshake));
        } finally {
            await(client);
        }
    }

    /// A step that [#all] leaves out: a failure on the router's own thread is not reported here.
    ///
    /// @throws InterruptedException if this thread is interrupted
    public static void router() throws InterruptedException {
        CountDownLatch notified = new CountDownLatch(MEMBERS);
        try (Router router = Router.open();
                Channel<String> channel = Channel.create(String.class)) {
            Route _ = router.route(channel.receiver(), _ -> notified.countDown());
            for (int i = 0; i < MEMBERS; i++) {
                channel.sender().send("hello", PATIENCE);
            }
            if (!notified.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("a handler was not called");
            }
        }
    }

    /// The step with the roles exchanged: this thread is the client.
    private void client() throws Exception {
        OneShotServer<String> server = OneShotServer.open(String.class);
        Future<String> accepted = others.submit(() -> server.accept(PATIENCE));
        try (server) {
            try (Sender<String> sender = OneShotServer.connect(server.name(), String.class)) {
                sender.send("hello", PATIENCE);
            }
            check("hello", accepted.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failure) {
            throw unwrapped(failure);
        }
    }

    private static void virtualThread() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class);
                Receiver<String> receiver = channel.receiver()) {
            var future = receiver.receiveAsync();
            channel.sender().send("hello", PATIENCE);
            try {
                check("hello", future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            } catch (ExecutionException failure) {
                throw unwrapped(failure);
            } catch (TimeoutException late) {
                throw new IllegalStateException("a virtual thread was not woken", late);
            }
        }
    }

    private static void await(Future<?> future) throws Exception {
        try {
            future.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw unwrapped(failure);
        }
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        return failure.getCause() instanceof RuntimeException cause ? cause
                : new IllegalStateException(failure);
    }

    private static void check(Object expected, Object given) {
        if (!expected.equals(given)) {
            throw new IllegalStateException("%s came where %s was due".formatted(given, expected));
        }
    }
}
