package dev.ipcchannel.testing.children;

import dev.ipcchannel.Duplex;
import java.io.IOException;

/// A child that connects, prints "ready", and neither sends nor receives until its cue.
public final class IdleChild {

    private IdleChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Duplex<String, String> parent = Talker.connect(arguments)) {
            parent.send("ready");
            Talker.awaitCue();
        }
    }
}
