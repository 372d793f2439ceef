package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Wire;
import java.io.IOException;
import java.util.List;

/// A child that connects and hangs up, waits for its cue, and ends with a complaint.
public final class FaintingChild {

    /// The second argument to disconnect without a greeting.
    public static final String BEFORE_THE_GREETING = "before";

    /// The second argument to greet and disconnect without a first message.
    public static final String AFTER_IT = "after";

    /// How it ends.
    public static final int EXIT_CODE = 7;

    private FaintingChild() {}

    public static void main(String[] arguments) throws IOException {
        Descriptor connection = Wire.connect(arguments[0]);
        if (arguments[1].equals(AFTER_IT)) {
            Sockets.Pair bootstrap = Sockets.pair();
            Wire.greet(connection, Wire.VERSION, List.of(bootstrap.second()));
            bootstrap.first().close();
            bootstrap.second().close();
        }
        connection.close();
        Talker.awaitCue();
        System.err.println("out of breath");
        System.exit(EXIT_CODE);
    }
}
