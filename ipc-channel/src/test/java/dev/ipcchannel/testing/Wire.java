package dev.ipcchannel.testing;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// The packets of the protocol, built by hand: what a peer that is no friend can say.
///
/// The numbers stand here once more on purpose: a change of the format has to change them too.
public final class Wire {

    /// The version that the library speaks.
    public static final long VERSION = 2;

    private static final long MAGIC =
            MemorySegment.ofArray("ipc-chan".getBytes(StandardCharsets.US_ASCII))
                    .get(JAVA_LONG.withByteAlignment(1), 0);

    private static final int BELL = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Wire() {}

    /// Connects to a server without a word.
    public static Descriptor connect(String name) {
        return Sockets.connect(name, Deadline.after(PATIENCE));
    }

    /// Greets.
    public static void greet(Descriptor connection, long version, List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            packet.putLong(0, MAGIC).putLong(8, version);
            send(packet, connection, descriptors);
        }
    }

    /// Announces a lane.
    public static void announce(Descriptor announcement, long capacity, long position,
            List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            packet.putByte(0, 1).putLong(8, capacity).putLong(16, position);
            send(packet, announcement, descriptors);
        }
    }

    /// Sends descriptors for the record at `position`.
    ///
    /// @return false if the queue has no room
    public static boolean parts(Descriptor socket, int part, int of, long position, long ticket,
            List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            packet.putByte(0, 3).putByte(1, part).putByte(2, of)
                    .putLong(8, position).putLong(16, ticket);
            return packet.send(socket, descriptors) == Packet.Sending.SENT;
        }
    }

    /// Rings.
    public static void ring(Descriptor socket) {
        Sockets.ring(socket, BELL);
    }

    /// Sends `length` bytes that mean nothing.
    public static void garbage(Descriptor socket, int length, List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            for (int i = 0; i < length; i++) {
                packet.putByte(i, 0xA5);
            }
            send(packet, socket, descriptors);
        }
    }

    private static void send(Packet packet, Descriptor socket, List<Descriptor> descriptors) {
        Packet.Sending sending = packet.send(socket, descriptors);
        if (sending != Packet.Sending.SENT) {
            throw new IllegalStateException("a packet was not sent: " + sending);
        }
    }
}
