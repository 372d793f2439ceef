package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;

/// A child that sends back whatever comes, until nothing more can come.
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
