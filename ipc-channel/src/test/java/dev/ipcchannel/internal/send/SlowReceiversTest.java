package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing.Offer;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.send.Group.Slow;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The fate of a message for a receiver without room, by each rule: it concerns that receiver
/// alone, and is counted on both sides.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReceiversTest {

    private static final int SHORT = 24;
    private static final int LONG = 100_000; // in a file
    private static final int QUEUE = 3;
    private static final Duration MOMENT = Duration.ofMillis(20);

    @RegisterExtension
    final Children children = new Children();

    private final List<Recipient> recipients = new ArrayList<>();
    private final Queue<LaneException> drops = new ConcurrentLinkedQueue<>();
    private Group group = group(Slow.WAIT, QUEUE);

    private static Group group(Slow rule, int queue) {
        return Group.numbered(Recipient.SETTINGS, Unreceived.KEEP, rule, queue, "test",
                new AtomicLong());
    }

    private void use(Slow rule) {
        group = group(rule, QUEUE);
        group.onDrop((_, why) -> drops.add(why));
    }

    @AfterEach
    void close() {
        group.end("closed");
        recipients.forEach(Recipient::closeAll);
    }

    @ParameterizedTest
    @CsvSource({"DROP_NEWEST,24", "DROP_NEWEST,100000", "FAIL,24", "FAIL,100000"})
    void receiverWithoutRoomMissesTheMessageAndNoneOfTheOthersDoes(Slow rule, int length)
            throws Exception {
        use(rule);
        List<Recipient> others = joined(2);
        Recipient slow = join(Recipient.open(group));
        send(1, length);
        slow.faults().fill();

        sendPast(rule, 2, length);
        sendPast(rule, 3, length);
        slow.makeRoom();
        send(4, length);

        for (Recipient one : others) {
            assertThat(Numbered.next(one, 4)).containsExactly(is(1, 1), is(2, 2), is(3, 3),
                    is(4, 4));
            assertThat(group.dropped(one.share())).isZero();
        }
        assertThat(Numbered.next(slow, 2)).containsExactly(is(1, 1), is(4, 4));
        assertThat(group.dropped(slow.share())).isEqualTo(2);
        assertThat(group.dropped()).isEqualTo(2);
    }

    private void sendPast(Slow rule, int given, int length) throws InterruptedException {
        if (rule == Slow.FAIL) {
            assertThatThrownBy(() -> send(given, length)).isInstanceOf(LaneException.class)
                    .hasMessageContaining("without=1, receivers=3");
        } else {
            send(given, length);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Slow.class, names = {"DROP_NEWEST", "FAIL"})
    void messageThatNoReceiverHasRoomForIsMissedByAll(Slow rule) throws Exception {
        use(rule);
        Recipient only = join(Recipient.full(group));
        if (rule == Slow.FAIL) {
            assertThatThrownBy(() -> trySend(1, SHORT)).isInstanceOf(LaneException.class);
        } else {
            assertThat(trySend(1, SHORT)).isEqualTo(Offer.SENT);
        }
        only.makeRoom();
        send(2, SHORT);

        assertThat(Numbered.next(only)).isEqualTo(is(2, 2));
        assertThat(group.dropped(only.share())).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void latestMessagesWaitAndTheOldestOfThemAreDropped(int length) throws Exception {
        use(Slow.DROP_OLDEST);
        List<Recipient> others = joined(2);
        Recipient slow = join(Recipient.full(group));
        for (int i = 1; i <= 10; i++) {
            send(i, length);
            for (Recipient one : others) {
                assertThat(Numbered.next(one)).isEqualTo(is(i, i));
            }
        }
        assertThat(group.dropped(slow.share())).isEqualTo(7);

        slow.makeRoom();

        assertThat(Numbered.next(slow, QUEUE)).containsExactly(is(8, 8), is(9, 9), is(10, 10));
        send(11, length);
        assertThat(Numbered.next(slow)).isEqualTo(is(11, 11));
        assertThat(group.dropped()).isEqualTo(7);
    }

    /// Rings that are full by what lies there, in all ways of lagging.
    @ParameterizedTest
    @EnumSource(value = Slow.class, names = {"DROP_NEWEST", "DROP_OLDEST"})
    void eachReceiverGetsInOrderWhatWasNotDroppedForIt(Slow rule) throws Exception {
        use(rule);
        int count = 20_000;
        List<Recipient> all = joined(3);
        List<Waits<Long>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Recipient one = all.get(i);
            int pace = i * 50;
            readers.add(Waits.in(() -> missed(one, count, pace)));
        }
        for (int i = 1; i < count; i++) {
            send(i, i % 997 == 0 ? LONG : SHORT);
        }
        readers.add(Waits.in(() -> missed(all.getLast(), count, 0)));
        await().atMost(Children.PATIENCE).until(this::isLastOut, isOut -> isOut);

        long missed = 0;
        for (int i = 0; i < 3; i++) {
            long ofOne = readers.get(i).value();
            assertThat(group.dropped(all.get(i).share())).as("of %d", i).isEqualTo(ofOne);
            missed += ofOne;
        }
        assertThat(group.dropped()).isEqualTo(missed).isPositive();
    }

    private int lasts = 20_000;

    /// Sends the last message, which says that it is the last, until no receiver misses it.
    private boolean isLastOut() throws InterruptedException {
        long before = group.dropped();
        send(lasts, SHORT);
        return group.dropped() == before;
    }

    /// Receives until the last message, and gives the number of missing ones.
    private static long missed(Recipient one, int last, int pace) throws InterruptedException {
        long missing = 0;
        long before = 0;
        while (true) {
            Numbered message = Numbered.next(one);
            assertThat(message.number()).isGreaterThan(before);
            missing += message.number() - before - 1;
            before = message.number();
            if (message.given() == last) {
                return missing;
            }
            assertThat((long) message.given()).isEqualTo(message.number());
            for (int i = 0; i < pace; i++) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void receiverThatIsTooSlowIsCutOffAfterWhatWasCommitted() throws Exception {
        use(Slow.DISCONNECT);
        List<Recipient> others = joined(2);
        Recipient slow = join(Recipient.open(group));
        send(1, SHORT);
        send(2, LONG);
        slow.faults().fill();

        send(3, SHORT);
        send(4, SHORT);

        assertThat(group.receivers()).isEqualTo(2);
        assertThat(Numbered.next(slow, 2)).containsExactly(is(1, 1), is(2, 2));
        for (Recipient one : others) {
            assertThat(Numbered.next(one, 4)).containsExactly(is(1, 1), is(2, 2), is(3, 3),
                    is(4, 4));
        }
        await().atMost(Children.PATIENCE).until(() -> !drops.isEmpty());
        assertThat(drops).singleElement()
                .satisfies(why -> assertThat(why.kind()).isEqualTo(LaneException.Kind.CLOSED))
                .asString().contains("no room for a message: dropped=1");
        assertThat(group.dropped()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = Slow.class, names = "WAIT", mode = EnumSource.Mode.EXCLUDE)
    void receiverWhoseProcessEndsIsOneFewer(Slow rule) throws Exception {
        use(rule);
        List<Recipient> others = joined(2);
        Recipient dying = join(Recipient.open(group));
        if (rule == Slow.DROP_OLDEST) {
            dying.faults().fill();
        }
        send(1, SHORT);
        send(2, LONG);

        dying.faults().killReceiver(dying.ends().inbox()::kill);

        send(3, SHORT);
        send(4, SHORT);
        await().atMost(Children.PATIENCE).until(() -> group.receivers() == 2);
        for (Recipient one : others) {
            assertThat(Numbered.next(one, 4)).containsExactly(is(1, 1), is(2, 2), is(3, 3),
                    is(4, 4));
        }
        assertThat(group.retire("closed")).as("anything waits yet").isFalse();
    }

    @Test
    void whatWaitsForAReceiverThatLeavesIsDropped() throws Exception {
        use(Slow.DROP_OLDEST);
        Recipient slow = join(Recipient.full(group));
        send(1, LONG);
        send(2, LONG);

        group.leave(slow.share(), "left");

        assertThat(group.dropped()).isEqualTo(2);
        assertThat(group.receivers()).isZero();
        assertThat(group.retire("closed")).as("anything waits yet").isFalse();
    }

    @Test
    void aMessageLongerThanAQueueIsDroppedItself() throws Exception {
        group = Group.numbered(new LaneSettings(4096, 0, 128 << 20, ""), Unreceived.KEEP,
                Slow.DROP_OLDEST, QUEUE, "test", new AtomicLong());
        Recipient slow = Recipient.open(new LaneSettings(4096, 0, 128 << 20, ""));
        join(slow).faults().fill();
        send(1, SHORT);
        send(2, (64 << 20) + 1);
        assertThat(group.dropped()).isEqualTo(1);

        slow.makeRoom();
        assertThat(Numbered.next(slow)).isEqualTo(is(1, 1));
        send(3, SHORT);
        assertThat(Numbered.next(slow)).isEqualTo(is(3, 3));
    }

    /// However the message goes away: sent, dropped, or with its receiver.
    @Test
    void whatGoesAlongWithAMessageThatWaitsIsClosed() throws Exception {
        use(Slow.DROP_OLDEST);
        Recipient first = join(Recipient.full(group));
        Recipient second = join(Recipient.full(group));
        SharedMemory memory = SharedMemory.create(4096);
        try (Descriptor file = memory.file()) {
            for (int i = 1; i <= 10; i++) {
                boolean _ = group.way().send(
                        OutgoingMessage.of(Numbered.message(i, SHORT), List.of(file)),
                        Deadline.NEVER);
            }
            assertThat(copiesOf(file)).as("one for both receivers").isEqualTo(1 + QUEUE);

            first.makeRoom();
            assertThat(Numbered.next(first, QUEUE)).extracting(Numbered::given)
                    .containsExactly(8, 9, 10);
            assertThat(copiesOf(file)).isEqualTo(1 + QUEUE);
            group.leave(second.share(), "left");

            assertThat(copiesOf(file)).isEqualTo(1);
        } finally {
            memory.close();
        }
    }

    private static long copiesOf(Descriptor file) throws IOException {
        Path all = Path.of("/proc/self/fd");
        Object wanted = Files.getAttribute(all.resolve("" + file.number()), "unix:ino");
        try (Stream<Path> list = Files.list(all)) {
            return list.filter(one -> {
                try {
                    return wanted.equals(Files.getAttribute(one, "unix:ino"));
                } catch (NoSuchFileException _) {
                    return false;
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            }).count();
        }
    }

    @Test
    void receiverWithoutRoomKeepsASendThatWaitsFromAll() throws Exception {
        List<Recipient> others = joined(2);
        Recipient slow = join(Recipient.full(group));
        assertThat(trySend(1, SHORT)).isEqualTo(Offer.FULL);
        assertThat(group.way().send(OutgoingMessage.of(Numbered.message(2, LONG), List.of()),
                Deadline.after(MOMENT)))
                .isFalse();

        slow.makeRoom();
        send(3, SHORT);

        for (Recipient one : recipients) {
            assertThat(Numbered.next(one)).isEqualTo(is(1, 3));
            assertThat(Numbered.poll(one)).isNull();
        }
        assertThat(others).hasSize(2);
        assertThat(group.dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Slow.class)
    void closeWithMessagesThatWaitForRoomGivesThemTheirTime(Slow rule) throws Exception {
        use(rule);
        Recipient slow = Recipient.full(group);
        for (int i = 1; i <= QUEUE; i++) {
            send(i, LONG);
        }
        join(slow);

        assertThat(group.retire("closed")).isTrue();

        assertThatThrownBy(() -> send(9, SHORT)).isInstanceOf(LaneException.class)
                .hasMessage("closed");
        assertThat(group.awaitOut(Deadline.after(MOMENT))).isFalse();
        slow.makeRoom();
        assertThat(group.awaitOut(Deadline.after(Children.PATIENCE))).isTrue();
        group.end("closed");
        assertThat(Numbered.next(slow, QUEUE)).containsExactly(is(1, 1), is(2, 2), is(3, 3));
        assertThat(group.dropped()).isZero();
    }

    private Offer trySend(int given, int length) {
        return group.way().trySend(OutgoingMessage.of(Numbered.message(given, length), List.of()));
    }

    private void send(int given, int length) throws InterruptedException {
        assertThat(group.way().send(OutgoingMessage.of(Numbered.message(given, length), List.of()),
                Deadline.after(Children.PATIENCE))).isTrue();
    }

    private static Numbered is(long number, int given) {
        return new Numbered(number, given);
    }

    private List<Recipient> joined(int count) {
        return IntStream.range(0, count).mapToObj(_ -> join(Recipient.open(group))).toList();
    }

    private Recipient join(Recipient recipient) {
        recipients.add(recipient);
        Share share = recipient.share();
        assertThat(group.join(share)).isTrue();
        return recipient;
    }
}
