package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Wire;
import java.util.Collections;
import java.util.List;

/// The flood that a hostile child pours into a channel that it was given a sender of, as long as it
/// can.
public enum Flood {

    /// Descriptors for a record that is never committed.
    UNASKED_DESCRIPTORS {
        @Override
        void pour(Descriptor announcement) {
            HostileLane lane = HostileLane.announce(announcement, LaneFault.CAPACITY);
            List<Descriptor> many = many(Sockets.pair().first());
            boolean hasRoom = true;
            for (int i = 0; i < PACKETS && hasRoom; i++) { // nothing reads them or makes room
                hasRoom = Wire.parts(lane.socket(), 0, 1, 1 << 20, 1, many);
            }
        }
    },

    /// The same by many lanes, as much as each of them holds.
    UNASKED_DESCRIPTORS_ON_MANY_LANES {
        @Override
        void pour(Descriptor announcement) {
            for (int i = 0; i < FEW; i++) {
                UNASKED_DESCRIPTORS.pour(announcement);
            }
        }
    },

    /// Bells that bring descriptors along.
    DESCRIPTORS_WITH_BELLS {
        @Override
        void pour(Descriptor announcement) {
            HostileLane lane = HostileLane.announce(announcement, LaneFault.CAPACITY);
            List<Descriptor> many = many(lane.socket());
            boolean isOpen = true;
            for (int i = 0; i < PACKETS && isOpen; i++) {
                isOpen = pour(lane.socket(), 2, many);
            }
        }
    },

    /// Descriptors that come with a packet of no bytes, which looks like the end of the lane.
    DESCRIPTORS_WITH_NOTHING {
        @Override
        void pour(Descriptor announcement) {
            for (int i = 0; i < FEW; i++) {
                HostileLane lane = HostileLane.announce(announcement, LaneFault.CAPACITY);
                Wire.garbage(lane.socket(), 0, many(lane.socket()));
            }
        }
    },

    /// Packets to which the kernel adds a descriptor of the sending process each.
    PROCESS_DESCRIPTORS {
        @Override
        void pour(Descriptor announcement) {
            Sockets.Pair pair = Sockets.pair();
            Libc.passPidDescriptors(pair.second());
            HostileLane lane = HostileLane.announce(announcement, LaneFault.CAPACITY, pair.first(),
                    pair.second());
            boolean isOpen = true;
            for (int i = 0; i < PACKETS && isOpen; i++) {
                isOpen = pour(lane.socket(), 2, List.of());
            }
        }
    },

    /// Announcements that bring too many descriptors along.
    RICH_ANNOUNCEMENTS {
        @Override
        void pour(Descriptor announcement) {
            List<Descriptor> many = many(announcement);
            boolean isOpen = true;
            for (int i = 0; i < FEW && isOpen; i++) {
                isOpen = pour(announcement, 1, many);
            }
        }
    },

    /// Announcements without a meaning.
    NONSENSE {
        @Override
        void pour(Descriptor announcement) {
            boolean isOpen = true;
            for (int i = 0; i < MORE_THAN_ENOUGH && isOpen; i++) {
                isOpen = pour(announcement, 0, List.of());
            }
        }
    },

    /// More lanes than a channel may have, each in order.
    LANES {
        @Override
        void pour(Descriptor announcement) {
            Descriptor memory =
                    SharedMemory.create(RingLayout.regionLength(LaneFault.CAPACITY)).file();
            List<Descriptor> lane = List.of(Sockets.pair().first(), memory);
            boolean isOpen = true;
            for (int i = 0; i < MORE_THAN_ENOUGH && isOpen; i++) {
                isOpen = pour(announcement, 1, lane);
            }
        }
    };

    private static final int PACKETS = 1000;
    private static final int FEW = 50;
    private static final int MORE_THAN_ENOUGH = 4200;

    /// Pours the flood.
    ///
    /// @param announcement the announcement socket, as the sender has it
    abstract void pour(Descriptor announcement);

    /// Sends one packet of `kind`, waiting for room.
    ///
    /// @return false if nothing reads there any more
    static boolean pour(Descriptor socket, int kind, List<Descriptor> descriptors) {
        try (Packet packet = new Packet()) {
            packet.putByte(0, kind);
            switch (kind) {
                case 1 -> packet.putLong(8, LaneFault.CAPACITY).putLong(16, 0);
                case 3 -> packet.putByte(2, 1).putLong(8, 1 << 20).putLong(16, 1);
                default -> { /* one byte says it all */ }
            }
            Packet.Sending sending = packet.send(socket, descriptors);
            while (sending == Packet.Sending.FULL) {
                Thread.onSpinWait();
                sending = packet.send(socket, descriptors);
            }
            return sending == Packet.Sending.SENT;
        }
    }

    static List<Descriptor> many(Descriptor descriptor) {
        return Collections.nCopies(Packet.MAX_DESCRIPTORS, descriptor);
    }
}
