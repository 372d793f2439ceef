package dev.ipcchannel.torture.names;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.NamedOptions;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.torture.Findings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that opens one receiver after another, and checks each message. Some receivers stay to
/// the end of the round, others leave or are closed earlier.
final class TakingMember extends MemberThread {

    static final String RECEIVED = "messages received";
    static final String LEFT = "receivers that left and took the rest";
    static final String STAYED = "receivers that stayed to the end";
    static final String STARTED = "heartbeats started";
    static final String STOPPED = "heartbeats stopped";
    static final String REFUSED = "receivers that were not opened, for want of descriptors";
    static final String SHORT = "receivers that noticed a lack of descriptors";
    static final String DISCONNECTED =
            "messages after a hole, since a process that lacked descriptors was disconnected from"
                    + " another";

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int AT_ONCE = 16;
    private static final int PAUSES = 512; // one after so many messages
    private static final int LONGEST_PAUSE = 20_000_000; // nanoseconds
    private static final int LONGEST_VISIT = 600; // milliseconds
    // more of them are opened, and lack something
    private static final int LONGEST_POOR_VISIT = 150;
    private static final int STAYS = 2; // one receiver in so many stays
    private static final int POOR_STAYS = 16;
    private static final int TURNS = 16; // of the heartbeat, one after so many looks
    private static final int LONGEST_INTERVAL = 50; // milliseconds, of a heartbeat
    /// The age up to which a heartbeat counts.
    static final Duration OLDEST_BEAT = Duration.ofMillis(3 * LONGEST_INTERVAL);
    private static final Duration STOP = Duration.ofMillis(50);
    private static final int REST = 50_000_000; // nanoseconds, before the next open without room

    private final boolean isPoor;
    private final long[] last = new long[Book.MOST]; // of each sender, in this life
    private Book.Line line;
    private @Nullable Heartbeat heartbeat;

    /// @param isPoor whether its process has few descriptors: then it may lack them
    TakingMember(Book book, Lines lines, SplittableRandom random, Findings findings,
            boolean isPoor) {
        super(book, lines, random, findings);
        this.isPoor = isPoor;
        this.line = book.receiver(0);
    }

    @Override
    String what() {
        return "receiver";
    }

    @Override
    Book.Line line(int number) {
        return book.receiver(number);
    }

    @Override
    void failed(Book.Line failed, Throwable failure) {
        if (failure instanceof ResourceExhausted lack) {
            lack(lack, REFUSED);
            LockSupport.parkNanos(REST);
        } else {
            super.failed(failed, failure);
        }
    }

    @Override
    void end(Book.Line ended) {
        endPulse();
        if (ended.phase() != Phase.DRAINED) {
            super.end(ended);
        }
    }

    private void lack(ResourceExhausted failure, String what) {
        if (isPoor) {
            findings.count(what);
        } else {
            findings.fault("receiver %d lacks something".formatted(line.number()), failure);
        }
    }

    @Override
    void live(Book.Line next) throws Exception {
        line = next;
        Arrays.fill(last, 0);
        heartbeat = null;
        line.begin(random.nextInt(Names.NAMES));
        NamedOptions options = NamedOptions.defaults()
                .withChannel(ChannelOptions.defaults().withCapacity(Names.CAPACITY));
        long start = System.nanoTime();
        try (NamedReceiver<byte[]> receiver = findings.timed("open of a receiver", Names.SILENCE,
                () -> NamedReceiver.open(Names.name(line), byte[].class, options))) {
            noteBases(book, line);
            if (System.nanoTime() - start < Names.SURE.toNanos()) {
                line.setSure();
            }
            line.enter(Phase.OPEN);
            if (random.nextInt(isPoor ? POOR_STAYS : STAYS) == 0) {
                while (!book.isSilent()) {
                    take(receiver);
                }
                leave(receiver);
                findings.count(STAYED);
                line.enter(Phase.DRAINED);
            } else {
                visit(receiver);
            }
        }
    }

    /// Records the messages after which every message has to come.
    static void noteBases(Book book, Book.Line receiver) {
        for (int i = 0; i < Book.MOST; i++) {
            long attempted = book.sender(i).attempted();
            if (attempted > 0) {
                book.pair(receiver.number(), i).setBase(attempted);
            }
        }
    }

    private void visit(NamedReceiver<byte[]> receiver) throws Exception {
        int longest = isPoor ? LONGEST_POOR_VISIT : LONGEST_VISIT;
        long end = System.nanoTime() + random.nextInt(longest) * 1_000_000L;
        while (System.nanoTime() - end < 0 && !book.isOver()) {
            take(receiver);
        }
        if (random.nextBoolean()) {
            leave(receiver);
            findings.count(LEFT);
        }
    }

