package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// A child that takes a receiver over, finds another in its unread message, and reports the message
/// unread in that one.
public final class DiggingChild {

    /// The ends that it hands over.
    ///
    /// @param chests takes the outer receiver
    /// @param reports gives the message of the inner one
    public record Hole(Sender<Chest> chests, Receiver<String> reports) {}

    /// A message with the outer receiver.
    ///
    /// @param receiver gives the inner one
    public record Chest(Receiver<Estate> receiver) {}

    private DiggingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Chest> chests = Channel.create(Chest.class);
                Channel<String> reports = Channel.create(String.class)) {
            try (Sender<Hole> parent = OneShotServer.connect(arguments[0], Hole.class)) {
                parent.send(new Hole(chests.sender(), reports.receiver()));
            }
            try (Receiver<Estate> outer = chests.receiver().receive().receiver();
                    Receiver<String> inner = outer.receive().receiver()) {
                reports.sender().send(inner.receive());
            }
        }
    }
}
