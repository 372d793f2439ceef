package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.NamedSender;
import java.time.Duration;

/// A child that sends numbers from zero on by a name: so many, or without an end.
public final class NamedSendingChild {

    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private NamedSendingChild() {}

    /// Sends.
    ///
    /// @param arguments the name, how many receivers are waited for, how many numbers are sent
    public static void main(String[] arguments) throws Exception {
        int receivers = Integer.parseInt(arguments[1]);
        long count = Long.parseLong(arguments[2]);
        try (NamedSender<Long> sender = NamedSender.open(arguments[0], Long.class)) {
            sender.waitForReceivers(receivers, PATIENCE);
            System.out.println("sending");
            for (long number = 0; number < count; number++) {
                sender.send(number);
            }
            System.out.println("sent");
            Talker.awaitCue();
        }
    }
}
