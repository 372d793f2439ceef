package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// A child that takes one receiver over, reads it to its end, and reports every message.
public final class HeirChild {

    /// Its last report.
    public static final String END = "the end";

    private HeirChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Estate> estates = Channel.create(Estate.class);
                Channel<String> reports = Channel.create(String.class)) {
            try (Sender<Heir> parent = OneShotServer.connect(arguments[0], Heir.class)) {
                parent.send(new Heir(estates.sender(), reports.receiver()));
            }
            try (Receiver<String> receiver = estates.receiver().receive().receiver()) {
                while (true) {
                    reports.sender().send(receiver.receive());
                }
            } catch (Disconnected _) {
                reports.sender().send(END);
            }
        }
    }
}
