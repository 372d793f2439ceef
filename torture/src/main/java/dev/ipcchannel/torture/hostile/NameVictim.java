package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.named.SlowReader;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Numbered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A sender and two receivers of one broadcast channel, whose name the peer opens too. Whatever the
/// peer does, each message comes from the sender to the receivers whole and in order, or is counted
/// as dropped.
final class NameVictim implements Victim {

    /// The length of half of the messages, which lie in files.
    static final int LONGEST = 100_000;

    private static final int RECEIVERS = 2;
    private static final int QUEUE = 16; // messages
    private static final int LONGEST_WAIT = 30; // milliseconds
    private static final int LONGEST_PAUSE = 6_000_000; // nanoseconds
    private static final List<SlowReader> POLICIES = List.of(SlowReader.WAIT, SlowReader.FAIL,
            SlowReader.DROP_NEWEST, SlowReader.DROP_OLDEST);
    private static final long PATIENCE_SECONDS = 60; // the trial kills it before
    private static final Duration TO_COME = Duration.ofSeconds(10);

    private final String address;
    private final Verbs verbs;
    private final SplittableRandom random;
    private final SlowReader policy;
    private final long base; // of the numbers, which no peer guesses
    private final IpcChannel<byte[]> channel;
    private final List<HonestReceiver> receivers = new ArrayList<>();
    private long sent;
    private volatile boolean isOver;

    /// @param directory of the names, as in the property
    NameVictim(String directory, Verbs verbs, SplittableRandom random) throws InterruptedException {
        String name = "hostile " + Long.toUnsignedString(random.nextLong(), 16);
        this.address = directory + "/" + name;
        this.verbs = verbs;
        this.random = random;
        this.policy = POLICIES.get(random.nextInt(POLICIES.size()));
        this.base = random.nextLong() << 32;
        BroadcastOptions options = BroadcastOptions.defaults()
                .withChannel(ChannelOptions.defaults().withCapacity(4096));
        for (int i = 0; i < RECEIVERS; i++) {
            receivers.add(new HonestReceiver(open(name, ConnMode.RECEIVER, options), base, verbs,
                    random.split()));
        }
        this.channel = open(name, ConnMode.SENDER,
                options.withSlowReader(policy).withQueue(QUEUE).withLinger(Duration.ZERO));
    }

    private static IpcChannel<byte[]> open(String name, ConnMode mode, BroadcastOptions options)
            throws InterruptedException {
        return IpcChannel.open(ChannelType.CHANNEL, name, mode, options);
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void meet(ChildRole peer) throws InterruptedException {
        receivers.forEach(HonestReceiver::start);
        Thread sending = Thread.ofVirtual().start(() -> {
            while (!isOver) {
                send();
            }
        });
        boolean isGone = peer.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        isOver = true;
        if (!isGone || !sending.join(Verbs.HOLD)) {
            verbs.fault("a peer holds a thread that sends, or does not end");
            sending.interrupt();
            return;
        }
        checkAllGoOn();
    }

    /// Checks, after the end of the peer, that each receiver gets what is sent from now on, and
    /// that no more is missing than was counted.
    private void checkAllGoOn() {
        long last = sent;
        long start = System.nanoTime();
        while (!receivers.stream().allMatch(receiver -> receiver.last() > last)
                && System.nanoTime() - start < TO_COME.toNanos()) {
            send();
        }
        long missing = 0;
        for (HonestReceiver receiver : receivers) {
            if (receiver.last() <= last) {
                verbs.fault("a peer harms a receiver, which gets nothing any more: last=%d, sent=%d"
                        .formatted(receiver.last(), sent));
            }
            missing += receiver.missing();
        }
        if (missing > channel.dropped()) {
            verbs.fault("messages are missing: policy=%s, missing=%d, dropped=%d".formatted(policy,
                    missing, channel.dropped()));
        }
        verbs.count(Verbs.WHOLE, sent);
    }

    private void send() {
        byte[] message = Numbered.message(base + sent + 1, LONGEST);
        int wait = random.nextInt(1, LONGEST_WAIT);
        Boolean isSent = verbs.run("send by name", Duration.ofMillis(wait),
                () -> isSent(message, wait)).value();
        if (Boolean.TRUE.equals(isSent)) {
            sent++;
        }
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
    }

    /// Sends a message. No receiver gets a message that was not sent, so its number is used again.
    private boolean isSent(byte[] message, int wait) throws InterruptedException {
        try {
            if (random.nextBoolean()) {
                return channel.trySend(message);
            }
            channel.send(message, wait);
            return true;
        } catch (IpcException failure) {
            if (failure.status() != IpcStatus.SEND_FAILED || policy != SlowReader.FAIL) {
                throw failure;
            }
            return true; // to the others
        }
    }

    @Override
    public void close() {
        channel.close();
        receivers.forEach(HonestReceiver::close);
    }
}
