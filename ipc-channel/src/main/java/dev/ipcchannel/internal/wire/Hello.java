package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The one packet of the handshake: the protocol version, the type of the first message, and the
/// receiving end of its channel.
///
/// ```text
///     0: "ipc-chan" (8)   8: protocol version (8)   16: message type (UTF-8)   + socket
/// ```
public final class Hello {

    /// The version of everything that two processes have to agree on: this packet, the packets of a
    /// lane, and the ring.
    public static final long VERSION = 2;

    static final int LENGTH = 16; // without the message type

    private static final int MAGIC_OFFSET = 0;
    private static final int VERSION_OFFSET = 8;
    private static final int TYPE_OFFSET = 16;
    private static final long MAGIC = 0x6e6168632d637069L; // "ipc-chan", little-endian

    private Hello() {}

    public static Packet.Sending send(Descriptor connection, Descriptor announcement,
            String messageType) {
        try (Packet packet = new Packet()) {
            packet.putLong(MAGIC_OFFSET, MAGIC).putLong(VERSION_OFFSET, VERSION)
                    .putBytes(TYPE_OFFSET, messageType.getBytes(StandardCharsets.UTF_8));
            return packet.send(connection, List.of(announcement));
        }
    }

    /// Whether a received packet is a hello of this format, in any version.
    public static boolean isHello(Packet packet) {
        return packet.length() >= LENGTH && packet.getLong(MAGIC_OFFSET) == MAGIC;
    }

    public static long version(Packet packet) {
        return packet.getLong(VERSION_OFFSET);
    }

    public static String messageType(Packet packet) {
        return new String(packet.getBytes(TYPE_OFFSET), StandardCharsets.UTF_8);
    }

}
