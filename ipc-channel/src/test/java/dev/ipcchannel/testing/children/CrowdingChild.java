package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import java.io.IOException;

/// A child that has as many descriptors in flight as a lane takes, prints that, and receives them
/// at its cue.
public final class CrowdingChild {

    /// Printed when they are in flight.
    public static final String CROWDED = "crowded";

    private CrowdingChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            while (handOver(work, handovers) == SendOutcome.SENT) {
                // until there are as many as a lane takes
            }
            System.out.println(CROWDED);
            Talker.awaitCue();
            for (Handover left = handovers.receiver().tryReceive(); left != null; left =
                    handovers.receiver().tryReceive()) {
                left.sender().close();
            }
        }
    }

    private static SendOutcome handOver(Channel<String> work, Channel<Handover> handovers) {
        Sender<String> share = work.sender().share();
        SendOutcome outcome = handovers.sender().trySend(new Handover(share));
        share.close();
        return outcome;
    }
}
