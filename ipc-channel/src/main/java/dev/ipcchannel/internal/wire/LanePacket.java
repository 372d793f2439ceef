package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The formats of all packets on a channel's sockets, except those of the handshake.
///
/// ```text
///     announcement socket, sender to receiver
///       announcement   0: 1   8: capacity (8)   16: first position (8)   + lane socket, memory
///     lane socket, sender to receiver
///       parts          0: 3   1: part   2: of   8: position (8)   16: ticket (8)   + up to 253
///     lane socket, both ways
///       bell           0: 2
///     lane socket, receiver to sender, before its end
///       refusal        0: 4   1: reason   8: limit (8)
///     connection of a handshake, after the hello: each once
///       accepted       0: 6                       server to client
///       refused        0: 8   1: refusal          server to client instead, before its end
///       refused child  0: 9   1: refusal          the same, and the connection stays
///       going away     0: 5 or 7   1: text        both ways, see `base.GoAway`
/// ```
public final class LanePacket {

    static final int ANNOUNCEMENT = 1;
    static final int BELL = 2;
    static final int PARTS = 3;
    public static final int REFUSAL = 4;
    public static final int ACCEPTED = 6;
    private static final int REFUSED = 8;
    private static final int REFUSED_CHILD = 9;

    static final int ANNOUNCEMENT_LENGTH = 24;
    static final int PARTS_LENGTH = 24;
    static final int REFUSAL_LENGTH = 16;

    static final int KIND_OFFSET = 0;
    static final int PART_OFFSET = 1;
    static final int OF_OFFSET = 2;
    static final int REASON_OFFSET = 1;
    private static final int REFUSED_OFFSET = 1;
    static final int LIMIT_OFFSET = 8;

    /// The receiver has as many lanes as it can have.
    public static final int TOO_MANY = 1;
    /// The receiver's process has run out of descriptors or memory.
    public static final int EXHAUSTED = 2;

    static final int CAPACITY_OFFSET = 8;
    static final int POSITION_OFFSET = 8;
    static final int FIRST_POSITION_OFFSET = 16;
    static final int TICKET_OFFSET = 16;

    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 100_000;

    private static final int MAX_PACKETS_A_LOOK = 512; // a socket's queue takes 278

    /// The most packets of messages given up, named by no record, that may lie before those of a
    /// record. This library's writer leaves none; more are a breach.
    public static final int MAX_GIVEN_UP = 64;

    private LanePacket() {}

    public static Packet.Sending announce(Descriptor announcement, int capacity, long position,
            Descriptor memory,
            Descriptor socket) {
        try (Packet packet = new Packet()) {
            packet.putByte(KIND_OFFSET, ANNOUNCEMENT)
                    .putLong(CAPACITY_OFFSET, capacity)
                    .putLong(FIRST_POSITION_OFFSET, position);
            return packet.send(announcement, List.of(socket, memory));
        }
    }

