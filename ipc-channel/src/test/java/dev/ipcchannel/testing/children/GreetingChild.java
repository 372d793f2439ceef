package dev.ipcchannel.testing.children;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;

/// A child that connects to the server of its first argument, sends its second and ends.
public final class GreetingChild {

    private GreetingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Sender<String> parent = OneShotServer.connect(arguments[0], String.class)) {
            parent.send(arguments[1]);
        }
    }
}
