package dev.ipcchannel.internal.send;

import static dev.ipcchannel.internal.send.Recipient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages to many with descriptors, one lane of which can take none now.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCrowdTest extends GroupCase {

    private static final int GIVEN_UP = 64; // packets that a lane bears

    private final SharedMemory memory = SharedMemory.create(4096);

    @BeforeEach
    void join() {
        List<Recipient> _ = joined(3);
    }

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @ParameterizedTest
    @CsvSource({"8,1", "8,2", "8,3", "100000,1", "100000,2", "100000,3"})
    void noReceiverGetsATriedMessageThatOneLaneCannotTake(int length, int crowdedSend)
            throws Exception {
        CrowdedList crowded = crowded(send -> send == crowdedSend);

        assertFails(() -> group.way().trySend(OutgoingMessage.of(message(1, length), crowded)),
                LaneException.Kind.CROWDED);

        assertThat(crowded.sends()).isEqualTo(crowdedSend);
        assertNothing(length);
        assertNextGoesToAll(length);
    }

    /// The crowd comes more often than a lane bears packets of aborted messages. The send of number
    /// 3 succeeds: what it has sent is not sent again.
    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void sendWaitsUntilTheCrowdIsGone(int length) throws Exception {
        int crowdIsGone = GIVEN_UP + 40;
        CrowdedList crowded = crowded(send -> send == 2 || (send > 3 && send < crowdIsGone));

        assertThat(
                group.way().send(OutgoingMessage.of(message(1, length), crowded), Deadline.NEVER))
                .isTrue();

        assertEachGets(1, length);
        assertThat(crowded.sends()).as("one each in two lanes, and a short one is tried before")
                .isEqualTo(crowdIsGone + (length == SHORT ? 1 : 0));
        assertNextGoesToAll(length);
    }

    /// What was sent for the receiver's message by then goes with its lane.
    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void receiverThatLeavesInTheCrowdIsAtItsEndAtOnce(int length) throws Exception {
        AtomicBoolean isCrowd = new AtomicBoolean(true);
        CrowdedList crowded = crowded(send -> send >= 3 && isCrowd.get());
        Waits<Boolean> send =
                Waits.in(() -> group.way().send(OutgoingMessage.of(message(1, length), crowded),
                        Deadline.NEVER));
        await().atMost(Children.PATIENCE).until(() -> crowded.sends() >= 4);

        for (Recipient leaving : List.copyOf(recipients.subList(1, 3))) { // they are sent to first
            group.leave(leaving.share(), "left");
            assertFails(() -> leaving.next(length), LaneException.Kind.DISCONNECTED);
            recipients.remove(leaving);
            leaving.closeAll();
        }
        isCrowd.set(false);

        assertThat(send.value()).isTrue();
        assertEachGets(1, length);
        assertNextGoesToAll(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void noReceiverGetsAMessageWhoseDeadlineComesInTheCrowd(int length) throws Exception {
        CrowdedList crowded = crowded(send -> send >= 3);

        assertFails(() -> group.way().send(OutgoingMessage.of(message(1, length), crowded),
                Deadline.after(Duration.ofMillis(50))), LaneException.Kind.CROWDED);

        assertThat(crowded.sends()).isGreaterThan(3);
        assertNothing(length);
        assertNextGoesToAll(length);
    }

    @Test
    void receiversOfManyMessagesThatCameToNothingGetTheNextLongOne() throws Exception {
        giveUp(GIVEN_UP / 2);
        sendShort();
        giveUp(GIVEN_UP / 2);
        sendShort();

        assertNextGoesToAll(LONG);
    }

    /// More messages than a lane bears packets that no record names.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesThatComeToNothingHoweverOftenKeepLongOnesFromNoReceiver(boolean isBetweenShortOnes)
            throws Exception {
        for (int i = 0; i < 6; i++) {
            giveUp(GIVEN_UP / 2);
            if (isBetweenShortOnes) {
                sendShort();
            }
            assertNothing(LONG);
        }

        assertNextGoesToAll(LONG);
        assertThat(group.receivers()).isEqualTo(3);
    }

    @Test
    void receiverThatReadsNothingHasNoRoomOnceTooMuchCameForNothing() throws Exception {
        giveUp(GIVEN_UP / 2);
        int more = 0;
        while (!isFull()) {
            more++;
        }
        assertThat(more).isPositive().isLessThanOrEqualTo(GIVEN_UP / 2);

        assertNothing(LONG);

        assertNextGoesToAll(LONG);
    }

    private boolean isFull() {
        try {
            return group.way()
                    .trySend(OutgoingMessage.of(message(1, LONG), crowded(send -> send == 3)))
                    == Outgoing.Offer.FULL;
        } catch (LaneException crowded) {
            assertThat(crowded.kind()).isEqualTo(LaneException.Kind.CROWDED);
            return false;
        }
    }

    private void giveUp(int times) {
        for (int i = 0; i < times; i++) {
            assertFails(
                    () -> group.way().trySend(
                            OutgoingMessage.of(message(1, LONG), crowded(send -> send == 3))),
                    LaneException.Kind.CROWDED);
        }
    }

    private void sendShort() throws InterruptedException {
        assertThat(group.way().trySend(OutgoingMessage.of(message(2, SHORT), List.of())))
                .isEqualTo(Outgoing.Offer.SENT);
        assertEachGets(2, SHORT);
    }

    private CrowdedList crowded(IntPredicate isCrowded) {
        return new CrowdedList(List.of(memory.file()), isCrowded);
    }

    private void assertNextGoesToAll(int length) throws InterruptedException {
        List<Descriptor> descriptors = List.of(memory.file());
        assertThat(group.way().send(OutgoingMessage.of(message(9, length), descriptors),
                Deadline.NEVER))
                .isTrue();
        assertEachGets(9, length);
        assertNothing(length);
    }
}
