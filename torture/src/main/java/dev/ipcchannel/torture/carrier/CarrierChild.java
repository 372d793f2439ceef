package dev.ipcchannel.torture.carrier;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.carrier.Actors.Act;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A child that uses every method of an end at once, those that wait and those that do not, on
/// virtual threads and a few platform threads. It ends with 0 if every thread has made progress all
/// the time.
///
/// Arguments: the time in milliseconds, the seed, the file for its findings.
public final class CarrierChild {

    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);
    private static final Duration MOMENT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MEMBERS = 4;
    private static final int ROUNDS_A_GUEST = 8;
    private static final int ACTIONS = 16; // for a disconnect, kept as long as the end

    private static final byte[] TEXT = {'t', 'e', 'x', 't'};
    private static final int IN_PARTS = 10; // a question

    private final Actors actors;

    private CarrierChild(Actors actors) {
        this.actors = actors;
    }

    /// Runs the child.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Findings findings = new Findings();
        Actors actors = new Actors(findings, Long.parseLong(arguments[1]));
        CarrierChild child = new CarrierChild(actors);
        child.channel();
        child.set();
        child.calls();
        child.lives();
        actors.await(Duration.ofMillis(Long.parseLong(arguments[0])));
        findings.write(Path.of(arguments[2]));
        System.exit(0);
    }

    /// A channel whose receiver is used in every way, while other threads query it and senders come
    /// and go.
    private void channel() {
        Channel<String> work = Channel.create(String.class, SMALL);
        Receiver<String> receiver = work.receiver();
        List<Act> ways = waysToReceive(receiver);
        actors.virtual("receive", round -> ways.get((int) (round % ways.size())).run(round));
        Sender<String> share = work.sender().share();
        List<Act> waysToSend = waysToSend(share);
        actors.virtual("send", round -> waysToSend.get((int) (round % waysToSend.size()))
                .run(round));
        actors.virtual("guests", guests(work.sender()));
        for (int i = 0; i < ACTIONS; i++) {
            receiver.onDisconnect(() -> {});
            share.onDisconnect(() -> {});
        }
        Act questions = questions(receiver, share);
        actors.virtual("questions", questions);
        actors.virtual("more questions", questions);
    }

    private static List<Act> waysToSend(Sender<String> sender) {
        return List.of(
                _ -> sender.send("text"),
                _ -> inTime(() -> sender.send("text", MOMENT)),
                _ -> {
                    SendOutcome _ = sender.trySend("text");
                },
                _ -> commit(sender.claim(TEXT.length)),
                _ -> inTime(() -> commit(sender.claim(TEXT.length, MOMENT))),
                _ -> commit(sender.tryClaim(TEXT.length)));
    }

    private static void commit(@Nullable Claim opened) {
        if (opened != null) {
            try (Claim claim = opened) {
                claim.payload().copyFrom(MemorySegment.ofArray(TEXT));
                claim.commit();
            }
        }
    }

    private static List<Act> waysToReceive(Receiver<String> receiver) {
        List<Act> ways = new ArrayList<>();
        MessageHandler reader = (_, _, length) -> check(length > 0);
        ways.add(_ -> receiver.receive());
        ways.add(_ -> receiver.receive(LONG));
        ways.add(_ -> receiver.tryReceive());
        ways.add(_ -> receiver.receive(reader, 2));
        ways.add(_ -> receiver.receive(reader, 2, LONG));
        ways.add(_ -> receiver.tryReceive(reader, 2));
        ways.add(_ -> receiver.receiveAsync().join());
        ways.add(_ -> receiver.receiveAsync().cancel(true));
        ways.add(_ -> {
            Iterator<String> messages = receiver.iterator();
            messages.next();
            messages.next();
        });
        ways.add(_ -> {
            try (Stream<String> messages = receiver.stream()) {
                messages.limit(3).forEach(_ -> {});
            }
        });
        ways.add(_ -> {
            CompletableFuture<String> got = new CompletableFuture<>();
            receiver.publisher().subscribe(new First(got));
            got.join();
        });
        return ways;
    }

    /// A subscriber that passes the first message on and cancels.
    private static final class First implements Flow.Subscriber<String> {

        private final CompletableFuture<String> got;
        private final CompletableFuture<Flow.Subscription> made = new CompletableFuture<>();

        private First(CompletableFuture<String> got) {
            this.got = got;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            made.complete(subscription);
            subscription.request(1);
        }

        @Override
        public void onNext(String message) {
            made.join().cancel();
            got.complete(message);
        }

        @Override
        public void onError(Throwable failure) {
            got.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            got.completeExceptionally(new AssertionError("a sender is left"));
        }
    }

    /// Senders with their own lane, each for one message.
    private static Act guests(Sender<String> sender) {
        Channel<Handover> courier = Channel.create(Handover.class, SMALL);
        return round -> {
            if (round % ROUNDS_A_GUEST != 0) {
                return; // guests take turns at the receiver: too many would starve others
            }
            courier.sender().send(new Handover(sender.share()));
            try (Sender<String> guest = courier.receiver().receive().sender()) {
                guest.trySend("guest"); // there may be no receiver that makes room
            }
        };
    }

    private static Act questions(Receiver<String> receiver, Sender<String> sender) {
        return _ -> {
            check(receiver.isConnected() && sender.isConnected());
            check(!receiver.toString().isEmpty() && !sender.toString().isEmpty());
            check(receiver.stats().messages() >= 0 && sender.stats().messages() >= 0);
        };
    }

    /// A set whose members come and go.
    private void set() {
        ReceiverSet<String> set = ReceiverSet.open();
        List<Channel<String>> members =
                Stream.generate(() -> Channel.create(String.class, SMALL)).limit(MEMBERS).toList();
        actors.virtual("select", round -> {
            if (round % 3 == 0) {
                set.trySelect();
            } else {
                inTime(() -> set.select(MOMENT));
            }
        });
        actors.virtual("members", round -> {
            Receiver<String> member = members.get((int) (round % MEMBERS)).receiver();
            if (!set.remove(member)) {
                set.add(member);
            }
        });
        for (Channel<String> member : members) {
            Sender<String> share = member.sender().share();
            actors.virtual("send to a member", _ -> inTime(() -> share.send("text", MOMENT)));
            actors.virtual("guests of a member", guests(share));
            actors.virtual("questions about a member", questions(member.receiver(), share));
        }
    }

    private void calls() {
        Caller.Pair<Integer, Integer> pair = Caller.create(Integer.class, Integer.class);
        Responder<Integer, Integer> responder = new Responder<>(pair.far());
        Thread.ofVirtual().name("serve").start(() -> {
            try {
                responder.serve((question, exchange) -> {
                    if (question == IN_PARTS) {
                        exchange.part(question);
                    }
                    return question + 1;
                });
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        });
        Caller<Integer, Integer> caller = pair.near();
        actors.virtual("call", _ -> check(caller.call(1) == 2));
        actors.virtual("submit", _ -> check(caller.send(1).join() == 2));
        actors.virtual("parts", _ -> {
            try (Parts<Integer> parts = caller.stream(IN_PARTS)) {
                check(parts.next() != null);
            }
        });
    }

    /// Ends that are opened, moved, used for waiting and closed.
    private void lives() {
        actors.virtual("life", _ -> live());
        actors.platform("life on a platform thread", _ -> live());
        actors.platform("short lives", _ -> liveShortly());
        actors.platform("questions to the watcher", _ -> {
            Watcher _ = Watcher.instance(); // made before: its lock would be contended
        });
        actors.virtual("closed while it waits", _ -> closeWhileItWaits());
        actors.virtual("router", _ -> route());
        actors.virtual("move", _ -> move());
        actors.virtual("meet", _ -> meet());
    }

    private static void live() throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (Channel<String> channel = Channel.create(String.class, SMALL)) {
            channel.receiver().onDisconnect(gone::countDown);
            try (Sender<String> sender = channel.sender()) {
                sender.send("text");
            }
            gone.await();
            check(!channel.receiver().isConnected());
        }
    }

    private static void liveShortly() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class, SMALL)) {
            channel.sender().send("text");
            check(channel.receiver().isConnected());
        }
    }

    private static void closeWhileItWaits() throws InterruptedException {
        Channel<String> channel = Channel.create(String.class, SMALL);
        CountDownLatch isOver = new CountDownLatch(1);
        Thread.ofVirtual().name("waits to be closed").start(() -> {
            try {
                channel.receiver().receive();
            } catch (EndClosed _) {
                isOver.countDown();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        });
        channel.receiver().close(); // before it waits, now and then: the carrier decides
        isOver.await();
        channel.close();
    }

    private static void route() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(3);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Router router = Router.open(executor);
                Channel<String> channel = Channel.create(String.class, SMALL)) {
            router.route(channel.receiver(), _ -> left.countDown(), _ -> left.countDown());
            channel.sender().send("one");
            channel.sender().send("two");
            channel.sender().close();
            left.await();
        }
    }

    private static void move() throws InterruptedException {
        try (Channel<String> work = Channel.create(String.class, SMALL);
                Channel<Estate> carrier = Channel.create(Estate.class, SMALL)) {
            work.sender().send("text");
            carrier.sender().send(new Estate(work.receiver()));
            try (Receiver<String> moved = carrier.receiver().receive().receiver()) {
                check(moved.isConnected());
                check(moved.receive().equals("text"));
            }
        }
    }

    private static void meet() throws InterruptedException {
        try (Channel<String> work = Channel.create(String.class, SMALL);
                OneShotServer<Handover> server = OneShotServer.open(Handover.class)) {
            Thread client = Thread.ofVirtual().name("client").start(() -> {
                try (Sender<Handover> host = OneShotServer.connect(server.name(),
                        Handover.class)) {
                    host.send(new Handover(work.sender()));
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            });
            try (Sender<String> sender = server.accept(LONG).sender()) {
                sender.send("text");
                check(work.receiver().receive().equals("text"));
            }
            client.join();
        }
    }

    /// A message with a sender inside.
    record Handover(Sender<String> sender) {}

    /// A message with a receiver inside.
    record Estate(Receiver<String> receiver) {}

    /// A wait that may end without its result.
    private interface Wait {

        void run() throws InterruptedException;
    }

    private static void inTime(Wait wait) throws InterruptedException {
        try {
            wait.run();
        } catch (TimedOut _) {
            // The caller tries again.
        }
    }

    private static void check(boolean isSo) {
        if (!isSo) {
            throw new AssertionError("an answer is wrong");
        }
    }
}
