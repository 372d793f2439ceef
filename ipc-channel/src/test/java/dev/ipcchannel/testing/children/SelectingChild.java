package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;

/// A child that selects from two channels and sends back what comes, until both have come to their
/// end. The thread that selects is called "selecting".
public final class SelectingChild {

    /// The ends that it hands over.
    ///
    /// @param first to the child
    /// @param second to the child
    /// @param echoes from the child
    public record Lines(Sender<String> first, Sender<String> second, Receiver<String> echoes) {}

    private SelectingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Thread selecting = new Thread(() -> selectAll(arguments[0]), "selecting");
        selecting.start();
        selecting.join();
    }

    private static void selectAll(String name) {
        try (Channel<String> first = Channel.create(String.class);
                Channel<String> second = Channel.create(String.class);
                Channel<String> echoes = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(first.receiver());
            set.add(second.receiver());
            try (Sender<Lines> parent = OneShotServer.connect(name, Lines.class)) {
                parent.send(new Lines(first.sender(), second.sender(), echoes.receiver()));
            }
            while (!set.isEmpty()) {
                for (ReceiverEvent<String> event : set.select()) {
                    if (event instanceof ReceiverEvent.Message<String>(_, String message)) {
                        echoes.sender().send(message);
                    }
                }
            }
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
