package dev.ipcchannel.examples.names;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.named.NamedOptions;
import dev.ipcchannel.named.NamedSender;
import dev.ipcchannel.named.Unreceived;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// A sender that waits until a receiver is ready, and then sends fifteen messages.
final class EventSender {

    private static final int MESSAGES = 15;
    // the first few; after the others it waits twice as long
    private static final int FAST_ONES = 5;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private EventSender() {}

    /// Sends the messages, with a pause after each, and returns whether all were sent.
    static boolean run(Duration pause, PrintStream out) throws InterruptedException {
        out.println("Initializing sender...");
        // 1. Open the name. A receiver that leaves later is a failure here, not something to wait
        //    for.
        try (NamedSender<ExampleMessage> sender =
                NamedSender.open(ExampleMessage.CHANNEL, ExampleMessage.class,
                        NamedOptions.defaults().withUnreceived(Unreceived.FAIL))) {
            out.println("Waiting for receiver to be ready...");
            out.println("(Start the event_receiver example in another terminal if you haven't"
                    + " already)");
            // 2. Wait for a receiver with a heartbeat.
            sender.waitUntilReady();
            out.println("Receiver ready signal detected! Starting to send messages...");
            // 3. Send.
            int failed = 0;
            for (int id = 0; id < MESSAGES; id++) {
                failed += isSent(sender, id, out) ? 0 : 1;
                Thread.sleep(after(id, pause));
            }
            out.println("All messages sent! Sender finished.");
            out.println("(The receiver should continue running and show all received messages)");
            return failed == 0;
        }
    }

    /// The pause after a message.
    static Duration after(int id, Duration pause) {
        return id < FAST_ONES ? pause : pause.multipliedBy(2);
    }

    private static boolean isSent(NamedSender<ExampleMessage> sender, int id, PrintStream out)
            throws InterruptedException {
        ExampleMessage message = new ExampleMessage(id, "Hello from sender! Message #" + id
                + " at " + TIME.format(LocalTime.now(ZoneOffset.UTC)));
        out.println("Sending message #" + id + ": " + message.data());
        try {
            sender.send(message);
            out.println("  Message #" + id + " sent successfully");
            return true;
        } catch (IpcException failure) {
            out.println("  Failed to send message #" + id + ": " + failure.getMessage());
            return false;
        }
    }
}
