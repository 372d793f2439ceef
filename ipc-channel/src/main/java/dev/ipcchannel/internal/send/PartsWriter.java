package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wire.LanePacket;
import java.util.ArrayDeque;
import java.util.List;

/// The writer's side of descriptors that travel with records. They go through the lane's socket
/// before their record is committed, in packets that are called its parts.
///
/// Used by one thread at a time, as its lane is.
final class PartsWriter {

    /// The most packets with descriptors that may be unread at once, so that bells always find room
    /// in the queue.
    static final int MAX_UNREAD = RecordHeader.MAX_PARTS;

    private final RingWriter ring;
    private final Descriptor socket;
    private final Runnable wakeReader;
    private final ArrayDeque<Long> unread = new ArrayDeque<>(0); // the positions of their records
    private int ticket;

    /// @param wakeReader rings for a reader that sleeps
    PartsWriter(RingWriter ring, Descriptor socket, Runnable wakeReader) {
        this.ring = ring;
        this.socket = socket;
        this.wakeReader = wakeReader;
    }

    /// The number of packets that so many descriptors take.
    static int partsOf(int descriptors) {
        return (descriptors + Packet.MAX_DESCRIPTORS - 1) / Packet.MAX_DESCRIPTORS;
    }

    /// Whether `more` packets would make too many unread ones.
    boolean hasTooMany(int more) {
        if (more == 0) {
            return false;
        }
        long read = ring.refreshReaderPosition();
        while (!unread.isEmpty() && read - unread.getFirst() > 0) {
            unread.removeFirst();
        }
        return unread.size() + more > MAX_UNREAD;
    }

    /// Announces that the writer sleeps until `more` packets may be sent, then looks once more.
    ///
    /// @return whether they still may not, so that sleeping is safe
    boolean arm(int more) {
        return ring.armUntil(positionPast(unread.size() + more - MAX_UNREAD));
    }

    private long positionPast(int count) {
        long position = ring.position();
        int left = count;
        for (long part : unread) {
            position = part;
            if (--left == 0) {
                break;
            }
        }
        return position + RecordHeader.ALIGNMENT; // past the shortest record that starts there
    }

    /// Sends the descriptors of the claimed record. Its commit or [#giveUp] follows.
    ///
    /// @return the number of packets
    /// @throws LaneException if they cannot be sent; the claim is given up
    int send(List<Descriptor> descriptors) {
        int parts = partsOf(descriptors.size());
        if (parts == 0) {
            return 0;
        }
        ticket++;
        long position = ring.claimedPosition();
        int part = 0;
        try {
            for (; part < parts; part++) {
                send(descriptors, part, parts, position);
            }
        } finally {
            if (part < parts) {
                giveUp(part);
            }
        }
        return parts;
    }

    /// Gives up the claimed record, for which `packets` packets were sent. If there are any, an
    /// empty record names them: a reader then closes their descriptors, which count against this
    /// user's limit and would be in the way of later ones. There is room for that record, because
    /// it is no longer than the claimed one. Each packet counts as unread until the reader has
    /// passed that record, so a reader that takes nothing has no more of them than of others.
    void giveUp(int packets) {
        if (packets == 0) {
            ring.abort();
        } else {
            ring.commitGivenUp(packets);
            wakeReader.run();
        }
    }

    private void send(List<Descriptor> descriptors, int part, int parts, long position) {
        int from = part * Packet.MAX_DESCRIPTORS;
        int to = Math.min(descriptors.size(), from + Packet.MAX_DESCRIPTORS);
        unread.addLast(position); // first: a sent packet has to be counted
        boolean isSent = false;
        try {
            LanePacket.checkSent(LanePacket.parts(socket, part, parts, position,
                    ticket & 0xFFFF, descriptors.subList(from, to)));
            isSent = true;
        } finally {
            if (!isSent) {
                unread.removeLast();
            }
        }
    }

    /// The number that the packets sent last carry.
    int ticket() {
        return ticket;
    }
}
