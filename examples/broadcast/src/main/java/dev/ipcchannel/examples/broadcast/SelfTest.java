package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;
import java.time.Duration;

/// A program that sends five messages within one process, from one thread to another.
final class SelfTest {

    private static final String NAME = "test_channel";
    private static final int MESSAGES = 5;

    private SelfTest() {}

    static void run(Duration pause, int patience, PrintStream out)
            throws InterruptedException {
        try (var receiver = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.RECEIVER);
                var sender = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.SENDER)) {
            Thread sending = Thread.ofVirtual().start(() -> send(sender, pause, out));
            for (int i = 0; i < MESSAGES; i++) {
                out.println("Received: " + new String(receiver.receive(patience), UTF_8));
            }
            sending.join();
        }
        out.println("Test completed!");
    }

    private static void send(IpcChannel<byte[]> sender, Duration pause, PrintStream out) {
        try {
            for (int i = 0; i < MESSAGES; i++) {
                String message = "Hello " + i;
                out.println("Sent: " + message); // first: it may be received at once
                sender.send(message.getBytes(UTF_8));
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
