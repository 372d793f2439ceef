package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;

/// A child that takes one sender and sends through it as many numbered messages as its second
/// argument says, each after the word in its third.
public final class NumberingChild {

    private NumberingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Handover> orders = Channel.create(Handover.class)) {
            try (Sender<Desk> parent = OneShotServer.connect(arguments[0], Desk.class)) {
                parent.send(new Desk(orders.sender()));
            }
            try (Sender<String> sender = orders.receiver().receive().sender()) {
                for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                    sender.send(arguments[2] + " " + i);
                }
            }
        }
    }
}
