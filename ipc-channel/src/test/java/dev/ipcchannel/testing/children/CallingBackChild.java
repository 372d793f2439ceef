package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;

/// A child that hands a sender over to the server of its first argument, waits for a message
/// through it, and sends that on to the server of its second.
public final class CallingBackChild {

    private CallingBackChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<String> orders = Channel.create(String.class)) {
            try (Sender<Handover> first = OneShotServer.connect(arguments[0], Handover.class)) {
                first.send(new Handover(orders.sender()));
            }
            String order = orders.receiver().receive();
            try (Sender<String> second = OneShotServer.connect(arguments[1], String.class)) {
                second.send(order + " from the child");
            }
        }
    }
}