    public static Packet.Sending parts(Descriptor socket, int part, int of, long position,
            int ticket,
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

    /// Sends a sender the reason for its lane's end. A lane's socket from another process may be
    /// something else: then nothing is sent. Never fails, because the socket is about to be closed.
    public static void refuse(Descriptor socket, int reason, long limit) {
        try (Packet packet = new Packet()) {
            if (Sockets.isPacketSocket(socket)) {
                packet.putByte(KIND_OFFSET, REFUSAL).putByte(REASON_OFFSET, reason)
                        .putLong(LIMIT_OFFSET, limit);
                Packet.Sending _ = packet.send(socket, List.of());
            }
        } catch (PosixException | OutOfMemoryError _) {
            // The end of the socket says enough.
        }
    }

    /// The receiver's reason for ending a lane, its last packet on the lane's socket; null if it
    /// has sent none. Bells before it are dropped.
    public static @Nullable LaneException refusal(Descriptor socket) {
        try (Packet packet = new Packet()) {
            for (int i = 0; i < MAX_PACKETS_A_LOOK; i++) {
                Packet.Receiving found = packet.peek(socket);
                if (found == Packet.Receiving.PACKET && isRefusal(packet)) {
                    return refusal(packet);
                }
                if (found != Packet.Receiving.PACKET || !isBell(packet)) {
                    return null;
                }
                Packet.Receiving _ = packet.receive(socket);
            }
        }
        return null;
    }

    private static LaneException refusal(Packet packet) {
        return packet.getByte(REASON_OFFSET) == TOO_MANY
                ? new LaneException(LaneException.Kind.REFUSED,
                        ("the receiver takes no more senders up, and will not get what this one"
                                + " has sent: limit=%d senders with a ring of their own: close"
                                + " senders that are not needed, or use Sender.share, whose senders"
                                + " have one ring").formatted(packet.getLong(LIMIT_OFFSET)))
                : cutOff("");
    }

    /// The exception for a receiver that goes on and has ended a lane without a reason: it may have
    /// lacked the same resource for the packet with the reason.
    public static LaneException cutOffWithoutReason() {
        return cutOff(", or because another sender has broken the format");
    }

    private static LaneException cutOff(String otherwise) {
        return new LaneException(LaneException.Kind.REFUSED,
                "the receiver has cut this sender off, and will not get what it had not"
                        + " read by then, because its process may open no more descriptors"
                        + " or has no memory left" + otherwise + ": raise ulimit -n there, or use"
                        + " fewer senders");
    }

    /// Rings the other side's bell.
    ///
    /// @return false if the other side is gone
    public static boolean ring(Descriptor socket) {
        return sendWord(socket, BELL);
    }

    /// Sends a word of one byte. The act that it reports is done and cannot be taken back: so if
    /// the kernel or the heap is short of memory, the call is repeated, and nothing is thrown.
    ///
    /// @return false if the other side is gone
    public static boolean sendWord(Descriptor socket, int word) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return Sockets.ring(socket, word);
            } catch (PosixException failure) {
                if (!failure.isExhaustion()) {
                    return false; // not a socket of this library
                }
                Pause.of(PAUSE_NANOS);
            } catch (OutOfMemoryError _) { // the heap is full: other threads may free some of it
                Pause.of(PAUSE_NANOS);
            }
        }
        return false;
    }

    public static boolean isAnnouncement(Packet packet) {
        return packet.length() == ANNOUNCEMENT_LENGTH
                && packet.getByte(KIND_OFFSET) == ANNOUNCEMENT;
    }

    /// The capacity of an announced lane's ring, as its sender reports it.
    public static long capacity(Packet announcement) {
        return announcement.getLong(CAPACITY_OFFSET);
    }

    /// The position of an announced lane's first record.
    public static long firstPosition(Packet announcement) {
        return announcement.getLong(FIRST_POSITION_OFFSET);
    }

    public static boolean isBell(Packet packet) {
        return isWord(packet, BELL);
    }

    /// Whether the packet is this word of one byte. A packet with descriptors is not, because none
    /// belong to a word.
    public static boolean isWord(Packet packet, int word) {
        return packet.length() == 1 && packet.getByte(KIND_OFFSET) == word
                && !packet.hasDescriptors();
    }

    public static boolean isRefusal(Packet packet) {
        return packet.length() == REFUSAL_LENGTH && packet.getByte(KIND_OFFSET) == REFUSAL
                && !packet.hasDescriptors();
    }

    /// Sends a client the reason why it is not accepted, if it is there and has room for it. If
    /// this fails, the end of the connection, which follows, says enough.
    ///
    /// @param isChild whether its connection stays open
    /// @return false if it could not be sent
    public static boolean refuse(Descriptor connection, boolean isChild, Refusal refusal) {
        try (Packet packet = new Packet()) {
            return packet.putByte(KIND_OFFSET, isChild ? REFUSED_CHILD : REFUSED)
                    .putBytes(REFUSED_OFFSET, refusal.toBytes()).send(connection, List.of())
                    == Packet.Sending.SENT;
        } catch (PosixException | OutOfMemoryError _) {
            return false;
        }
    }

    /// Sends the notice that this process goes away, if the other side has room for it.
    public static void goAway(Descriptor connection, GoAway notice) {
        try (Packet packet = new Packet()) {
            Packet.Sending _ =
                    packet.putBytes(KIND_OFFSET, notice.toBytes()).send(connection, List.of());
        }
    }

    /// The refusal by a server that does not accept a client; null if it is another packet.
    public static @Nullable Refusal refusedClient(Packet packet) {
        int kind = packet.getByte(KIND_OFFSET);
        return (kind == REFUSED || kind == REFUSED_CHILD) && !packet.hasDescriptors()
                && !packet.isTruncated() ? Refusal.read(packet.getBytes(REFUSED_OFFSET)) : null;
    }

    /// Whether the server keeps the connection after this refusal.
    public static boolean isOfChild(Packet refused) {
        return refused.getByte(KIND_OFFSET) == REFUSED_CHILD;
    }

    /// The position of the record that the packet's descriptors belong to.
    public static long position(Packet packet) {
        return packet.getLong(POSITION_OFFSET);
    }

    /// Whether it is this part of this attempt to send a record.
    public static boolean isPart(Packet packet, long position, int ticket, int part, int of) {
        return position(packet) == position && (int) packet.getLong(TICKET_OFFSET) == ticket
                && packet.getByte(PART_OFFSET) == part && packet.getByte(OF_OFFSET) == of;
    }

    public static boolean isParts(Packet packet) {
        return packet.length() == PARTS_LENGTH && packet.getByte(KIND_OFFSET) == PARTS;
    }

    /// The exception for a packet that must not be on a lane's socket.
    public static RingViolation undue(Packet packet) {
        return new RingViolation(
                "a packet on a lane's socket is not due there: length=%d, descriptors=%b"
                        .formatted(packet.length(), packet.hasDescriptors()));
    }

    /// The exception for a packet whose receiver is gone.
    ///
    /// @param asRelative see [LaneException#disconnected(String, String, LaneException.End)]
    public static LaneException receiverGone(String how, String asRelative) {
        return LaneException.disconnected(how, asRelative, LaneException.End.UNKNOWN);
    }

    /// Checks that a packet was sent.
    ///
    /// @throws LaneException if it was not
    public static void checkSent(Packet.Sending sending) {
        switch (sending) {
            case SENT -> { /* as it should be */ }
            case GONE ->
                    throw receiverGone("the receiver was closed, or its process has ended",
                            "has closed the channel, or has ended");
            case FULL -> throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "a lane's socket has no room for "
                            + "descriptors: let its receiver take up what was sent to it");
            case TOO_MANY_IN_FLIGHT -> throw new LaneException(LaneException.Kind.CROWDED,
                    "too many descriptors of this user are on their way between processes: "
                            + "let receivers take up what was sent to them, or raise ulimit -n");
        }
    }
}
