package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;

/// One message without a channel of one's own, to and from whoever has the name open.
final class Convenience {

    private static final String NAME = "my_channel";

    private Convenience() {}

    static void send() throws InterruptedException {
        IpcChannel.sendMessage(NAME, "Hello!".getBytes(UTF_8));
    }

    static void receive(int patience, PrintStream out) throws InterruptedException {
        out.println("Received: "
                + new String(IpcChannel.receiveMessage(NAME, patience), UTF_8));
    }
}
