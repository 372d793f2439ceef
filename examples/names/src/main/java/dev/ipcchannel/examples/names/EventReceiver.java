package dev.ipcchannel.examples.names;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.Heartbeat;
import dev.ipcchannel.named.NamedReceiver;
import java.io.PrintStream;
import java.time.Duration;

/// A receiver whose heartbeat shows that it is ready. It prints each message until Ctrl-C.
final class EventReceiver {

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(3);

    private EventReceiver() {}

    static void run(PrintStream out) throws InterruptedException {
        out.println("Initializing receiver...");
        // 1. Open the name, whether or not a sender has it open already.
        try (NamedReceiver<ExampleMessage> receiver =
                NamedReceiver.open(ExampleMessage.CHANNEL, ExampleMessage.class)) {
            // 2. Start the heartbeat: from now on this process counts as ready.
            out.println("Starting heartbeat to signal readiness...");
            Heartbeat heartbeat = receiver.startHeartbeat(BEAT);
            // 4. Leave at Ctrl-C: no sender counts this receiver after that, and the loop below
            //    ends once it has received what was sent until then.
            try (CtrlC _ = new CtrlC(() -> {
                out.println("\nReceived Ctrl+C, shutting down gracefully...");
                out.println("Stopping heartbeat...");
                heartbeat.stop();
                receiver.leave();
            })) {
                out.println("Receiver is ready! Heartbeat active. Waiting for messages...");
                out.println("(The sender should now detect the ready signal and start sending)");
                out.println("Press Ctrl+C to stop gracefully...");
                receive(receiver, out);
                out.println("Receiver stopped cleanly.");
            }
        }
    }

    /// 3. Receives until this receiver has left.
    private static void receive(NamedReceiver<ExampleMessage> receiver, PrintStream out)
            throws InterruptedException {
        int received = 0;
        while (!out.checkError()) {
            try {
                ExampleMessage message = receiver.receive(IDLE);
                received++;
                out.println("Received message #" + received + ": " + message);
            } catch (TimedOut _) {
                if (received > 0) {
                    out.println(
                            "Waiting for more messages... (received " + received + " so far)");
                }
            } catch (Disconnected _) { // it has left
                return;
            }
        }
    }
}
