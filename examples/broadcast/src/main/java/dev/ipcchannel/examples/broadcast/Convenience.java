package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;

/// Programs that send or receive one message by a name without opening a channel.
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
