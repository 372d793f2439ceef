package dev.ipcchannel.testing.children;

import dev.ipcchannel.Duplex;
import java.io.IOException;

/// A child that connects, and then sends nothing until its cue.
public final class MuteChild {

    private MuteChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Duplex<String, String> _ = Talker.connect(arguments)) {
            Talker.awaitCue();
        }
    }
}
