package dev.ipcchannel.testing.children;

import dev.ipcchannel.OneShotServer;
import java.io.IOException;
import java.time.Duration;

/// A child in the role of the parent: it opens a server, prints its name, accepts any process,
/// prints that one's pid, sends "ready" and waits.
public final class HostingChild {

    private HostingChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            System.out.println(server.name());
            Talk talk = server.accept(Duration.ofSeconds(20));
            System.out.println(server.clientPid());
            talk.toChild().send("ready");
            Talker.awaitCue();
        }
    }
}
