package dev.ipcchannel.examples.names;

import dev.ipcchannel.named.NamedSender;
import java.io.PrintStream;

/// A sender of five messages, each ten times as long as the one before. It waits for a receiver if
/// there is none.
final class BasicSender {

    private static final int[] SIZES = {1 << 10, 10 << 10, 100 << 10, 1 << 20, 10 << 20};

    private BasicSender() {}

    static void run(PrintStream out) throws InterruptedException {
        try (NamedSender<ExampleMessage> sender =
                NamedSender.open(ExampleMessage.CHANNEL, ExampleMessage.class)) {
            for (int id = 0; id < SIZES.length; id++) {
                out.println("Sending message #" + id + ": " + SIZES[id] + " bytes of data");
                sender.send(new ExampleMessage(id, "x".repeat(SIZES[id])));
                out.println("  Message #" + id + " sent successfully");
            }
            out.println("All messages sent! Sender finished.");
        }
    }
}
