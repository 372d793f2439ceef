package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.ResourceExhausted;
import java.io.IOException;
import java.time.Duration;

/// A child that has as many descriptors in flight as it may, then connects to a server of its own,
/// and prints the failure.
public final class LateClientChild {

    private LateClientChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Channel<String> work = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            exhaust(work, handovers);
            OneShotServer.connect(server.name(), String.class).close();
            System.out.println("nothing in the way");
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }

    private static void exhaust(Channel<String> work, Channel<Handover> handovers)
            throws InterruptedException {
        try {
            while (true) {
                handovers.sender().send(new Handover(work.sender().share()),
                        Duration.ofMillis(100));
            }
        } catch (ResourceExhausted _) { // as wanted
        }
    }
}
