package dev.ipcchannel.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The packets of a channel's sockets, byte for byte, as docs/wire-format.md has them.
@Timeout(30)
class LanePacketTest {

    private final Sockets.Pair pair = Sockets.pair();
    private final Sockets.Pair cargo = Sockets.pair();
    private final Packet packet = new Packet();

    @AfterEach
    void close() {
        packet.close();
        for (Descriptor descriptor : List.of(pair.first(), pair.second(), cargo.first(),
                cargo.second())) {
            descriptor.close();
        }
    }

    @Test
    void announcementHasKindCapacityPositionAndTwoDescriptors() {
        LanePacket.announce(pair.first(), 0x10000, 0x1122334455667788L, cargo.first(),
                cargo.second());

        assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
        assertThat(bytes()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, //
                0, 0, 1, 0, 0, 0, 0, 0, //
                0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11);
        List<Descriptor> received = packet.takeDescriptors();
        assertThat(received).hasSize(2);
        assertThat(Sockets.identity(received.getFirst())).as("the lane's socket comes first")
                .isEqualTo(Sockets.identity(cargo.second()));
        received.forEach(Descriptor::close);
    }

    @Test
    void partsHaveKindPartCountPositionTicketAndTheirDescriptors() {
        LanePacket.parts(pair.first(), 3, 5, 0x4000, 0xABCD, List.of(cargo.first()));

        assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
        assertThat(bytes()).containsExactly(3, 3, 5, 0, 0, 0, 0, 0, //
                0, 0x40, 0, 0, 0, 0, 0, 0, //
                0xCD, 0xAB, 0, 0, 0, 0, 0, 0);
        assertThat(takeAndClose()).isEqualTo(1);
    }

    @Test
    void bellIsOneByte() {
        assertThat(Sockets.ring(pair.first(), LanePacket.BELL)).isTrue();

        assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
        assertThat(bytes()).containsExactly(2);
        assertThat(LanePacket.isBell(packet)).isTrue();
    }

    @Test
    void aPacketOfOneKindIsNotTakenForAnother() {
        LanePacket.parts(pair.first(), 0, 1, 0, 0, List.of(cargo.first()));
        packet.receive(pair.second());

        assertThat(LanePacket.isParts(packet)).isTrue();
        assertThat(LanePacket.isAnnouncement(packet)).isFalse();
        assertThat(LanePacket.isBell(packet)).isFalse();
    }

    private int[] bytes() {
        int[] bytes = new int[packet.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = packet.getByte(i);
        }
        return bytes;
    }

    private int takeAndClose() {
        List<Descriptor> received = packet.takeDescriptors();
        received.forEach(Descriptor::close);
        return received.size();
    }
}
