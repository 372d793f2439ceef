package dev.ipcchannel.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.ring.SegmentMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages with more descriptors than a packet takes, whose first packet finds the last room in
/// the socket: they are given up, and the packet stays for the reader to look through.
@Timeout(60)
class PartsWriterTest {

    private static final int CAPACITY = 4096;

    private final MemorySegment region =
            Arena.ofAuto().allocate(RingLayout.regionLength(CAPACITY), 64);
    private final RingWriter ring = new RingWriter(new SegmentMemory(region), CAPACITY, 0);
    private final RingReader reader = new RingReader(new SegmentMemory(region), CAPACITY, 0);
    private final Sockets.Pair pair = Sockets.pair();
    private final Packet packet = new Packet();
    private final PartsWriter parts = new PartsWriter(ring, pair.first());
    private final List<Descriptor> one = List.of(pair.first());
    private final List<Descriptor> two =
            Collections.nCopies(Packet.MAX_DESCRIPTORS + 1, pair.first());

    @BeforeEach
    void fillTheSocket() {
        Packet.Sending sending = Packet.Sending.SENT;
        while (sending == Packet.Sending.SENT) {
            sending = LanePacket.parts(pair.first(), 0, 1, 0, 0, List.of());
        }
        assertThat(sending).isEqualTo(Packet.Sending.FULL);
    }

    @AfterEach
    void close() {
        packet.close();
        pair.first().close();
        pair.second().close();
    }

    @Test
    void messageIsRefusedBeforeItWouldLeaveOnePacketTooMany() {
        giveUp(PartsWriter.MAX_GIVEN_UP / 2);
        passARecord(); // what was given up before it is off the writer's books, but in the socket
        giveUp(PartsWriter.MAX_GIVEN_UP / 2);

        assertThatThrownBy(() -> parts.hasTooMany(PartsWriter.partsOf(two.size())))
                .isInstanceOfSatisfying(LaneException.class, refusal -> assertThat(refusal.kind())
                        .isEqualTo(LaneException.Kind.EXHAUSTED))
                .hasMessageContaining("given up too often: packets=64, limit=64: let receivers");
    }

    @Test
    void lonePacketLeavesNothingAndIsNotRefusedAndThenAllIsAsAtFirst() {
        giveUp(PartsWriter.MAX_GIVEN_UP / 2);
        passARecord();
        giveUp(PartsWriter.MAX_GIVEN_UP / 2);
        assertThat(parts.hasTooMany(PartsWriter.partsOf(one.size()))).isFalse();

        makeRoom();
        assertThat(ring.claim(0)).isNotEqualTo(RingWriter.FULL);
        int sent = parts.send(one);
        ring.commit(sent, parts.ticket());
        parts.committed(sent);
        assertThat(reader.poll()).isTrue();
        reader.consume();
        reader.publish();

        assertThat(parts.hasTooMany(PartsWriter.partsOf(two.size()))).isFalse();
    }

    private void giveUp(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(parts.hasTooMany(PartsWriter.partsOf(two.size()))).isFalse();
            makeRoom();
            assertThat(ring.claim(0)).isNotEqualTo(RingWriter.FULL);
            assertThatThrownBy(() -> parts.send(two)).isInstanceOf(LaneException.class)
                    .hasMessageContaining("no room for descriptors");
        }
    }

    /// For one packet.
    private void makeRoom() {
        assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
        Descriptor.closeAll(packet.takeDescriptors());
    }

    /// One without descriptors.
    private void passARecord() {
        assertThat(ring.claim(0)).isNotEqualTo(RingWriter.FULL);
        ring.commit(0, 0);
        parts.committed(0);
        assertThat(reader.poll()).isTrue();
        reader.consume();
        reader.publish();
    }
}
