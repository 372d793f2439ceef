package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;

/// A sender of five messages, and the receivers that all get them.
final class Broadcasting {

    private static final String NAME = "broadcast";
    private static final int MESSAGES = 5;
    private static final int RECEIVERS = 2;

    private Broadcasting() {}

    /// Sends the messages once there are two receivers, or after five seconds.
    static void send(PrintStream out) throws InterruptedException {
        try (var channel = IpcChannel.open(ChannelType.ROUTE, NAME, ConnMode.SENDER)) {
            boolean _ = channel.waitForReceivers(RECEIVERS, 5000);
            for (int i = 0; i < MESSAGES; i++) {
                String message = "Broadcast message " + i;
                channel.send(message.getBytes(UTF_8));
                out.println("Broadcasted: " + message);
            }
        }
    }

    static void receive(String id, PrintStream out) throws InterruptedException {
        try (var channel = IpcChannel.open(ChannelType.ROUTE, NAME, ConnMode.RECEIVER)) {
            for (int i = 0; i < MESSAGES; i++) {
                out.println("Receiver " + id + " got: " + new String(channel.receive(), UTF_8));
            }
        }
    }
}
