package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;

/// A child that takes sender after sender, and sends "pong" once through each.
public final class PongChild {

    private PongChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Handover> orders = Channel.create(Handover.class)) {
            try (Sender<Desk> parent = OneShotServer.connect(arguments[0], Desk.class)) {
                parent.send(new Desk(orders.sender()));
            }
            while (true) {
                try (Sender<String> sender = orders.receiver().receive().sender()) {
                    sender.send("pong");
                }
            }
        } catch (Disconnected end) {
            System.out.println("the end: " + end.getMessage());
        }
    }
}
