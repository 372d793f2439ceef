package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing.Offer;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.send.Group.Slow;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Threads that send to many by each rule for slow receivers. The receivers pause as they like, and
/// others come and go: each that stays gets all that was not dropped for it, in order, and what was
/// dropped is counted.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReceiversStormTest {

    private static final int SENDERS = 3;
    private static final int MESSAGES = 2_000; // a sender's tries
    private static final int LONG = 20_000; // in a file
    private static final int LONGEST = 100_000; // copied without the lock
    private static final int QUEUE = 20;

    @RegisterExtension
    final Children children = new Children();

    private final long seed = new Random().nextLong();
    private final AtomicLong used = new AtomicLong(); // numbers
    private final Map<Long, Integer> byNumber = new ConcurrentHashMap<>();
    private Group group = Group.numbered(Recipient.SETTINGS, Unreceived.KEEP, Slow.WAIT, QUEUE, "",
            new AtomicLong());

    @ParameterizedTest
    @EnumSource(Slow.class)
    void eachThatStaysGetsAllThatWasNotDroppedForIt(Slow rule) throws Exception {
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        group = Group.numbered(Recipient.SETTINGS, Unreceived.KEEP, rule, QUEUE, "storm",
                new AtomicLong());
        List<Recipient> staying = List.of(join(), join(), join());
        List<Waits<Long>> readers = new ArrayList<>();
        for (Recipient one : staying) {
            long itsSeed = random.nextLong();
            readers.add(Waits.in(() -> readAll(one, rule, new Random(itsSeed))));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        Waits<Void> churn = Waits.run(() -> churn(rule, new Random(random.nextLong()), isOver));
        List<Waits<Void>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int number = i;
            long itsSeed = random.nextLong();
            senders.add(Waits.run(() -> sendAll(number, new Random(itsSeed))));
        }
        for (Waits<Void> sender : senders) {
            sender.value();
        }
        isOver.set(true);
        churn.value();
        if (rule != Slow.DISCONNECT) { // where all may have been cut off
            assertThat(group.awaitOut(Deadline.after(Children.PATIENCE))).isTrue();
        }
        List<Long> dropped = staying.stream().map(one -> group.dropped(one.share())).toList();
        int left = group.receivers();
        group.end("closed");

        assertThat(left).isLessThanOrEqualTo(staying.size());
        for (int i = 0; i < staying.size(); i++) {
            long got = readers.get(i).value();
            if (rule != Slow.DISCONNECT) {
                assertThat(got + dropped.get(i)).as("of %d", i).isEqualTo(used.get());
            }
            staying.get(i).closeAll();
        }
        if (rule == Slow.WAIT) {
            assertThat(group.dropped()).isZero();
        }
    }

    private Recipient join() {
        Recipient recipient = Recipient.open(group);
        assertThat(group.join(recipient.share())).isTrue();
        return recipient;
    }

    private void sendAll(int sender, Random random) throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            int id = sender << 24 | i;
            int length = random.nextInt(50) == 0 ? LONGEST
                    : random.nextInt(20) == 0 ? LONG : 20 + random.nextInt(200);
            if (isSent(Numbered.message(id, length), random)) {
                long _ = used.incrementAndGet();
            }
        }
    }

    private boolean isSent(byte[] message, Random random) throws InterruptedException {
        try {
            return random.nextBoolean()
                    ? group.way().trySend(OutgoingMessage.of(message, List.of())) == Offer.SENT
                    : group.way().send(OutgoingMessage.of(message, List.of()), random.nextBoolean()
                            ? Deadline.NEVER : Deadline.NOW);
        } catch (LaneException missed) { // by the rule to fail
            assertThat(missed.kind()).isEqualTo(LaneException.Kind.NO_RECEIVER);
            return true;
        }
    }

    private void churn(Slow rule, Random random, AtomicBoolean isOver) throws Exception {
        while (!isOver.get()) {
            Recipient passing = join();
            long itsSeed = random.nextLong();
            Waits<Long> reader = Waits.in(() -> readAll(passing, rule, new Random(itsSeed)));
            LockSupport.parkNanos(random.nextInt(20_000_000)); // of any length: it is a storm
            switch (random.nextInt(3)) {
                case 0 -> group.leave(passing.share(), "left");
                case 1 -> passing.close();
                default -> passing.faults().killReceiver(passing.ends().inbox()::kill);
            }
            long _ = reader.value();
            group.leave(passing.share(), "left");
            passing.closeAll();
        }
    }

    /// Receives to the end, and gives the number of messages.
    private long readAll(Recipient one, Slow rule, Random random) throws InterruptedException {
        long count = 0;
        long before = 0;
        while (true) {
            Numbered message;
            try {
                message = Numbered.next(one);
            } catch (LaneException over) {
                assertThat(over.kind()).isIn(LaneException.Kind.DISCONNECTED,
                        LaneException.Kind.CLOSED);
                return count;
            }
            count++;
            assertThat(message.number()).isGreaterThan(before);
            if (rule == Slow.WAIT || rule == Slow.DISCONNECT) {
                assertThat(message.number()).as("no hole").isIn(before + 1,
                        before == 0 ? message.number() : before + 1);
            }
            before = message.number();
            assertThat(byNumber.putIfAbsent(message.number(), message.given()))
                    .isIn(null, message.given());
            if (random.nextInt(500) == 0) {
                LockSupport.parkNanos(random.nextInt(5_000_000));
            }
        }
    }
}
