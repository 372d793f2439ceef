package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;

/// A program that sends and receives without waiting. It does not receive its own message.
final class NonBlocking {

    private NonBlocking() {}

    static void run(PrintStream out) throws InterruptedException {
        try (var channel = IpcChannel.open(ChannelType.CHANNEL, "test", ConnMode.BOTH)) {
            if (channel.trySend("test data".getBytes(UTF_8))) {
                out.println("Data sent successfully");
            } else {
                out.println("Send would block");
            }
            byte[] data = channel.tryReceive();
            if (data != null) {
                out.println("Received: " + new String(data, UTF_8));
            } else {
                out.println("No data available");
            }
        }
    }
}
