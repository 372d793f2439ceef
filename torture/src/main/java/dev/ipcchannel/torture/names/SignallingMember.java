package dev.ipcchannel.torture.names;

import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.NamedSignal;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A thread that opens one listener after another, signals with its own id, and counts the signals
/// of all others. Listeners that stay to the end of the round have received every signal then.
final class SignallingMember extends MemberThread {

    static final String SIGNALLED = "signals given";
    static final String RECEIVED = "signals received";
    static final String WHOLE = "pairs of listeners that stayed, every signal received";

    private static final int MOST_AT_ONCE = 16; // signals, before the next look at those of others
    private static final int MANY_AT_ONCE = 1000; // more than a ring holds
    private static final int MANY = 64; // one in so many times
    private static final int LONGEST_PAUSE = 10_000_000; // nanoseconds
    private static final int LONGEST_VISIT = 600; // milliseconds
    private static final int STAYS = 2; // one listener in so many stays
    private static final int LOOK = 2_000_000; // nanoseconds
    private static final int REST = 50_000_000; // nanoseconds, before the next open without room

    private final boolean isPoor;
    // For each other listener: the signals it had given before this one was opened, those it may
    // have given until this one was open, and those received from it.
    private final long[] before = new long[Book.MOST];
    private final long[] bases = new long[Book.MOST];
    private final long[] received = new long[Book.MOST];

    /// @param isPoor whether its process has few descriptors: then it may lack them
    SignallingMember(Book book, Lines lines, SplittableRandom random, Findings findings,
            boolean isPoor) {
        super(book, lines, random, findings);
        this.isPoor = isPoor;
    }

    @Override
    String what() {
        return "listener";
    }

    @Override
    Book.Line line(int number) {
        return book.listener(number);
    }

    @Override
    void failed(Book.Line line, Throwable failure) {
        if (isPoor && failure instanceof ResourceExhausted) {
            findings.count("listeners that were not opened, for want of descriptors");
            LockSupport.parkNanos(REST);
        } else {
            super.failed(line, failure);
        }
    }

    @Override
    void live(Book.Line line) throws Exception {
        line.begin(random.nextInt(Names.NAMES));
        Arrays.fill(received, 0);
        Arrays.setAll(before, i -> book.listener(i).done());
        long start = System.nanoTime();
        try (NamedSignal signal = findings.timed("open of a listener", Names.SILENCE,
                () -> NamedSignal.open(Names.name(line)))) {
            Arrays.setAll(bases, i -> book.listener(i).attempted());
            if (System.nanoTime() - start < Names.SURE.toNanos()) {
                line.setSure();
            }
            line.enter(Phase.OPEN);
            boolean stays = random.nextInt(STAYS) == 0;
            long end = start + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_VISIT));
            while (!book.isOver() && (stays || System.nanoTime() - end < 0)) {
                give(signal, line);
                hear(signal, line);
            }
            if (book.isOver()) {
                line.enter(Phase.LEAVING); // it gives no more, and is there for those that listen
                drain(signal, line);
            }
        }
    }

    private void give(NamedSignal signal, Book.Line line) throws Exception {
        int most = random.nextInt(MANY) == 0 ? MANY_AT_ONCE : MOST_AT_ONCE;
        int count = random.nextInt(most);
        for (int i = 0; i < count; i++) {
            line.attempt(line.done() + 1);
            boolean _ = findings.timed("signal", Duration.ZERO, () -> {
                signal.signal(line.number());
                return true;
            });
            line.done(line.attempted());
        }
        findings.count(SIGNALLED, count);
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
    }

    private void hear(NamedSignal signal, Book.Line line) throws InterruptedException {
        for (int i = 0; i < Book.MOST; i++) {
            Book.Line giver = book.listener(i);
            if (giver.phase() != Phase.UNUSED && giver.name() == line.name()
                    && giver.attempted() > before[i] + received[i]) {
                hear(signal, line, giver);
            }
        }
    }

    private void hear(NamedSignal signal, Book.Line line, Book.Line giver)
            throws InterruptedException {
        try {
            long count = signal.await(giver.number(), Duration.ZERO);
            received[giver.number()] += count;
            findings.count(RECEIVED, count);
        } catch (TimedOut _) {
            return; // none yet
        }
        long most = giver.attempted() - before[giver.number()];
        if (received[giver.number()] > most || giver.number() == line.number()) {
            findings.fault(("listener %d got signals of listener %d %d times, which signalled %d"
                    + " times")
                    .formatted(line.number(), giver.number(), received[giver.number()], most));
        }
    }

    /// Takes the signals on their way, until all listeners that stay have received theirs.
    private void drain(NamedSignal signal, Book.Line line) throws InterruptedException {
        long start = System.nanoTime();
        boolean isWhole = false;
        while (!isWhole && System.nanoTime() - start < Names.PATIENCE.toNanos()) {
            boolean isSilent = others(line).noneMatch(other -> other.phase() == Phase.OPENING
                    || other.phase() == Phase.OPEN);
            hear(signal, line);
            isWhole = isSilent && owing(line).allMatch(this::isWhole);
            LockSupport.parkNanos(LOOK);
        }
        owing(line).forEach(giver -> checkWhole(line, giver));
        line.enter(Phase.DRAINED);
        while (others(line).anyMatch(other -> other.phase() == Phase.LEAVING)
                && System.nanoTime() - start < Names.PATIENCE.toNanos()) {
            LockSupport.parkNanos(LOOK); // what it has given may be on its way
        }
    }

    /// The other listeners of its name, except those of killed processes.
    private Stream<Book.Line> others(Book.Line line) {
        return IntStream.range(0, Book.MOST).mapToObj(book::listener)
                .filter(other -> other.phase() != Phase.UNUSED && other.name() == line.name()
                        && other.number() != line.number()
                        && book.process(other.number() / Book.EACH).phase() != Phase.DEAD);
    }

    /// The other listeners of which every signal has to come: they stay until it has.
    private Stream<Book.Line> owing(Book.Line line) {
        return others(line).filter(giver -> line.isSure() && giver.isSure() && !isPoor
                && !Names.isPoor(giver.number() / Book.EACH)
                && (giver.phase() == Phase.LEAVING || giver.phase() == Phase.DRAINED));
    }

    private boolean isWhole(Book.Line giver) {
        return received[giver.number()] >= giver.done() - bases[giver.number()];
    }

    private void checkWhole(Book.Line line, Book.Line giver) {
        if (isWhole(giver)) {
            findings.count(WHOLE);
            return;
        }
        findings.fault(("listener %d got signals of listener %d %d times, of %d to %d"
                + " signals").formatted(
                        line.number(), giver.number(), received[giver.number()],
                        giver.done() - bases[giver.number()],
                        giver.done() - before[giver.number()]));
    }
}
