package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.EndHolders;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Wire;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A failure that a look meets while no thread receives: it is kept for the next thread that
/// receives, and hides nothing from the next look.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PendingFailuresTest {

    private static final int CAPACITY = 4096;
    private static final int NONSENSE = 13; // packets, the first of which is looked at
    private static final int A_LOOK = 4; // of those that are dropped

    @RegisterExtension
    final Children children = new Children();

    private final LaneSettings settings = new LaneSettings(CAPACITY, 0, 1 << 30, "");
    private final Sockets.Pair pair = Sockets.pair();
    private final Inbox inbox = new Inbox(pair.second(), settings, null);

    @Test
    void failureThatALookHasMetHidesTheEndFromNoLaterLook() {
        breakALane();
        assertThat(inbox.isConnected()).as("a sender may come").isTrue();

        pair.first().close();

        assertThat(inbox.isConnected()).isFalse();
        assertThatNextFailsWith(LaneException.Kind.VIOLATION);
        assertThatNextFailsWith(LaneException.Kind.DISCONNECTED);
        inbox.close("closed");
    }

    @Test
    void actionRunsOnceTheLastSenderIsGoneAlthoughALookHasFailed() throws Exception {
        CountDownLatch notified = new CountDownLatch(1);
        inbox.onDisconnect(notified::countDown);
        breakALane();
        assertThat(inbox.isConnected()).isTrue();

        pair.first().close();

        assertThat(notified.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThatNextFailsWith(LaneException.Kind.VIOLATION);
        inbox.close("closed");
    }

    @Test
    void firstOfManyFailuresIsThrownAndNoneTwice() {
        for (int i = 0; i < 100; i++) {
            breakALane();
            assertThat(inbox.isConnected()).isTrue();
        }
        assertThatNextFailsWith(LaneException.Kind.VIOLATION);
        inbox.enter();
        assertThat(inbox.tryNext()).isNull();
        inbox.exit();
        pair.first().close();
        assertThatNextFailsWith(LaneException.Kind.DISCONNECTED);
        inbox.close("closed");
    }

    @Test
    void nonsenseAnnouncedIsTheEndOfTheSocketAndOfAllThatComesAfterIt() {
        for (int i = 0; i < 100; i++) {
            Wire.announce(pair.first(), CAPACITY, 0, List.of());
        }

        assertThat(inbox.isConnected()).as("none can come").isFalse();

        assertThatNextFailsWith(LaneException.Kind.VIOLATION);
        assertThatNextFailsWith(LaneException.Kind.DISCONNECTED);
        assertThatThrownBy(() -> Wire.announce(pair.first(), CAPACITY, 0, List.of()))
                .hasMessageContaining("GONE");
        pair.first().close();
        inbox.close("closed");
    }

    /// Announces a lane, and sends nonsense on its socket.
    @Test
    void noMoreThanAFewDescriptorsOfNonsenseAreOpenedAtATime() {
        SharedMemory memory = SharedMemory.create(CAPACITY); // closed in place: nothing piles up
        for (int i = 0; i < NONSENSE; i++) {
            Wire.announce(pair.first(), CAPACITY, 0,
                    Collections.nCopies(Packet.MAX_DESCRIPTORS, memory.file()));
        }
        memory.close();
        Announcements announcements = new Announcements(
                EndContext.of(Counters.Side.RECEIVER, pair.second(), settings, null), inbox,
                InboundLane.NO_MEMBER);

        assertThatThrownBy(() -> announcements
                .takeInto(new LaneSet(LaneSet.MAX_LANES, () -> {}, new EndHolders())))
                .isInstanceOf(RingViolation.class);

        int looks = 1;
        while (announcements.dropSome()) {
            looks++;
        }
        assertThat(looks).isGreaterThanOrEqualTo(NONSENSE / A_LOOK);
        inbox.close("closed");
        pair.first().close();
    }

    /// What its former owner would have dropped, the next owner drops.
    @Test
    void nonsenseThatIsLeftIsDroppedAfterTheReceiverHasMoved() {
        SharedMemory memory = SharedMemory.create(CAPACITY);
        for (int i = 0; i < NONSENSE; i++) {
            Wire.announce(pair.first(), CAPACITY, 0,
                    Collections.nCopies(Packet.MAX_DESCRIPTORS, memory.file()));
        }
        memory.close();
        assertThatNextFailsWith(LaneException.Kind.VIOLATION);
        Descriptor socket = pair.second().duplicate();
        Transfer transfer = new Transfer();
        inbox.export(transfer);
        assertThat(firstIn(socket)).isEqualTo(Packet.Receiving.PACKET);

        Inbox next = Inbox.importFrom(
                Transfer.of(transfer.words(), List.of(pair.second().duplicate())), null);
        inbox.moved("moved", null);
        for (int i = 0; i < NONSENSE; i++) {
            assertThat(next.isConnected()).isFalse();
        }

        assertThat(firstIn(socket)).isEqualTo(Packet.Receiving.END);
        next.close("closed");
        socket.close();
        pair.first().close();
    }

    private static Packet.Receiving firstIn(Descriptor socket) {
        try (Packet packet = new Packet()) {
            return packet.peek(socket);
        }
    }

    private void breakALane() {
        HostileLane lane = HostileLane.announce(pair.first(), CAPACITY);
        assertThat(inbox.isConnected()).as("the lane is taken up").isTrue();
        Wire.garbage(lane.socket(), 100, List.of());
        assertThat(inbox.isConnected()).as("the lane has ended").isTrue();
        lane.close();
    }

    private void assertThatNextFailsWith(LaneException.Kind kind) {
        inbox.enter();
        try {
            assertThatThrownBy(() -> inbox.next(Deadline.after(Children.PATIENCE)))
                    .isInstanceOfSatisfying(LaneException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(kind));
        } finally {
            inbox.exit();
        }
    }
}
