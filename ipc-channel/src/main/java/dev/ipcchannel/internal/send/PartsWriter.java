package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wire.LanePacket;
import java.util.ArrayDeque;
import java.util.List;

/// The writer's side of descriptors that travel with records: they go through the lane's socket
/// before their record is committed, in packets that are its parts.
///
/// Used by one thread at a time, as its lane is.
final class PartsWriter {

    /// Packets with descriptors that may be on their way at once, so that bells always find room in
    /// the queue.
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

    /// How many packets so many descriptors take.
    static int partsOf(int descriptors) {
        return (descriptors + Packet.MAX_DESCRIPTORS - 1) / Packet.MAX_DESCRIPTORS;
    }

    /// Whether so many more packets would be too many on their way.
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

    /// Says that the writer sleeps until so many more packets may be sent, then looks once more.
    ///
    /// @return whether they may not, so that sleeping is safe
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
    /// @return how many packets they took
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

    /// Gives the claimed record up, for which so many packets were sent. Where there are some, an
    /// empty record names them, since they keep descriptors of this user on their way until a
    /// reader closes them, and would be in the way of later ones. There is room for it: it is no
    /// longer than what was claimed. Each counts as unread until the reader is past that record, so
    /// a reader that takes nothing up has no more of them than of others.
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
        unread.addLast(position); // first: what is sent has to be counted
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
