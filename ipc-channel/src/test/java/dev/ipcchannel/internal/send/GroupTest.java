package dev.ipcchannel.internal.send;

import static dev.ipcchannel.internal.send.Recipient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rule of a message to many: all receivers get it, or none does.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupTest extends GroupCase {

    private static final Duration MOMENT = Duration.ofMillis(20);
    // At the thread that has a turn.
    private static final Duration LONGER_THAN_LOOKS = Duration.ofMillis(400);

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void eachReceiverGetsEachMessageInOrder(int length) throws Exception {
        List<Recipient> all = joined(3);
        for (int i = 0; i < 100; i++) {
            send(i, length);

            for (Recipient one : all) {
                assertThat(one.next(length)).isEqualTo(i);
            }
        }
    }

    @Test
    void shortAndLongMessagesKeepTheirOrder() throws Exception {
        List<Recipient> all = joined(3);
        for (int i = 0; i < 40; i += 4) {
            send(i, SHORT);
            send(i + 1, LONG);
            assertThat(group.way().trySend(OutgoingMessage.of(message(i + 2, LONG), List.of())))
                    .isEqualTo(Outgoing.Offer.SENT);
            assertThat(group.way().trySend(OutgoingMessage.of(message(i + 3, SHORT), List.of())))
                    .isEqualTo(Outgoing.Offer.SENT);

            for (Recipient one : all) {
                assertThat(one.next(SHORT)).isEqualTo(i);
                assertThat(one.next(2, LONG)).containsExactly(i + 1, i + 2);
                assertThat(one.next(SHORT)).isEqualTo(i + 3);
            }
        }
    }

    @Test
    void messageCountsOnceHoweverManyGetIt() throws Exception {
        joined(3);
        send(1, SHORT);
        send(2, LONG);

        assertThat(group.counters().messages()).isEqualTo(2);
        assertThat(group.counters().bytes()).isEqualTo(SHORT + LONG);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void fullReceiverKeepsATrySendFromAll(int length) throws Exception {
        List<Recipient> all = joined(2);
        Recipient full = join(Recipient.full(group));

        assertThat(group.way().trySend(OutgoingMessage.of(message(1, length), List.of())))
                .isEqualTo(Outgoing.Offer.FULL);

        assertNothing(all, length);
        full.makeRoom();
        assertNextGoesToAll(length);
    }

    /// The sender has looked at the limits before the receiver joined.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noReceiverGetsAMessageThatIsTooLongForOneThatHasJoinedSince(boolean isAlone)
            throws Exception {
        List<Recipient> all = isAlone ? List.of() : joined(2);
        Recipient narrow = join(Recipient.open(new LaneSettings(4096, 0, 100, "")));
        assertThat(group.way().maxMessage()).isEqualTo(100);

        assertThatThrownBy(() -> send(1, 101)).isInstanceOf(LaneException.class)
                .hasMessageContaining("length=101, limit=100");

        assertNothing(all, 101);
        send(2, 100);
        assertThat(narrow.next(100)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void noReceiverGetsAMessageWhoseDeadlineIsOver(int length) throws Exception {
        List<Recipient> all = joined(2);
        Recipient full = join(Recipient.full(group));

        assertThat(group.way().send(OutgoingMessage.of(message(1, length), List.of()),
                Deadline.after(MOMENT)))
                .isFalse();
        assertThat(
                group.way().send(OutgoingMessage.of(message(2, length), List.of()), Deadline.NOW))
                .isFalse();

        assertThat(group.way().describe()).contains("receivers=3", "waited for the one with");
        assertNothing(all, length);
        full.makeRoom();
        assertNextGoesToAll(length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noReceiverGetsAMessageWhoseSenderIsInterrupted(boolean isVirtual) throws Exception {
        List<Recipient> all = joined(2);
        Recipient full = join(Recipient.full(group));
        for (int length : new int[]{SHORT, LONG}) {
            Waits<Boolean> send = sending(isVirtual, 1, length).asleep();

            send.thread().interrupt();

            send.failure().isInstanceOf(InterruptedException.class);
            assertNothing(all, length);
        }
        full.makeRoom();
        assertNextGoesToAll(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeWakesAllThatWaitAndNoReceiverGetsTheirMessages(boolean isVirtual) throws Exception {
        List<Recipient> all = joined(2);
        join(Recipient.full(group));
        Waits<Boolean> forRoom = sending(isVirtual, 1, LONG).asleep();
        Waits<Boolean> forTurn = sending(isVirtual, 2, SHORT).asleep();

        group.end("closed under them");

        assertIsClosed(forRoom);
        assertIsClosed(forTurn);
        for (Recipient one : all) {
            assertIsAtItsEnd(one);
        }
        assertThat(group.receivers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receiverThatClosesWhileASendWaitsForItIsLeftOut(boolean isVirtual) throws Exception {
        List<Recipient> others = joined(2);
        Recipient full = join(Recipient.full(group));
        Waits<Boolean> send = sending(isVirtual, 7, LONG).asleep();

        full.close();

        assertThat(send.value()).isTrue();
        assertThat(group.receivers()).isEqualTo(2);
        for (Recipient one : others) {
            assertThat(one.next(LONG)).isEqualTo(7);
            assertThat(one.poll(LONG)).isNull();
        }
    }

    @Test
    void receiverWhoseProcessEndsWhileASendWaitsForItIsLeftOut() throws Exception {
        List<Recipient> others = joined(2);
        Recipient full = join(Recipient.full(group));
        Waits<Boolean> send = sending(false, 7, SHORT).asleep();

        full.faults().killReceiver(full.ends().inbox()::kill);

        assertThat(send.value()).isTrue();
        assertThat(others.getFirst().next(SHORT)).isEqualTo(7);
        assertThat(others.getLast().next(SHORT)).isEqualTo(7);
    }

    /// The receiver's room is claimed by then.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receiverThatClosesAfterItHasGivenRoomIsLeftOut(boolean isVirtual) throws Exception {
        Recipient early = join(Recipient.open(group));
        Recipient full = join(Recipient.full(group));
        Waits<Boolean> send = sending(isVirtual, 7, SHORT).asleep();

        early.close();
        full.makeRoom();

        assertThat(send.value()).isTrue();
        assertThat(group.receivers()).isEqualTo(1);
        assertThat(full.next(SHORT)).isEqualTo(7);
    }

    @Test
    void messageWhoseLastReceiverClosesAfterItHasGivenRoomIsNotSent() throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        Recipient early = join(Recipient.open(group));
        Recipient full = join(Recipient.full(group));
        Waits<Boolean> send = sending(false, 7, SHORT).asleep();

        early.close();
        full.close();

        assertThat(send.value()).isTrue();
        assertThat(group.dropped()).isEqualTo(1);
        assertThat(group.counters().messages()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void receiverThatJoinsWhileASendWaitsGetsTheMessage(int length) throws Exception {
        Recipient first = join(Recipient.open(group));
        Recipient full = join(Recipient.full(group));
        Waits<Boolean> send = sending(false, 7, length).asleep();
        Recipient newcomer = join(Recipient.open(group));

        full.makeRoom();

        assertThat(send.value()).isTrue();
        for (Recipient one : List.of(first, full, newcomer)) {
            assertThat(one.next(length)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receiverThatLeavesWhileASendWaitsForItIsLeftOut(boolean isVirtual) throws Exception {
        Recipient other = join(Recipient.open(group));
        Recipient full = join(Recipient.full(group));
        Waits<Boolean> send = sending(isVirtual, 7, LONG).asleep();

        group.leave(full.share(), "left");

        assertThat(send.value()).isTrue();
        assertThat(other.next(LONG)).isEqualTo(7);
        assertIsAtItsEnd(full);
    }

    /// The receiver's room is claimed by then, and the wait for the other goes on.
    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void receiverThatLeavesAfterItHasGivenRoomIsAtItsEndAtOnce(int length) throws Exception {
        Recipient leaving = join(Recipient.open(group));
        Recipient full = join(Recipient.full(group));
        send(0, SHORT, leaving, full);
        Waits<Boolean> send = sending(false, 7, length).asleep();

        group.leave(leaving.share(), "left");
        assertThat(group.receivers()).isEqualTo(1);
        assertThat(leaving.next(SHORT)).as("committed before").isZero();
        assertIsAtItsEnd(leaving);
        full.makeRoom();

        assertThat(send.value()).isTrue();
        assertThat(full.next(length)).isEqualTo(7);
        recipients.remove(leaving);
        leaving.closeAll();
        assertNextGoesToAll(length);
    }

    /// There is always room here: only a thread at work can be in the way.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void thatALongMessageIsBeingCopiedIsSeenAndNotWaitedFor(int receivers) throws Exception {
        int length = Recipient.SETTINGS.maxMessage();
        joined(receivers);
        AtomicBoolean isSeen = new AtomicBoolean();
        Waits<Void> sends = Waits.run(() -> {
            while (!isSeen.get()) {
                send(7, length);
                for (Recipient one : recipients) {
                    assertThat(one.next(length)).isEqualTo(7);
                }
            }
        });

        await().pollInterval(Duration.ofNanos(1)).atMost(Children.PATIENCE)
                .until(this::isAnotherAtWork);

        isSeen.set(true);
        sends.value();
        assertNextGoesToAll(length);
    }

    private boolean isAnotherAtWork() {
        if (group.way().tryClaim(SHORT) == RingWriter.FULL) {
            return true;
        }
        group.way().abort();
        return false;
    }

    @Test
    void whatWasCommittedIsReceivedByOneThatLeaves() throws Exception {
        List<Recipient> all = joined(2);
        send(1, SHORT);
        send(2, LONG);

        group.leave(all.getFirst().share(), "left");
        group.leave(all.getFirst().share(), "left");
        send(3, SHORT);

        assertThat(all.getFirst().next(SHORT)).isEqualTo(1);
        assertThat(all.getFirst().next(LONG)).isEqualTo(2);
        assertIsAtItsEnd(all.getFirst());
        assertThat(all.getLast().next(SHORT)).isEqualTo(1);
        assertThat(all.getLast().next(LONG)).isEqualTo(2);
        assertThat(all.getLast().next(SHORT)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendWaitsForAReceiver(boolean isVirtual) throws Exception {
        Waits<Boolean> send = sending(isVirtual, 7, LONG).asleep();

        Recipient first = join(Recipient.open(group));

        assertThat(send.value()).isTrue();
        assertThat(first.next(LONG)).isEqualTo(7);
    }

    /// No thread looks meanwhile, and a caller that asks sees the wait while it goes on.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitForAReceiverIsOneWaitThatEndsWithAWakeUp(boolean isVirtual) throws Exception {
        Waits<Boolean> first = sending(isVirtual, 7, SHORT).asleep();
        Waits<Boolean> second = sending(isVirtual, 7, SHORT).asleep();
        await().atMost(Children.PATIENCE)
                .until(() -> group.counters().blockedNanos() > LONGER_THAN_LOOKS.toNanos());
        assertThat(group.counters().wakeUps()).isZero();

        join(Recipient.open(group));

        assertThat(first.value()).isTrue();
        assertThat(second.value()).isTrue();
        assertThat(group.counters().wakeUps()).isEqualTo(2);
        long blocked = group.counters().blockedNanos();
        assertThat(blocked).isGreaterThan(LONGER_THAN_LOOKS.toNanos());
        assertThat(group.counters().blockedNanos()).as("no wait goes on").isEqualTo(blocked);
    }

    @Test
    void sendGivesUpItsWaitForAReceiverAtItsDeadlineAndAtTheClose() throws Exception {
        assertThat(group.way().send(OutgoingMessage.of(message(1, SHORT), List.of()),
                Deadline.after(MOMENT)))
                .isFalse();
        assertThat(group.way().claim(SHORT, Deadline.after(MOMENT))).isEqualTo(RingWriter.FULL);
        Waits<Boolean> send = sending(false, 7, SHORT).asleep();

        group.end("closed");

        assertIsClosed(send);
    }

    /// The last receiver closes while the send waits for it: a newcomer gets the message.
    @Test
    void sendWhoseReceiversHaveAllGoneWaitsForAnother() throws Exception {
        Recipient full = join(Recipient.full(group));
        Recipient other = join(Recipient.full(group));
        Waits<Boolean> send = sending(false, 7, SHORT).asleep();
        full.close();
        group.leave(other.share(), "left");

        Recipient newcomer = join(Recipient.open(group));

        assertThat(send.value()).isTrue();
        assertThat(newcomer.next(SHORT)).isEqualTo(7);
    }

    /// All senders wake when the first receiver joins, and only one may have the turn.
    @Test
    void messagesThatWaitedForAReceiverTogetherComeInOneOrder() throws Exception {
        List<Waits<Boolean>> sends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sends.add(sending(i % 2 == 0, i, SHORT).asleep());
        }
        Recipient first = join(Recipient.full(group));
        Recipient second = join(Recipient.full(group));
        Waits<List<Integer>> read = Waits.in(() -> first.next(8, SHORT));

        second.makeRoom();
        first.makeRoom();

        for (Waits<Boolean> send : sends) {
            assertThat(send.value()).isTrue();
        }
        assertThat(read.value()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(second.next(8, SHORT)).isEqualTo(read.value());
    }

    @Test
    void messageWithoutAReceiverIsDroppedAndCountedWhereThatIsTheRule() throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        send(1, SHORT);
        send(2, LONG);

        Recipient first = join(Recipient.open(group));
        send(3, SHORT);

        assertThat(group.dropped()).isEqualTo(2);
        assertThat(first.next(SHORT)).isEqualTo(3);
    }

    @Test
    void messageWithoutAReceiverIsRefusedWhereThatIsTheRule() throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.FAIL);

        assertFails(() -> send(1, SHORT), LaneException.Kind.NO_RECEIVER);
        assertFails(() -> group.way().claim(SHORT, Deadline.NEVER), LaneException.Kind.NO_RECEIVER);

        Recipient first = join(Recipient.open(group));
        send(3, SHORT);
        assertThat(first.next(SHORT)).isEqualTo(3);
        first.close();
        assertFails(() -> send(4, SHORT), LaneException.Kind.NO_RECEIVER);
        assertThat(group.dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void trySendWithoutAReceiverSaysSo(Unreceived rule) {
        group = new Group(Recipient.SETTINGS, rule);

        assertThat(group.way().trySend(OutgoingMessage.of(message(1, SHORT), List.of())))
                .isEqualTo(Outgoing.Offer.NO_RECEIVER);
        assertThat(group.way().tryClaim(SHORT)).isEqualTo(RingWriter.FULL);

        joined(2).forEach(Recipient::close);
        assertThat(group.way().trySend(OutgoingMessage.of(message(1, SHORT), List.of())))
                .isEqualTo(Outgoing.Offer.NO_RECEIVER);
        assertThat(group.dropped()).isZero();
        assertThat(group.receivers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void twoThreadsMessagesComeToAllInTheSameOrder(int length) throws Exception {
        int each = length == SHORT ? 60 : 20;
        List<Recipient> all = joined(3);
        List<Waits<List<Integer>>> reads = new ArrayList<>();
        for (Recipient one : all) {
            reads.add(Waits.in(() -> one.next(2 * each, length)));
        }
        Waits<Void> first = Waits.run(() -> sendAll(0, each, length));
        Waits<Void> second = Waits.run(() -> sendAll(each, 2 * each, length));

        first.value();
        second.value();

        List<Integer> order = reads.getFirst().value();
        for (Waits<List<Integer>> read : reads) {
            assertThat(read.value()).isEqualTo(order);
        }
        assertThat(order.stream().filter(number -> number < each)).isSorted().hasSize(each);
        assertThat(order.stream().filter(number -> number >= each)).isSorted().hasSize(each);
    }

    @Test
    void endedGroupTakesNoReceiverAndNoMessage() {
        group.end("closed");
        Recipient late = Recipient.open(group);
        recipients.add(late);

        assertThat(group.join(late.share())).isFalse();
        assertThat(late.share().isEnded()).isFalse();
        assertFails(() -> send(1, SHORT), LaneException.Kind.CLOSED);
        assertFails(() -> group.way().trySend(OutgoingMessage.of(message(1, SHORT), List.of())),
                LaneException.Kind.CLOSED);
    }

    /// Rings that are truly full, and readers of several speeds.
    @Test
    void slowReceiverHoldsAllUpAndNothingIsLost() throws Exception {
        List<Recipient> all = joined(3);
        Waits<Void> sends = Waits.run(() -> {
            for (int i = 0; i < 2_000; i++) {
                send(i % 100, i % 50 == 0 ? LONG : SHORT);
            }
        });
        List<Waits<Void>> reads = new ArrayList<>();
        for (Recipient one : all) {
            reads.add(Waits.run(() -> {
                for (int i = 0; i < 2_000; i++) {
                    assertThat(one.next(i % 50 == 0 ? LONG : SHORT)).isEqualTo(i % 100);
                }
            }));
        }

        sends.value();
        for (Waits<Void> read : reads) {
            read.value();
        }
    }

    private void send(int number, int length) throws InterruptedException {
        assertThat(group.way().send(OutgoingMessage.of(message(number, length), List.of()),
                Deadline.after(Children.PATIENCE))).isTrue();
    }

    /// Sends while one receiver is full.
    private void send(int number, int length, Recipient open, Recipient full)
            throws InterruptedException {
        full.makeRoom();
        send(number, length);
        assertThat(full.next(length)).isEqualTo(number);
        full.faults().fill();
        assertThat(open.share().isEnded()).isFalse();
    }

    private void sendAll(int from, int to, int length) throws InterruptedException {
        for (int i = from; i < to; i++) {
            send(i, length);
        }
    }

    private Waits<Boolean> sending(boolean isVirtual, int number, int length) {
        return Waits.in(isVirtual,
                () -> group.way().send(OutgoingMessage.of(message(number, length), List.of()),
                        Deadline.NEVER));
    }

    private void assertNextGoesToAll(int length) throws InterruptedException {
        send(99, length);
        for (Recipient one : recipients) {
            assertThat(one.next(length)).isEqualTo(99);
            assertThat(one.poll(length)).isNull();
        }
    }

    private static void assertIsClosed(Waits<?> call) throws InterruptedException {
        call.failure().isInstanceOfSatisfying(LaneException.class,
                failure -> assertThat(failure.kind()).isEqualTo(LaneException.Kind.CLOSED));
    }
}
