package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Libc;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The things that the kernel hands over with a packet.
@Timeout(30)
class PacketTest {

    /// The options belong to the socket, which the other process may have made.
    @Test
    void allDescriptorsComeBesideWhatOptionsOfTheSocketAdd() {
        Sockets.Pair pair = Sockets.pair();
        Event event = new Event();
        Libc.passCredentials(pair.first());
        Libc.passPidDescriptors(pair.first());
        try (Packet packet = new Packet()) {
            packet.putByte(0, 1).send(pair.second(),
                    Collections.nCopies(Packet.MAX_DESCRIPTORS, event.descriptor()));

            assertThat(packet.receive(pair.first())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.hasLostDescriptors()).isFalse();
            List<Descriptor> received = packet.takeDescriptors();
            assertThat(received).hasSize(Packet.MAX_DESCRIPTORS + 1); // of the sending process
            received.forEach(Descriptor::close);
        }
        event.descriptor().close();
        pair.first().close();
        pair.second().close();
    }
}
