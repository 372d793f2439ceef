package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.HostilePeer;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.Wire;
import java.io.IOException;
import java.util.List;

/// A child that sends its parent the last descriptor of a TCP socket whose close blocks for a
/// minute, prints the port that the socket is connected to, and waits.
///
/// The second argument is a [LingerPlace], or a place in the handshake.
public final class LingeringChild {

    /// In place of the greeting's descriptor.
    public static final String GREETING = "greeting";
    /// With an invalid greeting.
    public static final String NONSENSE = "nonsense";
    /// On the connection, once it has greeted.
    public static final String AFTER_GREETING = "after greeting";

    private LingeringChild() {}

    public static void main(String[] arguments) throws IOException {
        Libc.Connection connection = Libc.lingering(Lingers.SECONDS);
        switch (arguments[1]) {
            case GREETING -> Wire.greet(Wire.connect(arguments[0]), Wire.VERSION,
                    List.of(connection.full()));
            case NONSENSE -> Wire.garbage(Wire.connect(arguments[0]), 9,
                    List.of(connection.full()));
            case AFTER_GREETING -> afterGreeting(arguments[0], connection.full());
            default -> {
                HostilePeer parent = HostilePeer.connect(arguments[0], LingerPlace.CAPACITY);
                LingerPlace.valueOf(arguments[1]).put(parent, connection.full());
            }
        }
        connection.full().close(); // no other descriptor is left here
        System.out.println(connection.port());
        Talker.awaitCue();
    }

    private static void afterGreeting(String name, Descriptor lingering) {
        Sockets.Pair pair = Sockets.pair();
        Descriptor connection = Wire.connect(name);
        Wire.greet(connection, Wire.VERSION, List.of(pair.second()));
        HostileLane.announce(pair.first(), 64 * 1024)
                .send(new byte[]{'h', 'i'}, List.of());
        Wire.garbage(connection, 1, List.of(lingering));
    }
}
