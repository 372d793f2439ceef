package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Wire;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/// A fault of a client that is not the child of the server to which it connects.
public enum Strangeness {

    /// Connects and sends nothing.
    NOTHING {
        @Override
        void show(Descriptor connection) {
            // that is all
        }
    },

    /// Connects and disconnects.
    GONE {
        @Override
        void show(Descriptor connection) {
            connection.close();
        }
    },

    /// Sends an invalid greeting.
    GARBAGE {
        @Override
        void show(Descriptor connection) {
            Wire.garbage(connection, 64, List.of());
        }
    },

    /// Sends less than a greeting.
    ONE_BYTE {
        @Override
        void show(Descriptor connection) {
            Wire.garbage(connection, 1, List.of());
        }
    },

    /// Sends descriptors along with nothing, which looks like the end.
    EMPTY_PACKET {
        @Override
        void show(Descriptor connection) {
            Wire.garbage(connection, 0, many());
        }
    },

    /// Greets in another version.
    ANOTHER_VERSION {
        @Override
        void show(Descriptor connection) {
            Wire.greet(connection, Wire.VERSION + 1, List.of(Sockets.pair().first()));
        }
    },

    /// Greets without the end of a channel.
    NO_DESCRIPTOR {
        @Override
        void show(Descriptor connection) {
            Wire.greet(connection, Wire.VERSION, List.of());
        }
    },

    /// Greets with two ends.
    TWO_DESCRIPTORS {
        @Override
        void show(Descriptor connection) {
            Sockets.Pair pair = Sockets.pair();
            Wire.greet(connection, Wire.VERSION, List.of(pair.first(), pair.second()));
        }
    },

    /// Greets with as many descriptors as the kernel lets it.
    MANY_DESCRIPTORS {
        @Override
        void show(Descriptor connection) {
            Wire.greet(connection, Wire.VERSION, many());
        }
    },

    /// Greets with a file where a socket belongs.
    FILE {
        @Override
        void show(Descriptor connection) {
            Descriptor file = Objects.requireNonNull(
                    Flock.openLocked(Path.of(System.getenv("XDG_RUNTIME_DIR"), "file").toString()));
            Wire.greet(connection, Wire.VERSION, List.of(file));
        }
    },

    /// Greets with an unconnected socket.
    LONELY_SOCKET {
        @Override
        void show(Descriptor connection) {
            Wire.greet(connection, Wire.VERSION, List.of(Libc.packetSocket()));
        }
    },

    /// Greets with a channel without senders.
    ENDED_CHANNEL {
        @Override
        void show(Descriptor connection) {
            Sockets.Pair pair = Sockets.pair();
            pair.first().close();
            Wire.greet(connection, Wire.VERSION, List.of(pair.second()));
        }
    },

    /// Greets, and announces a lane that lacks its memory.
    POOR_LANE {
        @Override
        void show(Descriptor connection) {
            Sockets.Pair pair = Sockets.pair();
            Wire.announce(pair.first(), 4096, 0, List.of(Sockets.pair().first()));
            Wire.greet(connection, Wire.VERSION, List.of(pair.second()));
        }
    },

    /// Greets properly and leaves it at that.
    SILENCE_AFTER_THE_GREETING {
        @Override
        void show(Descriptor connection) {
            Wire.greet(connection, Wire.VERSION, List.of(Sockets.pair().first()));
        }
    };

    /// Whether only a timeout shows the fault.
    public boolean isSilent() {
        return this == NOTHING || this == SILENCE_AFTER_THE_GREETING;
    }

    abstract void show(Descriptor connection);

    private static List<Descriptor> many() {
        return Collections.nCopies(Packet.MAX_DESCRIPTORS, Sockets.pair().first());
    }
}
