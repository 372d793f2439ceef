package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import java.io.IOException;
import java.time.Duration;

/// A child that sends a sender at its cue, first with a short timeout, then with a long one, and
/// prints the results.
public final class PatientChild {

    /// Printed when it can take its cue.
    public static final String READY = "ready";

    /// Printed when a message with a sender inside has gone there and back.
    public static final String SENT = "sent";

    private PatientChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            handOver(work, handovers, Duration.ofSeconds(20)); // makes the lane
            System.out.println(READY);
            Talker.awaitCue();
            try {
                handOver(work, handovers, Duration.ofMillis(100));
            } catch (ResourceExhausted failure) {
                System.out.println("ResourceExhausted: " + failure.getMessage());
            }
            handOver(work, handovers, Duration.ofSeconds(20));
            System.out.println(SENT);
        }
    }

    private static void handOver(Channel<String> work, Channel<Handover> handovers,
            Duration patience) throws InterruptedException {
        handovers.sender().send(new Handover(work.sender().share()), patience);
        handovers.receiver().receive().sender().close();
    }
}
