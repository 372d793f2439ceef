package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.List;

/// What is said on a channel's sockets: the formats of all packets but the handshake's.
///
/// ```text
///     announcement socket, sender to receiver
///       announcement   0: 1   8: capacity (8)   16: first position (8)   + memory, lane socket
///     lane socket, sender to receiver
///       parts          0: 3   1: part   2: of   8: position (8)   16: ticket (8)   + up to 253
///     lane socket, both ways
///       bell           0: 2
/// ```
final class LanePacket {

    static final int ANNOUNCEMENT = 1;
    static final int BELL = 2;
    static final int PARTS = 3;

    static final int ANNOUNCEMENT_LENGTH = 24;
    static final int PARTS_LENGTH = 24;

    static final int KIND_OFFSET = 0;
    static final int PART_OFFSET = 1;
    static final int OF_OFFSET = 2;
    static final int CAPACITY_OFFSET = 8;
    static final int POSITION_OFFSET = 8;
    static final int FIRST_POSITION_OFFSET = 16;
    static final int TICKET_OFFSET = 16;

    private static final int BELL_ATTEMPTS = 1000;
    private static final long BELL_PAUSE_NANOS = 100_000;

    private LanePacket() {}

    static Packet.Sending announce(Descriptor announcement, int capacity, long position,
            Descriptor memory,
            Descriptor socket) {
        try (Packet packet = new Packet()) {
            packet.putByte(KIND_OFFSET, ANNOUNCEMENT)
                    .putLong(CAPACITY_OFFSET, capacity)
                    .putLong(FIRST_POSITION_OFFSET, position);
            return packet.send(announcement, List.of(memory, socket));
        }
    }

    static Packet.Sending parts(Descriptor socket, int part, int of, long position, int ticket,
            List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            packet.putByte(KIND_OFFSET, PARTS)
                    .putByte(PART_OFFSET, part)
                    .putByte(OF_OFFSET, of)
                    .putLong(POSITION_OFFSET, position)
                    .putLong(TICKET_OFFSET, ticket);
            return packet.send(socket, descriptors);
        }
    }

    /// Rings the other side's bell. What it rings for is done and cannot be taken back, so a kernel
    /// or a heap that is short of memory is asked again, and nothing is thrown.
    ///
    /// @return false if nobody is there to hear it
    static boolean ring(Descriptor socket) {
        for (int attempt = 0; attempt < BELL_ATTEMPTS; attempt++) {
            try {
                return Sockets.ring(socket, BELL);
            } catch (PosixException failure) {
                if (!failure.isExhaustion()) {
                    return false; // no socket of our make
                }
                Pause.of(BELL_PAUSE_NANOS);
            } catch (OutOfMemoryError _) { // the heap is full: others may give some of it back
                Pause.of(BELL_PAUSE_NANOS);
            }
        }
        return false;
    }

    static boolean isAnnouncement(Packet packet) {
        return packet.length() == ANNOUNCEMENT_LENGTH
                && packet.getByte(KIND_OFFSET) == ANNOUNCEMENT;
    }

    /// One with which something comes is none: no descriptors are due there.
    static boolean isBell(Packet packet) {
        return packet.length() == 1 && packet.getByte(KIND_OFFSET) == BELL
                && !packet.hasDescriptors();
    }

    /// The position of the record that a packet's descriptors are of.
    static long position(Packet packet) {
        return packet.getLong(POSITION_OFFSET);
    }

    /// Whether it is this part of this attempt to send a record.
    static boolean isPart(Packet packet, long position, int ticket, int part, int of) {
        return position(packet) == position && (int) packet.getLong(TICKET_OFFSET) == ticket
                && packet.getByte(PART_OFFSET) == part && packet.getByte(OF_OFFSET) == of;
    }

    static boolean isParts(Packet packet) {
        return packet.length() == PARTS_LENGTH && packet.getByte(KIND_OFFSET) == PARTS;
    }

    /// What to throw for a packet that has no business on a lane's socket.
    static RingViolation undue(Packet packet) {
        return new RingViolation(
                "a packet on a lane's socket is not due there: length=%d, descriptors=%b"
                        .formatted(packet.length(), packet.hasDescriptors()));
    }
}
