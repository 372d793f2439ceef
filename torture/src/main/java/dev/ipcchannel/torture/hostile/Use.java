package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.RouteHandler;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.torture.hostile.Load.Item;
import dev.ipcchannel.torture.hostile.Load.Talk;
import dev.ipcchannel.torture.hostile.Verbs.Outcome;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The parent's use of the two ends that a hostile peer has sent, for some time: one of five ways
/// to receive, and at the same time all methods of a sender on a virtual thread.
final class Use {

    private static final int MOST_MILLIS_A_WAIT = 20;
    private static final int LONG_MESSAGE = 40_000; // a spill file
    private static final int BATCH = 8;
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    private static final Codec<byte[]> ANY_BYTES = new AnyBytes();

    private final Talk talk;
    private final Verbs verbs;
    private final SplittableRandom random;
    private final long endNanos;
    private volatile boolean isOver;

    Use(Talk talk, Verbs verbs, SplittableRandom random, Duration time) {
        this.talk = talk;
        this.verbs = verbs;
        this.random = random;
        this.endNanos = System.nanoTime() + time.toNanos();
    }

    /// Uses both ends until the time is over, and then closes them.
    void run() throws InterruptedException {
        Thread sending = Thread.ofVirtual().unstarted(sending(random.split()));
        sending.start();
        try {
            switch (random.nextInt(5)) {
                case 0 -> waitOnAVirtualThread();
                case 1 -> selectBesideAnother();
                case 2 -> routeBesideAnother();
                default -> receiveInTurns();
            }
        } finally {
            isOver = true;
            boolean isSenderFirst = random.nextBoolean();
            if (isSenderFirst) {
                verbs.run("close of a sender", talk.toChild()::close);
            }
            verbs.run("close of a receiver", talk.fromChild()::close);
            verbs.run("close of a sender", talk.toChild()::close);
            join(sending, "sends");
        }
    }

    private boolean isTimeLeft() {
        return System.nanoTime() - endNanos < 0;
    }

    private Duration moment(SplittableRandom from) {
        return Duration.ofMillis(from.nextInt(MOST_MILLIS_A_WAIT));
    }

    private void join(Thread thread, String what) throws InterruptedException {
        if (!thread.join(Verbs.HOLD)) {
            verbs.fault("a peer holds a virtual thread that " + what + ", also after a close");
            thread.interrupt();
        }
    }

    private void receiveInTurns() {
        Receiver<Load> receiver = talk.fromChild();
        MessageHandler reader = (memory, offset, length) -> {
            if (length > 0) {
                byte _ = memory.get(ValueLayout.JAVA_BYTE, offset + length - 1);
            }
        };
        boolean isEnd = false;
        while (!isEnd && isTimeLeft()) {
            Duration moment = moment(random);
            isEnd = switch (random.nextInt(6)) {
                case 0 -> verbs.run("receive in place", moment,
                        () -> receiver.receive(reader, BATCH, moment)).isEnd();
                case 1 -> verbs.run("tryReceive in place", Duration.ZERO,
                        () -> receiver.tryReceive(reader, BATCH)).isEnd();
                case 2, 3 -> isEnd(verbs.run("receive", moment, () -> receiver.receive(moment)));
                default -> isEnd(verbs.run("tryReceive", Duration.ZERO, receiver::tryReceive));
            };
            question(random);
        }
    }

    private boolean isEnd(Outcome<Load> outcome) {
        if (outcome.value() != null) {
            use(outcome.value());
        }
        return outcome.isEnd();
    }

