package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import java.io.IOException;

/// A child that offers ends like [HeirChild] and [NumberingChild], and never uses them.
public final class IdleHeirChild {

    /// The ends that it hands over.
    ///
    /// @param handovers takes messages that are never received
    /// @param estates takes messages that are never received
    public record Attic(Sender<Handover> handovers, Sender<Estate> estates) {}

    private IdleHeirChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Channel<Handover> handovers = Channel.create(Handover.class);
        Channel<Estate> estates = Channel.create(Estate.class);
        try (Sender<Attic> parent = OneShotServer.connect(arguments[0], Attic.class)) {
            parent.send(new Attic(handovers.sender(), estates.sender()));
        }
        Talker.awaitCue();
    }
}
