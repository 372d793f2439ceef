package dev.ipcchannel.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The greeting, byte for byte, as docs/wire-format.md has it.
@Timeout(30)
class HelloTest {

    @Test
    void greetingIsMagicVersionMessageTypeAndOneDescriptor() {
        Sockets.Pair pair = Sockets.pair();
        Sockets.Pair cargo = Sockets.pair();
        try (Packet packet = new Packet()) {
            Hello.send(pair.first(), cargo.first(), "string");

            assertThat(packet.receive(pair.second())).isEqualTo(Packet.Receiving.PACKET);
            assertThat(packet.length()).isEqualTo(16 + 6);
            assertThat(text(packet)).isEqualTo("ipc-chan");
            assertThat(packet.getLong(8)).isEqualTo(2);
            assertThat(packet.getBytes(16)).asString(StandardCharsets.UTF_8).isEqualTo("string");
            assertThat(Hello.messageType(packet)).isEqualTo("string");
            assertThat(Hello.isHello(packet)).isTrue();
            List<Descriptor> received = packet.takeDescriptors();
            assertThat(received).hasSize(1);
            received.forEach(Descriptor::close);
        }
        for (Descriptor open : List.of(pair.first(), pair.second(), cargo.first(),
                cargo.second())) {
            open.close();
        }
    }

    private static String text(Packet packet) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) packet.getByte(i);
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
