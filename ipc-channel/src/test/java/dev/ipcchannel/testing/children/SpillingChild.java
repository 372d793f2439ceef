package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import java.io.IOException;

/// A child that sends a message that is longer than its process may make a file, prints the
/// failure, and sends and receives a shorter one.
public final class SpillingChild {

    /// Bytes of the file that it may make.
    public static final int LIMIT = 1024 * 1024;

    private SpillingChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            for (int i = 0; i < 100; i++) { // many failures must leave nothing
                tooLong(channel, i);
            }
            channel.sender().send(new byte[LIMIT]);
            System.out.println("received " + channel.receiver().receive().length);
        }
    }

    private static void tooLong(Channel<byte[]> channel, int attempt) {
        try {
            SendOutcome outcome = channel.sender().trySend(new byte[LIMIT + 1]);
            System.out.println("sent: " + outcome);
        } catch (ResourceExhausted failure) {
            if (attempt == 0) {
                System.out.println(failure.getMessage());
            }
        }
    }
}
