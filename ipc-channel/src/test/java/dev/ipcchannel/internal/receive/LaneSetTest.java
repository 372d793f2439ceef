package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.EndContext;
import dev.ipcchannel.internal.end.EndHolders;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.send.Share;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The lanes that a receiver reads, at a limit of three: which sender is refused, which has to
/// wait, which goes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaneSetTest {

    private static final int LIMIT = 3;
    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 20, "");

    private record Writer(Outbox outbox, Share share) {

        boolean send(int value) {
            return outbox.trySend(share,
                    OutgoingMessage.of(new byte[]{(byte) value}, List.of()));
        }

        void close() {
            outbox.end(share, "closed");
        }
    }

    @RegisterExtension
    final Children children = new Children();

    private final Sockets.Pair pair = Sockets.pair();
    private final Counters counters = new Counters(Counters.Side.RECEIVER);
    private final AtomicInteger rooms = new AtomicInteger();
    private final LaneSet lanes = new LaneSet(LIMIT, rooms::incrementAndGet, new EndHolders());
    private final Announcements announcements =
            new Announcements(
                    new EndContext(pair.second(), SETTINGS, null, new EndHolders(), counters,
                            null),
                    _ -> {}, InboundLane.NO_MEMBER);
    private final List<Writer> writers = new ArrayList<>();

    LaneSetTest() {
        counters.open(1);
        announcements.watch();
    }

    @AfterEach
    void close() {
        lanes.close();
        announcements.close();
        writers.forEach(Writer::close);
        pair.first().close();
        counters.close();
    }

    @Test
    void refusalOfASenderBeyondTheLimitNamesTheLimit() {
        for (int i = 0; i < LIMIT; i++) {
            writer().send(i);
        }
        Writer tooMany = writer();
        tooMany.send(LIMIT);

        look();

        assertThat(lanes.count()).isEqualTo(LIMIT);
        assertThatThrownBy(() -> sendUntilItFails(tooMany)).isInstanceOf(LaneException.class)
                .hasMessageContaining("limit=3")
                .extracting(failure -> ((LaneException) failure).kind())
                .isEqualTo(LaneException.Kind.REFUSED);
    }

    @Test
    void laneAtItsEndCountsNoLonger() {
        for (int i = 0; i < LIMIT; i++) {
            writer().send(i);
        }
        look();
        assertThat(readAll()).containsExactly(0, 1, 2);
        writers.get(1).close();
        Writer next = writer();
        next.send(7);

        look();

        assertThat(readAll()).containsExactly(7);
        assertThat(lanes.count()).isEqualTo(LIMIT);
        assertThat(next.send(8)).isTrue();
    }

    @Test
    void senderWaitsForLanesThatAreToBeReadToTheirEnd() {
        for (int i = 0; i < LIMIT; i++) {
            writer().send(i);
        }
        look();
        writers.get(1).close(); // with a message that is to be read
        Writer next = writer();
        next.send(7);

        look();
        look();

        assertThat(rooms).hasValue(0);
        assertThat(readAll()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(rooms).as("notified that there is room").hasPositiveValue();
        look();
        assertThat(readAll()).containsExactly(7);
        assertThat(next.send(8)).as("not refused").isTrue();
    }

    @Test
    void turnStaysWhereItIsWhenALaneGoes() {
        for (int i = 0; i < LIMIT; i++) {
            writer().send(i);
        }
        look();
        assertThat(read()).isZero();
        writers.getFirst().close();
        writers.get(1).send(10);
        writers.get(2).send(20);
        look();
        assertThat(List.of(read(), read(), read(), read())).containsExactly(1, 2, 10, 20);
        assertThat(lanes.count()).as("lanes left").isEqualTo(LIMIT - 1);
    }

    /// An old receiver says nothing and ends the socket; a hostile one sends bytes that are no
    /// reason.
    @Test
    void wordThatIsNoRefusalIsNone() {
        Sockets.Pair lane = Sockets.pair();
        try (Packet packet = new Packet()) {
            packet.putByte(0, LanePacket.REFUSAL); // cut short
            assertThat(packet.send(lane.second(), List.of())).isEqualTo(Packet.Sending.SENT);
        }
        assertThat(LanePacket.refusal(lane.first())).isNull();
        lane.second().close();
        lane.first().close();
    }

    @Test
    void refusalIsFoundAfterBells() {
        Sockets.Pair lane = Sockets.pair();
        LanePacket.ring(lane.second());
        LanePacket.refuse(lane.second(), LanePacket.EXHAUSTED, 0);
        lane.second().close();

        LaneException refusal = LanePacket.refusal(lane.first());

        assertThat(refusal).hasMessageContaining("ulimit -n");
        assertThat(LanePacket.refusal(lane.first())).as("it stays").isNotNull();
        lane.first().close();
    }

    private Writer writer() {
        Outbox outbox = Outbox.shared(pair.first().duplicate(), SETTINGS, null);
        Writer writer = new Writer(outbox, outbox.share());
        writers.add(writer);
        return writer;
    }

    private static void sendUntilItFails(Writer writer) {
        while (true) { // the watcher learns of the lane's end a moment later
            boolean _ = writer.send(0);
        }
    }

    /// Looks as [Arrivals] does.
    private void look() {
        PollSet set = new PollSet();
        announcements.addTo(set, lanes);
        lanes.addTo(set);
        if (set.look()) {
            boolean _ = lanes.drainReady(set, 1, false);
            if (set.isReady(0)) {
                boolean _ = announcements.takeInto(lanes);
            }
        }
    }

    private List<Integer> readAll() {
        List<Integer> all = new ArrayList<>();
        for (Integer one = read(); one != null; one = read()) {
            all.add(one);
        }
        return all;
    }

    private @Nullable Integer read() {
        InboundLane lane = lanes.poll();
        if (lane == null) {
            return null;
        }
        byte[] payload = new byte[1];
        lane.copyOut(payload);
        lane.consume();
        return (int) payload[0];
    }
}
