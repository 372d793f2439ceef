package dev.ipcchannel.examples.names;

import dev.ipcchannel.named.NamedReceiver;
import java.io.PrintStream;

/// A receiver that prints the length of each message, until Ctrl-C.
final class BasicReceiver {

    private BasicReceiver() {}

    static void run(PrintStream out) throws InterruptedException {
        try (NamedReceiver<ExampleMessage> receiver =
                NamedReceiver.open(ExampleMessage.CHANNEL, ExampleMessage.class);
                CtrlC _ = new CtrlC(() -> {
                    out.println("\nReceived Ctrl+C, shutting down gracefully...");
                    receiver.leave();
                })) {
            out.println("Waiting for messages. Press Ctrl+C to stop gracefully...");
            int received = 0;
            for (ExampleMessage message : receiver) { // ends when the receiver has left
                received++;
                out.println("Received message #" + received + ": id=" + message.id() + ", "
                        + message.data().length() + " bytes of data");
                if (out.checkError()) {
                    return;
                }
            }
            out.println("Receiver stopped cleanly.");
        }
    }
}
