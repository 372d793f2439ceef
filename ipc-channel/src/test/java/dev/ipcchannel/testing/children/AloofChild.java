package dev.ipcchannel.testing.children;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.StalledCalls;
import java.io.IOException;

/// A child that hands over ends of channels and of calls, and leaves its own ends alone until its
/// cue.
public final class AloofChild {

    /// The ends that it hands over.
    ///
    /// @param talk of two empty channels
    /// @param calls of calls that stall
    public record Ends(Duplex<String, String> talk, StalledCalls.Ends calls) {}

    private AloofChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Duplex.Pair<String, String> talk = Duplex.create(String.class, String.class,
                ChannelOptions.defaults().withCapacity(4096));
        try (Duplex<String, String> _ = talk.near();
                StalledCalls.Pair calls = StalledCalls.create()) {
            try (Sender<Ends> parent = OneShotServer.connect(arguments[0], Ends.class)) {
                parent.send(new Ends(talk.far(), calls.ends()));
            }
            Talker.awaitCue();
        }
    }
}
