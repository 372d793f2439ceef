package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.IpcChannel;

/// A process that sends a message by each of several names without a receiver, and ends. Its first
/// argument says whether `main` sends them or a shutdown hook.
public final class SentOnceChild {

    private SentOnceChild() {}

    /// Sends, and ends.
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("hook")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> send(arguments)));
        } else {
            send(arguments);
        }
    }

    private static void send(String[] arguments) {
        try {
            for (int i = 1; i < arguments.length; i++) {
                IpcChannel.sendMessage(arguments[i], new byte[1]);
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }
}