    /// Receives on a virtual thread until a close wakes it.
    private void waitOnAVirtualThread() throws InterruptedException {
        Thread waiting = Thread.ofVirtual().start(() -> {
            boolean isEnd = false;
            while (!isEnd) {
                isEnd = isEnd(verbs.run("receive on a virtual thread", Verbs.ANY,
                        talk.fromChild()::receive));
            }
        });
        while (isTimeLeft()) {
            question(random);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1, MOST_MILLIS_A_WAIT));
        }
        verbs.run("close of a receiver", talk.fromChild()::close);
        join(waiting, "receives");
    }

    /// Checks that the next selections return what an honest sender sends.
    private void selectBesideAnother() throws InterruptedException {
        try (Channel<Long> honest = Channel.create(Long.class, SMALL);
                ReceiverSet<Object> set = ReceiverSet.open()) {
            set.add(talk.fromChild());
            set.add(honest.receiver());
            for (long i = 0; isTimeLeft(); i++) {
                honest.sender().send(i);
                long start = System.nanoTime();
                boolean isReceived = false;
                while (!isReceived && System.nanoTime() - start < Verbs.HOLD.toNanos()) {
                    isReceived = select(set, i);
                }
                if (!isReceived) {
                    verbs.fault("no message of an honest sender comes beside a peer in one set");
                    return;
                }
                question(random);
            }
            verbs.ask("remove from a set", () -> set.remove(talk.fromChild()));
            verbs.run("close of a set", set::close);
        }
    }

    private boolean select(ReceiverSet<Object> set, Object wanted) {
        Duration moment = moment(random);
        Outcome<List<ReceiverEvent<Object>>> outcome =
                verbs.run("select", moment, () -> set.select(moment));
        boolean isReceived = false;
        for (ReceiverEvent<Object> event : outcome.value() == null
                ? List.<ReceiverEvent<Object>>of()
                : outcome.value()) {
            switch (event) {
                case ReceiverEvent.Message<Object>(_, Load load) -> use(load);
                case ReceiverEvent.Message<Object>(_, Object message) ->
                        isReceived |= message.equals(wanted);
                case ReceiverEvent.Failed<Object>(_, RuntimeException failure) ->
                        verbs.note(failure);
                case ReceiverEvent.Closed<Object>(_, RuntimeException cause) -> verbs.note(cause);
            }
        }
        return isReceived;
    }

    /// Checks that the handler of an honest sender gets what it sends.
    private void routeBesideAnother() throws InterruptedException {
        Semaphore received = new Semaphore(0);
        try (Channel<Long> honest = Channel.create(Long.class, SMALL)) {
            Router router = Router.open();
            try {
                router.route(talk.fromChild(), new RouteHandler<Load>() {

                    @Override
                    public void onMessage(Load load) {
                        use(load);
                    }

                    @Override
                    public void onFailure(RuntimeException failure) {
                        verbs.note(failure);
                    }
                }, verbs::note);
                router.route(honest.receiver(), _ -> received.release());
                for (long i = 0; isTimeLeft(); i++) {
                    honest.sender().send(i);
                    if (!received.tryAcquire(Verbs.HOLD.toMillis(), TimeUnit.MILLISECONDS)) {
                        verbs.fault("no message of an honest sender comes beside a peer in one"
                                + " router");
                        return;
                    }
                    question(random);
                }
            } finally {
                verbs.run("close of a router", router::close);
            }
        }
    }

    /// Asks one question about an end.
    private void question(SplittableRandom from) {
        switch (from.nextInt(8)) {
            case 0 -> verbs.ask("isConnected of a receiver", talk.fromChild()::isConnected);
            case 1 -> verbs.ask("isConnected of a sender", talk.toChild()::isConnected);
            case 2 -> verbs.run("onDisconnect of a receiver",
                    () -> talk.fromChild().onDisconnect(() -> {}));
            case 3 -> verbs.run("onDisconnect of a sender",
                    () -> talk.toChild().onDisconnect(() -> {}));
            case 4 -> verbs.ask("toString", talk.fromChild()::toString);
            case 5 -> verbs.ask("toString", talk.toChild()::toString);
            case 6 -> verbs.ask("stats", talk.fromChild()::stats);
            default -> verbs.ask("stats", talk.toChild()::stats);
        }
    }

    /// Uses and closes what a peer has put into a message, or sends it back.
    private void use(Load load) {
        verbs.count("messages received");
        SplittableRandom chance = new SplittableRandom(load.number());
        if (chance.nextInt(8) == 0) {
            verbs.ask("trySend of what came", () -> talk.toChild().trySend(load));
        }
        for (Sender<String> sender : load.senders()) {
            verbs.ask("trySend by a sender that came", () -> sender.trySend("text"));
            verbs.run("close of a sender that came", sender::close);
        }
        for (Receiver<String> receiver : load.receivers()) {
            verbs.ask("toString of a receiver that came", receiver::toString);
            Duration moment = Duration.ofMillis(1);
            var _ = verbs.run("receive from a receiver that came", moment,
                    () -> receiver.receive(moment));
            verbs.run("close of a receiver that came", receiver::close);
        }
        load.shared().ifPresent(this::use);
    }

    private void use(SharedBytes shared) {
        verbs.ask("look at shared bytes", shared::toByteArray);
        verbs.run("close of shared bytes", shared::close);
    }

    private Runnable sending(SplittableRandom from) {
        return () -> {
            boolean isEnd = false;
            while (!isEnd && !isOver) {
                Duration moment = moment(from);
                Sender<Load> sender = talk.toChild();
                isEnd = switch (from.nextInt(4)) {
                    case 0 -> sendEnds(from);
                    case 1 -> verbs.run("trySend", Duration.ZERO,
                            () -> sender.trySend(plain(from))).isEnd();
                    case 2 -> verbs.run("claim", moment, () -> {
                        try (Sender<byte[]> raw = sender.share().erase().as(ANY_BYTES);
                                Claim claim = raw.claim(Long.BYTES, moment)) {
                            claim.payload().copyFrom(MemorySegment.ofArray(new byte[Long.BYTES]));
                            claim.commit();
                            return true;
                        }
                    }).isEnd();
                    default -> verbs.run("send", moment, () -> {
                        sender.send(plain(from), moment);
                        return true;
                    }).isEnd();
                };
                question(from);
            }
        };
    }

    private boolean sendEnds(SplittableRandom from) {
        try (Channel<String> channel = Channel.create(String.class, SMALL);
                SharedBytes shared = SharedBytes.of(new byte[from.nextInt(LONG_MESSAGE)])) {
            Load plain = plain(from);
            Load load = new Load(plain.number(), plain.text(), plain.bytes(), plain.items(),
                    List.of(channel.sender()), List.of(), Optional.of(shared));
            return verbs.run("trySend of ends", Duration.ZERO,
                    () -> talk.toChild().trySend(load)).isEnd();
        }
    }

    /// A codec without a description of its messages, so that any bytes go into a channel of any
    /// type.
    private record AnyBytes() implements Codec<byte[]> {

        @Override
        public void encode(byte[] message, Encoder out) {
            out.putBytes(message);
        }

        @Override
        public byte[] decode(Decoder in) {
            return in.getBytes(in.remaining());
        }
    }

    private static Load plain(SplittableRandom from) {
        int length = from.nextInt(10) == 0 ? from.nextInt(LONG_MESSAGE) : from.nextInt(200);
        return new Load(from.nextLong(), "text", new byte[length],
                Set.of(new Item(from.nextInt(), 1)), List.of(), List.of(), Optional.empty());
    }
}
