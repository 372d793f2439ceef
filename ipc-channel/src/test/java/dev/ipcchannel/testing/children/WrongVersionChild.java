package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A child that greets in the next version of the protocol, and prints why it was refused.
public final class WrongVersionChild {

    private WrongVersionChild() {}

    public static void main(String[] arguments) throws IOException {
        Descriptor connection = Wire.connect(arguments[0]);
        Wire.greet(connection, Wire.VERSION + 1, List.of(Sockets.pair().first()));
        Talker.awaitCue();
        try (Packet packet = new Packet()) {
            if (packet.receive(connection) == Packet.Receiving.PACKET) {
                System.out.println(new String(packet.getBytes(2), StandardCharsets.UTF_8));
            }
        }
    }
}