    private void turnPulse(NamedReceiver<byte[]> receiver) throws Exception {
        Heartbeat current = heartbeat;
        if (current == null) {
            startPulse(receiver);
            return;
        }
        long start = System.nanoTime();
        current.stop();
        findings.noteCall("stop of a heartbeat",
                Duration.ofNanos(System.nanoTime() - start).minus(STOP));
        heartbeat = null;
        line.turnPulse();
        findings.count(STOPPED);
    }

    private void startPulse(NamedReceiver<byte[]> receiver) {
        line.turnPulse();
        try {
            heartbeat = receiver.startHeartbeat(
                    Duration.ofMillis(1 + random.nextInt(LONGEST_INTERVAL)));
            findings.count(STARTED);
        } catch (ResourceExhausted failure) {
            line.turnPulse();
            lack(failure, "heartbeats that were not started, for want of descriptors");
        }
    }

    /// Ends the pulse of a receiver that was closed or has left.
    private void endPulse() {
        if (line.pulse() % 2 == 1) {
            line.turnPulse();
        }
    }

    private void take(NamedReceiver<byte[]> receiver) throws Exception {
        if (random.nextInt(TURNS) == 0) {
            turnPulse(receiver);
        }
        try {
            if (random.nextBoolean()) {
                int _ = receiver.receive((memory, offset, length) -> check(
                        memory.asSlice(offset, length).asByteBuffer()), AT_ONCE, LOOK);
            } else {
                check(ByteBuffer.wrap(receiver.receive(LOOK)));
            }
        } catch (TimedOut _) {
            // No message came for a moment.
        } catch (ResourceExhausted failure) {
            fallShort(failure);
        }
    }

    /// Handles a lack of descriptors for a new sender, or for the contents of a sender's message:
    /// that sender has disconnected this receiver, and all others continue.
    private void fallShort(ResourceExhausted failure) {
        lack(failure, SHORT);
        line.fallShort();
    }

    private void check(ByteBuffer letter) {
        String wrongs = Letter.wrongs(letter);
        if (!wrongs.isEmpty()) {
            throw new IllegalStateException(wrongs);
        }
        int sender = Letter.sender(letter);
        long message = Letter.message(letter);
        if (last[sender] != 0 && message != last[sender] + 1) {
            checkHoleAllowed(sender, message);
        }
        if (book.sender(sender).name() != line.name()) {
            throw new IllegalStateException("a message came of sender %d of another name"
                    .formatted(sender));
        }
        last[sender] = message;
        book.pair(line.number(), sender).came(message);
        findings.count(RECEIVED);
        if (random.nextInt(PAUSES) == 0) {
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
        }
    }

    /// Checks a gap. A process that lacks descriptors may be disconnected from another and connect
    /// again: it loses only what was sent meanwhile, and gets nothing twice.
    private void checkHoleAllowed(int sender, long message) {
        if (!isPoor || message == last[sender]) {
            throw new IllegalStateException("message %d of sender %d came after %d".formatted(
                    message, sender, last[sender]));
        }
        findings.count(DISCONNECTED);
        line.fallShort();
    }

    /// Leaves, and checks that what was sent before is still received, and nothing that was sent
    /// after.
    private void leave(NamedReceiver<byte[]> receiver) throws Exception {
        long[] sent = new long[Book.MOST];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = book.sender(i).done();
        }
        line.enter(Phase.LEAVING);
        long start = System.nanoTime();
        findings.timed("leave", Names.SILENCE, () -> {
            receiver.leave();
            return start;
        });
        boolean isSure = System.nanoTime() - start < Names.SURE.toNanos();
        long[] attempted = new long[Book.MOST];
        for (int i = 0; i < attempted.length; i++) {
            attempted[i] = book.sender(i).attempted();
        }
        takeRest(receiver);
        for (int i = 0; i < sent.length; i++) {
            checkLeave(i, sent[i], attempted[i], isSure);
        }
    }

    private void takeRest(NamedReceiver<byte[]> receiver) throws InterruptedException {
        while (true) {
            try {
                check(ByteBuffer.wrap(receiver.receive(Names.PATIENCE)));
            } catch (ResourceExhausted failure) {
                fallShort(failure);
            } catch (Disconnected _) {
                return;
            }
        }
    }

    private void checkLeave(int sender, long sent, long attempted, boolean isSure) {
        Book.Line from = book.sender(sender);
        Book.Pair pair = book.pair(line.number(), sender);
        if (from.name() != line.name() || !from.isSure() || !line.isSure()
                || line.hasFallenShort()) {
            return;
        }
        if (sent > pair.base() && last[sender] < sent && !isPoor) {
            findings.fault(
                    "receiver %d left when sender %d had sent %d, and got %d of them (after %d)"
                            .formatted(line.number(), sender, sent, last[sender], pair.base()));
        }
        if (isSure && last[sender] > attempted) {
            findings.fault("receiver %d had left when sender %d had sent %d at most, and got %d"
                    .formatted(line.number(), sender, attempted, last[sender]));
        }
    }
}
