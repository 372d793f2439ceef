package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;

/// A child that sends all messages back until none can come any more.
public final class EchoChild {

    private EchoChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Duplex<String, String> parent = Talker.connect(arguments)) {
            while (true) {
                parent.send(parent.receive());
            }
        } catch (Disconnected end) {
            System.out.println("the end: " + end.getMessage());
        }
    }
}
