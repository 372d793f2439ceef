package dev.ipcchannel.testing.children;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import java.time.Duration;

/// A child that needs no parent: it loads the classes that most children load, and ends.
public final class WarmChild {

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final String WORD = "a word";

    private WarmChild() {}

    /// Connects with itself, and sends a word there and back.
    public static void main(String[] arguments) throws InterruptedException {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            Thread child = Thread.ofPlatform().start(() -> echo(server.name()));
            Talk talk = server.accept(PATIENCE);
            try (var toChild = talk.toChild(); var fromChild = talk.fromChild()) {
                toChild.send(WORD);
                if (!fromChild.receive().equals(WORD)) {
                    throw new AssertionError("another word came back");
                }
            }
            child.join();
        }
    }

    private static void echo(String server) {
        try (Duplex<String, String> parent = Talker.connect(new String[]{server})) {
            parent.send(parent.receive());
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
