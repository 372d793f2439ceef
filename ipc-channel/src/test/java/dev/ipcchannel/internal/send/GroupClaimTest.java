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
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.ShortOfDirectMemoryChild;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages to many receivers that are written in place: the bytes go to all on commit.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupClaimTest extends GroupCase {

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void eachReceiverGetsWhatWasWrittenInPlace(int length) throws Exception {
        joined(3);
        for (int i = 0; i < 50; i++) {
            claim(length);
            write(i, length);
            group.way().commit();

            assertEachGets(i, length);
        }
        assertThat(group.counters().messages()).isEqualTo(50);
    }

    /// As in a ring.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void wordsCanBeWrittenInPlace(int receivers) throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        joined(receivers);
        claim(SHORT);
        group.way().view().set(ValueLayout.JAVA_LONG, index, 0x0404_0404_0404_0404L);

        group.way().commit();

        assertEachGets(4, SHORT);
    }

    /// A newcomer must learn nothing of earlier messages.
    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG, 2 << 20})
    void placeForAMessageToManyShowsNothingOfEarlierOnes(int length) throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        claim(length);
        write(7, length);
        group.way().commit();

        claim(length);

        assertThat(group.way().view().asSlice(index, length).mismatch(
                MemorySegment.ofArray(new byte[length]))).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void noReceiverGetsWhatIsGivenUp(int length) throws Exception {
        joined(3);
        claim(length);
        write(1, length);
        group.way().abort();

        assertNothing(length);
        assertNextGoesToAll(length);
    }

    @Test
    void claimWaitsForTheRoomOfAll() throws Exception {
        joined(2);
        Recipient full = join(Recipient.full(group));
        assertThat(group.way().tryClaim(SHORT)).isEqualTo(RingWriter.FULL);
        assertThat(group.way().claim(SHORT, Deadline.after(Duration.ofMillis(20))))
                .isEqualTo(RingWriter.FULL);
        Waits<Void> claim = Waits.run(() -> {
            claim(LONG);
            write(7, LONG);
            group.way().commit();
        }).asleep();

        full.makeRoom();

        claim.value();
        assertEachGets(7, LONG);
    }

    @Test
    void openClaimIsNoRoomForOthersAndTheyWaitForIt() throws Exception {
        joined(2);
        claim(SHORT);
        assertThat(Waits
                .in(() -> group.way().trySend(OutgoingMessage.of(message(1, SHORT), List.of())))
                .value())
                .isEqualTo(Outgoing.Offer.FULL);
        assertThat(Waits.in(() -> group.way().tryClaim(SHORT)).value()).isEqualTo(RingWriter.FULL);
        Waits<Boolean> send = Waits.in(this::sendOne).asleep();
        Waits<Boolean> virtual = Waits.inVirtualThread(this::sendOne).asleep();

        write(7, SHORT);
        group.way().commit();

        assertThat(send.value()).isTrue();
        assertThat(virtual.value()).isTrue();
        for (Recipient one : recipients) {
            assertThat(one.next(3, SHORT)).containsExactly(7, 1, 1);
        }
    }

    @Test
    void threadWithAClaimOpenCannotSendBesideIt() {
        joined(2);
        assertThat(group.way().tryClaim(SHORT)).isNotNegative();

        assertThatThrownBy(this::sendOne).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> group.way().tryClaim(SHORT))
                .isInstanceOf(IllegalStateException.class);
        assertThat(group.way().isClaimedHere()).isTrue();
    }

    @Test
    void claimIsItsThreadsAlone() throws Exception {
        joined(2);
        claim(SHORT);

        Waits.run(group.way()::commit).failure().isInstanceOf(IllegalStateException.class);
        Waits.run(group.way()::view).failure().isInstanceOf(IllegalStateException.class);

        write(3, SHORT);
        group.way().commit();
        assertEachGets(3, SHORT);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void claimOfAThreadThatHasDiedIsGivenUp(int length) throws Exception {
        joined(3);
        Thread claimant = Thread.ofPlatform().start(() -> {
            long _ = group.way().tryClaim(length);
        });
        claimant.join();

        assertThat(group.way().trySend(OutgoingMessage.of(message(4, length), List.of())))
                .isEqualTo(Outgoing.Offer.SENT);

        assertEachGets(4, length);
    }

    @Test
    void threadThatDiesWithItsClaimFreesThoseThatWait() throws Exception {
        joined(2);
        CountDownLatch isToDie = new CountDownLatch(1);
        CountDownLatch isClaimed = new CountDownLatch(1);
        Thread claimant = Thread.ofVirtual().start(() -> {
            long _ = group.way().tryClaim(LONG);
            isClaimed.countDown();
            awaitUninterrupted(isToDie);
        });
        isClaimed.await();
        Waits<Boolean> send = Waits.in(this::sendOne).asleep();

        isToDie.countDown();
        claimant.join();

        assertThat(send.value()).isTrue();
        assertEachGets(1, SHORT);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void receiverThatJoinsWhileAClaimIsOpenGetsItsMessage(int length) throws Exception {
        joined(1);
        claim(length);
        write(5, length);
        joined(2);

        group.way().commit();

        assertEachGets(5, length);
        assertNextGoesToAll(length);
    }

    @Test
    void noReceiverGetsAClaimsMessageForWhichANewcomerHasNoRoom() throws Exception {
        joined(2);
        claim(SHORT);
        write(5, SHORT);
        Recipient full = join(Recipient.full(group));

        assertFails(group.way()::commit, LaneException.Kind.EXHAUSTED);

        assertNothing(SHORT);
        full.makeRoom();
        assertNextGoesToAll(SHORT);
    }

    @ParameterizedTest
    @CsvSource({"8,0", "8,1", "8,2", "100000,0", "100000,1", "100000,2"})
    void receiverThatLeavesWhileAClaimIsOpenIsAtItsEndAtOnce(int length, int leaving)
            throws Exception {
        Recipient left = joined(3).get(leaving);
        claim(length);
        assertLeaves(left);
        assertThat(group.receivers()).isEqualTo(2);
        write(6, length);

        group.way().commit();

        assertEachGets(6, length);
        assertNextGoesToAll(length);
    }

    /// The message is written in that receiver's lane: others that join get it from there.
    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void onlyReceiverThatLeavesWhileAClaimIsOpenIsAtItsEndAtOnce(int length) throws Exception {
        Recipient left = join(Recipient.open(group));
        claim(length);
        write(6, length);
        assertLeaves(left);
        joined(2);
        write(7, length);

        group.way().commit();

        assertEachGets(7, length);
        assertNextGoesToAll(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void lastReceiverThatLeavesWhileAClaimIsOpenIsAtItsEndAtOnce(int length) throws Exception {
        Recipient left = join(Recipient.open(group));
        claim(length);
        assertLeaves(left);
        write(6, length);

        assertFails(group.way()::commit, LaneException.Kind.NO_RECEIVER);

        joined(2);
        assertNextGoesToAll(length);
    }

    private void assertLeaves(Recipient leaving) throws InterruptedException {
        Waits.run(() -> group.leave(leaving.share(), "left")).value();
        assertThat(leaving.share().isEnded()).isTrue();
        assertIsAtItsEnd(leaving);
        recipients.remove(leaving);
        leaving.closeAll();
    }

    @Test
    void receiverThatClosesWhileAClaimIsOpenIsLeftOut() throws Exception {
        Recipient closing = join(Recipient.open(group));
        Recipient other = join(Recipient.open(group));
        claim(SHORT);
        write(7, SHORT);

        closing.close();
        group.way().commit();

        assertThat(other.next(SHORT)).isEqualTo(7);
        assertThat(group.receivers()).isEqualTo(1);
    }

    @Test
    void claimsMessageWithoutAReceiverIsRefusedUnlessItIsToBeDropped() throws Exception {
        joined(2);
        claim(SHORT);
        recipients.forEach(Recipient::close);
        assertFails(group.way()::commit, LaneException.Kind.NO_RECEIVER);
        assertThat(group.way().isClaimedHere()).isFalse();
        group.end("closed");

        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        claim(SHORT);
        write(1, SHORT);
        group.way().commit();
        assertThat(group.dropped()).isEqualTo(1);
        claim(SHORT);
        group.way().abort();
        assertThat(group.dropped()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void messageThatWasToBeDroppedGoesToAReceiverThatJoinsBeforeItsCommit(int length)
            throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        claim(length);
        joined(2);
        write(8, length);

        group.way().commit();

        assertThat(group.dropped()).isZero();
        assertEachGets(8, length);
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void claimGoesWithItsSenderWhereItsThreadClosesThat(int length) throws Exception {
        joined(3);
        claim(length);
        long number = group.way().claimNumber();

        group.end("closed");

        assertThat(group.way().isClaimedHere()).isFalse();
        assertThat(group.way().claimNumber()).isNotEqualTo(number);
        for (Recipient one : recipients) {
            assertIsAtItsEnd(one);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SHORT, LONG})
    void claimCanBeCommittedAfterAnotherThreadHasClosedItsSender(int length) throws Exception {
        joined(3);
        claim(length);
        Waits.run(() -> group.end("closed")).value();
        write(9, length);

        group.way().commit();

        assertEachGets(9, length);
        for (Recipient one : recipients) {
            assertIsAtItsEnd(one);
        }
    }

    @Test
    void claimOfASenderThatIsForgottenIsForgottenWithIt() throws Exception {
        joined(3);
        CountDownLatch isOver = new CountDownLatch(1);
        CountDownLatch isClaimed = new CountDownLatch(1);
        Thread claimant = Thread.ofPlatform().start(() -> {
            long _ = group.way().tryClaim(LONG);
            isClaimed.countDown();
            awaitUninterrupted(isOver);
        });
        isClaimed.await();

        group.way().endForgotten("forgotten");

        for (Recipient one : recipients) {
            assertIsAtItsEnd(one);
        }
        isOver.countDown();
        claimant.join();
    }

    @Test
    void lanesEndWithTheThreadThatHadAClaimInThem() throws Exception {
        joined(2);
        CountDownLatch isOver = new CountDownLatch(1);
        CountDownLatch isClaimed = new CountDownLatch(1);
        Thread claimant = Thread.ofPlatform().start(() -> {
            long _ = group.way().tryClaim(LONG);
            isClaimed.countDown();
            awaitUninterrupted(isOver);
        });
        isClaimed.await();
        group.end("closed");
        isOver.countDown();
        claimant.join();

        for (Recipient one : recipients) {
            await().atMost(Children.PATIENCE).until(() -> !one.ends().inbox().isConnected());
        }
    }

    @Test
    void claimLongerThanTheDirectMemoryOfItsJvmIsSentAsAnyOther() throws Exception {
        ChildJvm child = children.command().flags("-XX:MaxDirectMemorySize=1m").piped()
                .start(ShortOfDirectMemoryChild.class);

        child.awaitExit(0);
        assertThat(child.output().lines()).containsExactly("committed", "true",
                "" + (8 << 20), "10", "" + (8 << 20), "10");
    }

    @Test
    void memoryOfAClaimGoesWithItAndWhatIsKeptOfItWithTheSender() throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        long mappings = Children.mappings();
        claim(2 << 20);
        MemorySegment view = group.way().view();
        assertThat(Children.mappings()).isEqualTo(mappings + 1);
        group.way().commit();
        assertThat(Children.mappings()).isEqualTo(mappings);
        assertThatThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);

        claim(LONG);
        group.way().commit();
        assertThat(Children.mappings()).isEqualTo(mappings + 1);
        group.end("closed");

        assertThat(Children.mappings()).isEqualTo(mappings);
    }

    @ParameterizedTest
    @ValueSource(ints = {LONG, 2 << 20})
    void memoryOfAClaimGoesWithTheThreadThatHadItWhereItsSenderHasEnded(int length)
            throws Exception {
        group = new Group(Recipient.SETTINGS, Unreceived.DROP);
        long mappings = Children.mappings();
        CountDownLatch isOver = new CountDownLatch(1);
        CountDownLatch isClaimed = new CountDownLatch(1);
        Thread claimant = Thread.ofPlatform().start(() -> {
            try {
                long _ = group.way().claim(length, Deadline.NEVER);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            isClaimed.countDown();
            awaitUninterrupted(isOver);
        });
        isClaimed.await();
        group.end("closed");
        assertThat(Children.mappings()).isEqualTo(mappings + 1);

        isOver.countDown();
        claimant.join();

        await().atMost(Children.PATIENCE).until(() -> Children.mappings() == mappings);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private boolean sendOne() throws InterruptedException {
        return group.way().send(OutgoingMessage.of(message(1, SHORT), List.of()), Deadline.NEVER);
    }

    private long index;

    private void claim(int length) throws InterruptedException {
        index = group.way().claim(length, Deadline.after(Children.PATIENCE));
        assertThat(index).isNotNegative();
        assertThat(group.way().isClaimedHere()).isTrue();
    }

    private void write(int number, int length) {
        group.way().view().asSlice(index, length).fill((byte) number);
    }

    private void assertNextGoesToAll(int length) throws InterruptedException {
        claim(length);
        write(99, length);
        group.way().commit();
        assertEachGets(99, length);
        assertNothing(length);
    }
}
