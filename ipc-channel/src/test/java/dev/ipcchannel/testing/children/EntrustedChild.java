package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import java.util.List;

/// A child that gets ends made by its parent, uses them as ordered, and then does nothing.
public final class EntrustedChild {

    /// The ends that it hands over.
    ///
    /// @param trusts takes the ends
    /// @param said has a message for each, once the order is done
    /// @param unused from a channel by which it never sends
    public record Office(Sender<Trust> trusts, Receiver<String> said, Receiver<String> unused) {}

    /// The ends for it, with an order.
    ///
    /// @param order `hold`, `send`, `send and close`, `close` or `send and halt`
    public record Trust(String order, Sender<String> sender, Receiver<String> receiver) {}

    /// The code that it halts with.
    public static final int EXIT_CODE = 7;

    private EntrustedChild() {}

    public static void main(String[] arguments) throws Exception {
        Channel<Trust> trusts = Channel.create(Trust.class);
        Channel<String> said = Channel.create(String.class);
        Channel<String> unused = Channel.create(String.class);
        try (Sender<Office> parent = OneShotServer.connect(arguments[0], Office.class)) {
            parent.send(new Office(trusts.sender(), said.receiver(), unused.receiver()));
        }
        Trust trust = trusts.receiver().receive();
        List<String> order = List.of(trust.order().split(" and ", -1));
        if (order.contains("send")) {
            trust.sender().send("sent");
        }
        if (order.contains("close")) {
            trust.sender().close();
            trust.receiver().close();
        }
        said.sender().send(trust.order());
        if (order.contains("halt")) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        Talker.awaitCue();
        unused.close();
    }
}
