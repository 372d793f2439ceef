package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Wire;
import java.io.IOException;
import java.util.List;

/// Greets in the next version of the protocol.
public final class WrongVersionChild {

    private WrongVersionChild() {}

    public static void main(String[] arguments) throws IOException {
        Descriptor connection = Wire.connect(arguments[0]);
        Wire.greet(connection, Wire.VERSION + 1, List.of(Sockets.pair().first()));
        Talker.awaitCue();
    }
}
