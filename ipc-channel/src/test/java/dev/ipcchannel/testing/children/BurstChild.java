package dev.ipcchannel.testing.children;

import dev.ipcchannel.Duplex;
import java.io.IOException;

/// A child that connects, sends a burst of messages, prints that it has, and waits.
public final class BurstChild {

    /// How many messages it sends.
    public static final int COUNT = 50; // fit the ring

    private BurstChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Duplex<String, String> parent = Talker.connect(arguments)) {
            for (int i = 0; i < COUNT; i++) {
                parent.send("message " + i);
            }
            System.out.println("sent");
            Talker.awaitCue();
        }
    }
}
