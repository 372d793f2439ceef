package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.ring.SegmentMemory;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages with more descriptors than a packet takes, whose first packet finds the last room in
/// the socket: they are aborted, and the packet is named to the reader.
@Timeout(60)
class PartsWriterTest {

    private static final int CAPACITY = 4096;

    private final MemorySegment region =
            Arena.ofAuto().allocate(RingLayout.regionLength(CAPACITY), 64);
    private final RingWriter ring = new RingWriter(new SegmentMemory(region), CAPACITY, 0);
    private final RingReader reader = new RingReader(new SegmentMemory(region), CAPACITY, 0);
    private final Sockets.Pair pair = Sockets.pair();
    private final Packet packet = new Packet();
    private int bells;
    private final PartsWriter parts = new PartsWriter(ring, pair.first(), () -> bells++);
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
    void packetOfAMessageGivenUpIsNamedInTheMessagesPlace() {
        fillTheRing(); // so that there is padding before the message
        giveUp(CAPACITY / 4);

        assertThat(bells).isEqualTo(1);
        assertThat(reader.poll()).isTrue();
        assertThat(reader.isRetirement()).isTrue();
        assertThat(reader.parts()).isEqualTo(1);
        assertThat(reader.payloadLength()).isZero();
        assertThat(reader.position()).isEqualTo(CAPACITY);
        reader.consume();
        assertThat(reader.poll()).as("what was claimed after it is nothing").isFalse();
    }

    @Test
    void messagesGivenUpHoweverOftenAreNoMoreThanUnreadOnes() {
        for (int i = 0; i < PartsWriter.MAX_UNREAD - 1; i++) {
            giveUp(0);
        }
        assertThat(parts.hasTooMany(PartsWriter.partsOf(two.size()))).isTrue();
        assertThat(parts.hasTooMany(1)).isFalse();

        readAll();

        for (int i = 0; i < 3 * LanePacket.MAX_GIVEN_UP; i++) {
            assertThat(parts.hasTooMany(PartsWriter.partsOf(two.size()))).isFalse();
            giveUp(0);
            readAll();
        }
    }

    private void giveUp(int length) {
        makeRoom();
        long index = ring.claim(length);
        assertThat(index).isNotEqualTo(RingWriter.FULL);
        region.asSlice(index, length).fill((byte) -1);
        assertThatThrownBy(() -> parts.send(two)).isInstanceOf(LaneException.class)
                .hasMessageContaining("no room for descriptors");
    }

    private void fillTheRing() {
        for (int i = 0; i < CAPACITY / 64 - 2; i++) {
            assertThat(ring.claim(0)).isNotEqualTo(RingWriter.FULL);
            ring.commit(0, 0);
            readAll();
        }
    }

    private void readAll() {
        while (reader.poll()) {
            reader.consume();
        }
        reader.publish();
    }

    /// Makes room for one packet.
    private void makeRoom() {
        assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
        Descriptor.closeAll(packet.takeDescriptors());
    }
}
