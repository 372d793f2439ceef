package dev.ipcchannel.torture.names;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.named.SlowReader;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// A thread that opens one broadcast channel after another, each with a different policy, and sends
/// messages numbered from 1.
final class BroadcastSender extends MemberThread {

    static final String TIMED_OUT = "sends that timed out";
    static final String FAILED = "sends that failed for a slow reader, and reached the others";
    static final String DROPPED_NEWEST = "messages that were the newest, dropped";
    static final String DROPPED_OLDEST = "messages that were the oldest, dropped";
    static final String ALONE = "messages sent without a receiver";
    static final String REFUSED = "senders refused by a route that had one";

    private static final List<SlowReader> POLICIES = List.of(SlowReader.values());
    private static final int QUEUE = 8; // messages
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final Duration DEFAULT_WAIT = Duration.ofMillis(100);
    private static final int LONGEST_WAIT = 60; // milliseconds
    private static final int MOST_MESSAGES = 4000;
    private static final int PAUSES = 48; // one after so many messages
    private static final int LONGEST_PAUSE = 3_000_000; // nanoseconds
    private static final int REST = 20_000_000;

    BroadcastSender(Book book, Lines lines, SplittableRandom random, Findings findings) {
        super(book, lines, random, findings);
    }

    @Override
    String what() {
        return "sender";
    }

    @Override
    Book.Line line(int number) {
        return book.sender(number);
    }

    @Override
    void failed(Book.Line line, Throwable failure) {
        if (failure instanceof HandshakeFailed refusal) {
            refused(line, refusal);
            LockSupport.parkNanos(REST);
        } else {
            super.failed(line, failure);
        }
    }

    private void refused(Book.Line line, HandshakeFailed failure) {
        findings.count(REFUSED);
        if (Broadcast.type(line) != ChannelType.ROUTE) {
            findings.fault("sender %d is refused by a channel".formatted(line.number()), failure);
        }
    }

    @Override
    void live(Book.Line line) throws Exception {
        line.begin(random.nextInt(Names.NAMES));
        SlowReader policy = POLICIES.get(random.nextInt(POLICIES.size()));
        line.setPolicy(policy);
        BroadcastOptions options = BroadcastOptions.defaults().withSlowReader(policy)
                .withQueue(QUEUE).withLinger(random.nextBoolean() ? LINGER : Duration.ZERO)
                .withChannel(ChannelOptions.defaults().withCapacity(Names.CAPACITY));
        long start = System.nanoTime();
        IpcChannel<byte[]> channel = findings.timed("open of a sender", Names.SILENCE,
                () -> IpcChannel.open(Broadcast.type(line), Names.name(line), ConnMode.SENDER,
                        options));
        try {
            if (System.nanoTime() - start < Names.SURE.toNanos()) {
                line.setSure();
            }
            line.enter(Phase.OPEN);
            checkAlone(line);
            send(channel, line);
        } finally {
            line.enter(Phase.LEAVING); // others may have its place from now on
            channel.close();
            line.setDropped(channel.dropped());
        }
        noteDropped(policy, channel.dropped());
    }

    private void noteDropped(SlowReader policy, long dropped) {
        if (policy == SlowReader.DROP_NEWEST) {
            findings.count(DROPPED_NEWEST, dropped);
        } else if (policy == SlowReader.DROP_OLDEST) {
            findings.count(DROPPED_OLDEST, dropped);
        }
    }

    /// Checks that no other sender has the route, except one that is being killed.
    private void checkAlone(Book.Line line) {
        if (Broadcast.type(line) != ChannelType.ROUTE) {
            return;
        }
        long start = System.nanoTime();
        while (IntStream.range(0, Book.MOST).anyMatch(i -> isOther(line, book.sender(i)))) {
            if (System.nanoTime() - start > Names.PATIENCE.toNanos()) {
                findings.fault("sender %d is not the only one of its route".formatted(
                        line.number()));
                return;
            }
            LockSupport.parkNanos(LONGEST_PAUSE);
        }
    }

    private boolean isOther(Book.Line line, Book.Line other) {
        return other.number() != line.number() && other.name() == line.name()
                && (other.phase() == Phase.OPEN || other.phase() == Phase.SENDING)
                && book.process(other.number() / Book.EACH).phase() != Phase.DEAD;
    }

    private void send(IpcChannel<byte[]> channel, Book.Line line) throws Exception {
        long most = random.nextInt(MOST_MESSAGES);
        for (long message = 1; message <= most && !book.isOver();) {
            if (isSent(channel, line, message)) {
                message++;
            }
            if (random.nextInt(PAUSES) == 0) {
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
            }
        }
    }

    /// Sends a message. No receiver gets a message whose call does not return that it was sent, so
    /// its number is used again.
    private boolean isSent(IpcChannel<byte[]> channel, Book.Line line, long message)
            throws Exception {
        boolean isAlone = channel.receiverCount() == 0;
        boolean isSent = false;
        line.attempt(message);
        line.enter(Phase.SENDING);
        try {
            long wait = random.nextInt(1, LONGEST_WAIT);
            isSent = findings.timed("send", DEFAULT_WAIT,
                    () -> isSent(channel, Letter.of(line.number(), message), wait));
        } catch (TimedOut _) {
            findings.count(TIMED_OUT);
        } catch (IpcException failure) {
            if (failure.status() != IpcStatus.SEND_FAILED || line.policy() != SlowReader.FAIL) {
                throw failure;
            }
            findings.count(FAILED);
            isSent = true; // to the others
        } finally {
            line.enter(Phase.OPEN);
            if (isSent) {
                line.done(message);
                findings.count(isAlone ? ALONE : SendingMember.SENT);
            } else {
                line.attempt(message - 1);
            }
        }
        return isSent;
    }

    private boolean isSent(IpcChannel<byte[]> channel, byte[] letter, long wait)
            throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> {
                return channel.trySend(letter);
            }
            case 1 -> {
                return channel.trySend(letter, wait);
            }
            case 2 -> channel.send(letter, wait);
            default -> channel.send(letter);
        }
        return true;
    }
}
