package dev.ipcchannel.testing.children;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import java.io.IOException;

/// A child that opens a server, prints its name, and ends at its cue without closing anything. If
/// there can be no server, it prints the reason.
public final class ServerChild {

    /// Its exit code if there can be no server.
    public static final int REFUSED = 3;

    private ServerChild() {}

    public static void main(String[] arguments) throws IOException {
        try {
            OneShotServer<Talk> server = OneShotServer.open(Talk.class);
            System.out.println(server.name());
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
            System.exit(REFUSED);
        }
        Talker.awaitCue();
    }
}
