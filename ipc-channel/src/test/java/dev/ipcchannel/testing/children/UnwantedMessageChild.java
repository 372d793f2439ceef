package dev.ipcchannel.testing.children;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;

/// A child that connects properly and sends a string where the parent expects channel ends.
public final class UnwantedMessageChild {

    private UnwantedMessageChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Sender<String> parent = OneShotServer.connect(arguments[0], String.class)) {
            parent.send("no channel ends at all");
        }
    }
}
