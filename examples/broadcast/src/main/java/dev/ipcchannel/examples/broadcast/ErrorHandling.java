package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;

/// A sender that prints the cause of a failure by its status.
final class ErrorHandling {

    private ErrorHandling() {}

    static void run(ChannelType type, boolean isStrict, PrintStream out)
            throws InterruptedException {
        try (var channel = IpcChannel.open(type, "test", ConnMode.SENDER,
                BroadcastOptions.defaults().withStrict(isStrict))) {
            channel.send("test data".getBytes(UTF_8));
        } catch (IpcException e) {
            switch (e.status()) {
                case CONNECTION_FAILED -> out.println("Failed to connect to channel");
                case TIMEOUT -> out.println("Operation timed out");
                default -> out.println("IPC Error: " + e.getMessage());
            }
        }
    }
}
