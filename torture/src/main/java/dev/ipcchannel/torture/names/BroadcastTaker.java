package dev.ipcchannel.torture.names;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.named.SlowReader;
import dev.ipcchannel.torture.Findings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// A thread that opens one broadcast channel after another to receive, and checks that each message
/// missing between two others is reported. Some receivers stay to the end of the round.
final class BroadcastTaker extends MemberThread {

    static final String GAPS = "gaps that receivers were notified of, each with its length";
    static final String CUT_OFF = "receivers cut off as too slow";
    static final String STAYED = "receivers that stayed to the end";

    private static final int LOOK = 20; // milliseconds
    private static final int LAST_LOOK = 500; // after it nothing is on its way
    private static final int PAUSES = 256; // one after so many messages
    private static final int LONGEST_PAUSE = 20_000_000; // nanoseconds
    private static final int LONGEST_VISIT = 600; // milliseconds
    private static final int STAYS = 2; // one receiver in so many stays

    private final long[] last = new long[Book.MOST]; // of each sender, in this life
    private Book.Line line;
    private long reported; // messages reported missing before the one being received

    BroadcastTaker(Book book, Lines lines, SplittableRandom random, Findings findings) {
        super(book, lines, random, findings);
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
        if (failure instanceof Disconnected end) {
            cutOff(end);
        } else {
            super.failed(failed, failure);
        }
    }

    @Override
    void end(Book.Line ended) {
        if (ended.phase() != Phase.DRAINED) {
            super.end(ended);
        }
    }

    private void cutOff(Disconnected failure) {
        findings.count(CUT_OFF);
        if (!String.valueOf(failure.getMessage()).contains("cut off as too slow")) {
            findings.fault("receiver %d has ended".formatted(line.number()), failure);
        }
    }

    @Override
    void live(Book.Line next) throws Exception {
        line = next;
        Arrays.fill(last, 0);
        line.begin(random.nextInt(Names.NAMES));
        BroadcastOptions options = BroadcastOptions.defaults()
                .withChannel(ChannelOptions.defaults().withCapacity(Names.CAPACITY));
        long start = System.nanoTime();
        try (IpcChannel<byte[]> channel = findings.timed("open of a receiver", Names.SILENCE,
                () -> IpcChannel.open(Broadcast.type(line), Names.name(line), ConnMode.RECEIVER,
                        options))) {
            channel.onGap(missing -> reported += missing);
            TakingMember.noteBases(book, line);
            if (System.nanoTime() - start < Names.SURE.toNanos()) {
                line.setSure();
            }
            line.enter(Phase.OPEN);
            boolean stays = random.nextInt(STAYS) == 0;
            long visit = TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_VISIT));
            while (stays ? !book.isSilent()
                    : !book.isOver() && System.nanoTime() - start < visit) {
                boolean _ = isTaken(channel, LOOK);
            }
            if (stays) {
                takeRest(channel);
                findings.count(STAYED);
                line.enter(Phase.DRAINED);
            }
        }
    }

    /// Takes what is left at the end, when only kept messages are still sent.
    private void takeRest(IpcChannel<byte[]> channel) throws InterruptedException {
        long start = System.nanoTime();
        while (isTaken(channel, LAST_LOOK) || (isSomethingDue()
                && System.nanoTime() - start < Names.PATIENCE.toNanos())) {
            // take the next message
        }
    }

    private boolean isSomethingDue() {
        return IntStream.range(0, Book.MOST).mapToObj(book::sender)
                .anyMatch(sender -> sender.phase() != Phase.UNUSED
                        && sender.name() == line.name() && sender.isSure() && line.isSure()
                        && sender.policy() == SlowReader.WAIT
                        && sender.done() > book.pair(line.number(), sender.number()).base()
                        && sender.done() > last[sender.number()]);
    }

    private boolean isTaken(IpcChannel<byte[]> channel, int millis) throws InterruptedException {
        reported = 0;
        try {
            check(ByteBuffer.wrap(channel.receive(millis)));
            return true;
        } catch (TimedOut _) {
            return false;
        }
    }

    private void check(ByteBuffer letter) {
        String wrongs = Letter.wrongs(letter);
        if (!wrongs.isEmpty()) {
            throw new IllegalStateException(wrongs);
        }
        Book.Line sender = book.sender(Letter.sender(letter));
        long message = Letter.message(letter);
        long before = last[sender.number()];
        long missing = before == 0 ? 0 : message - before - 1;
        boolean mayMiss = sender.policy() != SlowReader.WAIT
                && sender.policy() != SlowReader.DISCONNECT;
        if (missing < 0 || missing != reported || (missing > 0 && !mayMiss)
                || sender.name() != line.name()) {
            throw new IllegalStateException(
                    ("message %d of sender %d (%s, name %d) came after %d, and %d were reported"
                            + " missing")
                            .formatted(message, sender.number(), sender.policy(), sender.name(),
                                    before, reported));
        }
        last[sender.number()] = message;
        Book.Pair pair = book.pair(line.number(), sender.number());
        pair.missed(missing);
        pair.came(message);
        findings.count(TakingMember.RECEIVED);
        findings.count(GAPS, missing > 0 ? 1 : 0);
        if (random.nextInt(PAUSES) == 0) {
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
        }
    }
}
