package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Descriptors that have arrived on a lane's socket and wait for the record that they belong to.
///
/// They are sent before their record is committed, so they are there when it is seen. Those of an
/// attempt that was given up are known by their position and ticket, and closed. Bounded: a sender
/// that sends more is a hostile one.
final class PartsTable {

    /// One packet's descriptors.
    ///
    /// @param position of the record
    /// @param ticket of the attempt to send it
    /// @param part number of this packet among `of`
    record Part(long position, int ticket, int part, int of, List<Descriptor> descriptors) {}

    // What an honest sender may have on its way, attempts given up included.
    private static final int MAX_PARTS = PartsWriter.MAX_UNREAD;

    private final ArrayList<Part> parts = new ArrayList<>(0);

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /// How many descriptors wait.
    int descriptors() {
        int count = 0;
        for (Part part : parts) {
            count += part.descriptors.size();
        }
        return count;
    }

    /// Everything that waits, in order of arrival.
    List<Part> all() {
        return List.copyOf(parts);
    }

    /// Takes over the descriptors of a packet received. Those of a place that has been read belong
    /// to an attempt given up, and are closed.
    ///
    /// @param position of the first record that has not been read
    /// @throws RingViolation if there are too many that nobody has asked for
    /// @throws LaneException if some were lost on the way
    void add(Packet packet, long position) {
        if (packet.hasLostDescriptors()) {
            Descriptor.closeAll(packet.takeDescriptors()); // else nothing can be opened now
            throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "the ends or the memory of a message were lost on the way, because this "
                            + "process may not open more descriptors: raise ulimit -n");
        }
        Part part = new Part(packet.getLong(LanePacket.POSITION_OFFSET),
                (int) packet.getLong(LanePacket.TICKET_OFFSET),
                packet.getByte(LanePacket.PART_OFFSET), packet.getByte(LanePacket.OF_OFFSET),
                packet.takeDescriptors());
        if (part.position - position < 0) {
            Descriptor.closeAll(part.descriptors);
        } else {
            add(part);
        }
    }

    /// Takes one over that another process had taken up before it moved the receiver here.
    void add(Part part) {
        parts.add(part);
        if (parts.size() > MAX_PARTS) {
            throw new RingViolation(
                    "too many descriptors that belong to no message: packets=%d, limit=%d"
                            .formatted(parts.size(), MAX_PARTS));
        }
    }

    /// Whether all packets of a record are here.
    boolean isComplete(long position, int ticket, int of) {
        int found = 0;
        for (Part part : parts) {
            if (part.position == position && part.ticket == ticket && part.of == of
                    && part.part == found) {
                found++;
            }
        }
        return found == of;
    }

    /// Hands out the descriptors of a record in their order and closes those of earlier records and
    /// attempts.
    List<Descriptor> take(long position, int ticket) {
        List<Descriptor> taken = new ArrayList<>();
        for (Iterator<Part> waiting = parts.iterator(); waiting.hasNext();) {
            Part part = waiting.next();
            if (part.position == position && part.ticket == ticket) {
                taken.addAll(part.descriptors);
                waiting.remove();
            } else if (part.position - position <= 0) {
                Descriptor.closeAll(part.descriptors);
                waiting.remove();
            }
        }
        return taken;
    }

    /// Closes everything that waits.
    void close() {
        for (Part part : parts) {
            Descriptor.closeAll(part.descriptors);
        }
        parts.clear();
    }
}
