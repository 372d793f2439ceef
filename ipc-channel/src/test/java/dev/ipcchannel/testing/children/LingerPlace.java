package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import dev.ipcchannel.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/// A place in a channel between parent and child where a hostile child puts a descriptor whose
/// close blocks.
public enum LingerPlace {

    /// Before a record that never comes.
    BEFORE_NO_RECORD {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Wire.parts(lane(parent).socket(), 0, 1, 0, 1, List.of(descriptor));
        }
    },

    /// Of an attempt given up, whose place has passed.
    GIVEN_UP {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            HostileLane lane = lane(parent);
            lane.giveUp(List.of(descriptor));
            lane.send(TEXT, List.of());
        }
    },

    /// Before the descriptors of a message, which has some.
    BEFORE_THOSE_OF_A_MESSAGE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            HostileLane lane = lane(parent);
            lane.giveUp(List.of(descriptor));
            lane.send(TEXT, List.of(lane.socket()));
        }
    },

    /// With a bell.
    WITH_A_BELL {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Flood.pour(lane(parent).socket(), 2, List.of(descriptor));
        }
    },

    /// With a packet of no bytes, which looks like an end.
    WITH_NOTHING {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Wire.garbage(lane(parent).socket(), 0, List.of(descriptor));
        }
    },

    /// After such a packet.
    AFTER_NOTHING {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            HostileLane lane = lane(parent);
            Wire.garbage(lane.socket(), 0, List.of());
            Wire.garbage(lane.socket(), 1, List.of(descriptor));
        }
    },

    /// In a message that has no end.
    IN_A_MESSAGE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            lane(parent).send(TEXT, List.of(descriptor));
        }
    },

    /// In a long message, as its file.
    AS_A_SPILL_FILE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            lane(parent).spill(1, 1000, 64 * 1024, List.of(descriptor));
        }
    },

    /// In the queue of a socket that is in a message.
    IN_THE_QUEUE_OF_A_SOCKET_IN_A_MESSAGE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Descriptor socket = filled(descriptor);
            lane(parent).send(TEXT, List.of(socket));
            socket.close();
        }
    },

    /// As the memory of a lane.
    AS_THE_MEMORY_OF_A_LANE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Wire.announce(parent.outward(), CAPACITY, 0,
                    List.of(Sockets.pair().first(), descriptor));
        }
    },

    /// As the socket of a lane.
    AS_THE_SOCKET_OF_A_LANE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Wire.announce(parent.outward(), CAPACITY, 0, List.of(descriptor, memory()));
        }
    },

    /// In the queue of the socket of a lane.
    IN_THE_SOCKET_OF_A_LANE {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Descriptor socket = filled(descriptor);
            Wire.announce(parent.outward(), CAPACITY, 0, List.of(socket, memory()));
            socket.close();
        }
    },

    /// As one more with an announcement.
    WITH_AN_ANNOUNCEMENT {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Wire.announce(parent.outward(), CAPACITY, 0,
                    List.of(Sockets.pair().first(), memory(), descriptor));
        }
    },

    /// With an unknown packet, among announcements.
    AMONG_ANNOUNCEMENTS {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Wire.garbage(parent.outward(), 7, Collections.nCopies(100, descriptor));
        }
    },

    /// With a bell for the parent's sender.
    WITH_A_BELL_FOR_A_SENDER {
        @Override
        void put(HostilePeer parent, Descriptor descriptor) {
            Flood.pour(parent.parentsLane().socket(), 2, List.of(descriptor));
        }
    };

    /// The capacity of the rings.
    public static final int CAPACITY = 4096;

    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    /// Puts the descriptor there.
    abstract void put(HostilePeer parent, Descriptor descriptor);

    static HostileLane lane(HostilePeer parent) {
        return HostileLane.announce(parent.outward(), CAPACITY);
    }

    static Descriptor memory() {
        return SharedMemory.create(RingLayout.regionLength(CAPACITY)).file();
    }

    static Descriptor filled(Descriptor descriptor) {
        Sockets.Pair pair = Sockets.pair();
        Wire.garbage(pair.first(), 1, List.of(descriptor));
        return pair.second();
    }
}
