package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Wire;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/// The deed of a hostile child to a channel that it was given a sender of, once.
public enum LaneFault {

    /// Commits a header of random bits.
    HEADER_GARBAGE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane lane = HostileLane.announce(announcement, CAPACITY);
            lane.store(0, 0xA5A5_A5A5_A5A5_A5A5L);
            Wire.ring(lane.socket());
        }
    },

    /// Commits a message longer than messages may be.
    LONG_MESSAGE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).commit(CAPACITY / 2, 0, 0);
        }
    },

    /// Commits a message of a negative length.
    NEGATIVE_LENGTH {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).commit(-8, 0, 0);
        }
    },

    /// Commits a message with descriptors that never come.
    MISSING_DESCRIPTORS {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).commit(8, 0, 1);
        }
    },

    /// Offers memory whose size can still change.
    UNSEALED_MEMORY {
        @Override
        void commit(Descriptor announcement) {
            offer(announcement, Libc.memoryFile(RingLayout.regionLength(CAPACITY), 0));
        }
    },

    /// Offers memory that is sealed against growing only.
    HALF_SEALED_MEMORY {
        @Override
        void commit(Descriptor announcement) {
            offer(announcement, Libc.memoryFile(RingLayout.regionLength(CAPACITY), SEAL | GROW));
        }
    },

    /// Offers memory that is sealed against writing.
    WRITE_SEALED_MEMORY {
        @Override
        void commit(Descriptor announcement) {
            offer(announcement, Libc.memoryFile(RingLayout.regionLength(CAPACITY),
                    SEAL | SHRINK | GROW | WRITE));
        }
    },

    /// Offers memory through a descriptor that may only read.
    READ_ONLY_MEMORY {
        @Override
        void commit(Descriptor announcement) {
            Descriptor memory = Libc.memoryFile(RingLayout.regionLength(CAPACITY),
                    SEAL | SHRINK | GROW);
            offer(announcement, Objects.requireNonNull(
                    Flock.openLocked("/proc/self/fd/" + memory.number())));
        }
    },

    /// Offers less memory than it announces.
    SMALL_MEMORY {
        @Override
        void commit(Descriptor announcement) {
            offer(announcement, Libc.memoryFile(CAPACITY, SEAL | SHRINK | GROW));
        }
    },

    /// Offers a plain file as memory.
    FILE {
        @Override
        void commit(Descriptor announcement) {
            offer(announcement, Objects.requireNonNull(
                    Flock.openLocked(
                            Path.of(System.getenv("XDG_RUNTIME_DIR"), "file").toString())));
        }
    },

    /// Offers a socket as memory.
    SOCKET_AS_MEMORY {
        @Override
        void commit(Descriptor announcement) {
            offer(announcement, Sockets.pair().first());
        }
    },

    /// Offers memory as the lane's socket.
    MEMORY_AS_SOCKET {
        @Override
        void commit(Descriptor announcement) {
            Descriptor memory = memory(CAPACITY).file();
            Wire.announce(announcement, CAPACITY, 0, List.of(memory, memory));
        }
    },

    /// Offers an unconnected socket.
    LONELY_SOCKET {
        @Override
        void commit(Descriptor announcement) {
            Wire.announce(announcement, CAPACITY, 0,
                    List.of(Libc.packetSocket(), memory(CAPACITY).file()));
        }
    },

    /// Announces a capacity that no ring has.
    ODD_CAPACITY {
        @Override
        void commit(Descriptor announcement) {
            Wire.announce(announcement, CAPACITY + 1, 0,
                    List.of(Sockets.pair().first(), memory(CAPACITY).file()));
        }
    },

    /// Announces a larger ring than the channel's, with a message longer than the channel carries.
    LARGE_RING {
        @Override
        void commit(Descriptor announcement) {
            HostileLane lane = HostileLane.announce(announcement, 256 * CAPACITY);
            lane.send(new byte[64 * CAPACITY], List.of());
        }
    },

    /// Announces a first position at which no record can start.
    ODD_POSITION {
        @Override
        void commit(Descriptor announcement) {
            Wire.announce(announcement, CAPACITY, 8,
                    List.of(Sockets.pair().first(), memory(CAPACITY).file()));
        }
    },

    /// Announces a lane without anything.
    NO_DESCRIPTORS {
        @Override
        void commit(Descriptor announcement) {
            Wire.announce(announcement, CAPACITY, 0, List.of());
        }
    },

    /// Announces a lane with more than it needs.
    MANY_DESCRIPTORS {
        @Override
        void commit(Descriptor announcement) {
            Wire.announce(announcement, CAPACITY, 0, Collections
                    .nCopies(Packet.MAX_DESCRIPTORS, memory(CAPACITY).file()));
        }
    },

    /// Announces nonsense.
    ANNOUNCED_GARBAGE {
        @Override
        void commit(Descriptor announcement) {
            Wire.garbage(announcement, 24, List.of(Sockets.pair().first()));
        }
    },

    /// Sends an unknown packet on the lane's socket.
    UNKNOWN_PACKET {
        @Override
        void commit(Descriptor announcement) {
            HostileLane lane = HostileLane.announce(announcement, CAPACITY);
            Wire.garbage(lane.socket(), 100, List.of(Sockets.pair().first()));
        }
    },

    /// Spills into a file that it never sent.
    UNKNOWN_SPILL_FILE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).spill(1, 8, 0, List.of());
        }
    },

    /// Spills into a file that does not come with the record.
    MISSING_SPILL_FILE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).spill(1, 8, SPILL_FILE, List.of());
        }
    },

    /// Spills into a file whose size can still change.
    UNSEALED_SPILL_FILE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).spill(1, 8, SPILL_FILE,
                    List.of(Libc.memoryFile(SPILL_FILE, 0)));
        }
    },

    /// Spills into a socket.
    SOCKET_AS_SPILL_FILE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).spill(1, 8, SPILL_FILE,
                    List.of(Sockets.pair().first()));
        }
    },

    /// Spills a message that is longer than its file.
    LONG_SPILLED_MESSAGE {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).spill(1, SPILL_FILE + 1, SPILL_FILE,
                    List.of(SharedMemory.create(SPILL_FILE).file()));
        }
    },

    /// Commits a spilled record that is too short.
    SHORT_SPILLED_RECORD {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).commit(8, 4, 0);
        }
    },

    /// Commits a record that is spilled and a retirement.
    SPILLED_RETIREMENT {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).commit(24, 4 | 8, 0);
        }
    },

    /// Retires a file that it never sent.
    UNKNOWN_RETIREMENT {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).retire(1);
        }
    },

    /// Retires nothing.
    EMPTY_RETIREMENT {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).retire();
        }
    },

    /// Gives a record up that has a payload.
    LONG_RECORD_GIVEN_UP {
        @Override
        void commit(Descriptor announcement) {
            HostileLane.announce(announcement, CAPACITY).commit(8, 8, 1);
        }
    };

    /// Bytes of the ring that the channel's lanes have.
    public static final int CAPACITY = 4096;

    private static final int SPILL_FILE = 64 * 1024;
    private static final int SEAL = 1;
    private static final int SHRINK = 2;
    private static final int GROW = 4;
    private static final int WRITE = 8;

    /// Whether the announcement breaks the format, which ends the announcement socket that all
    /// senders of the channel share.
    public boolean endsAnnouncements() {
        return compareTo(UNSEALED_MEMORY) >= 0 && compareTo(ANNOUNCED_GARBAGE) <= 0;
    }

    /// Commits the fault.
    ///
    /// @param announcement the announcement socket, as the sender has it
    abstract void commit(Descriptor announcement);

    private static SharedMemory memory(int capacity) {
        return SharedMemory.create(RingLayout.regionLength(capacity));
    }

    private static void offer(Descriptor announcement, Descriptor memory) {
        Wire.announce(announcement, CAPACITY, 0, List.of(Sockets.pair().first(), memory));
    }
}
