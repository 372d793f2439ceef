package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;
import java.time.Duration;

/// A sender and a receiver of one message, in either order of start.
final class HelloWorld {

    private static final String NAME = "my_channel";
    private static final Duration LINGER = Duration.ofSeconds(30);

    private HelloWorld() {}

    /// Sends the message. Without a receiver the message is kept for one that comes within half a
    /// minute.
    static void send(PrintStream out) throws InterruptedException {
        try (var sender = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.SENDER,
                BroadcastOptions.defaults().withLinger(LINGER))) {
            boolean isKept = sender.receiverCount() == 0;
            sender.send("Hello, World!".getBytes(UTF_8));
            out.println("Sent: Hello, World!");
            if (isKept) {
                out.println("(Nobody receives yet: this program waits for a receiver for "
                        + LINGER.toSeconds() + " seconds)");
            }
        }
    }

    static void receive(PrintStream out) throws InterruptedException {
        try (var receiver = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.RECEIVER)) {
            byte[] data = receiver.receive();
            out.println("Received: " + new String(data, UTF_8));
        }
    }
}
