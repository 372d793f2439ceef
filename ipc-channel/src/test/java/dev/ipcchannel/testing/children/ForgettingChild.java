package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.testing.CaughtLog;

/// A child that forgets one end, waits for the log's line about it, and prints that: in a separate
/// process, since the log writes only the first such line at once.
///
/// Argument: `sender`, `receiver` or `block`.
public final class ForgettingChild {

    /// The messages of the sender that is forgotten.
    ///
    /// @param number of an order
    public record Order(int number) {}

    private ForgettingChild() {}

    public static void main(String[] arguments) {
        try (CaughtLog log = CaughtLog.listen()) {
            AutoCloseable rest = forget(arguments[0]);
            while (log.lines().isEmpty()) {
                System.gc();
            }
            System.out.println(log.lines().getFirst());
            System.exit(rest == null ? 1 : 0); // it is reachable up to here
        }
    }

    /// @return the other end, which is not forgotten
    private static AutoCloseable forget(String kind) {
        return switch (kind) {
            case "sender" -> receiverWithoutSender();
            case "receiver" -> senderWithoutReceiver();
            case "block" -> blockForNoReader();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Receiver<Order> receiverWithoutSender() {
        Channel<Order> channel = Channel.create(Order.class);
        channel.sender().trySend(new Order(1));
        return channel.receiver();
    }

    private static Sender<String> senderWithoutReceiver() {
        return Channel.create(String.class).sender();
    }

    private static AutoCloseable blockForNoReader() {
        SharedBytes block = SharedBytes.of(new byte[12_345]);
        long length = block.length();
        return () -> System.out.println(length);
    }
}
