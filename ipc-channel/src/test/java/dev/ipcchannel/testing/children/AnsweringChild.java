package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// A child that sends a sender inside a later message, waits for a message through it, and answers
/// that.
public final class AnsweringChild {

    /// The ends that it hands over first.
    ///
    /// @param handovers gives the sender
    /// @param answers gives the answer
    public record Offer(Receiver<Handover> handovers,
            Receiver<String> answers) {}

    private AnsweringChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Handover> handovers = Channel.create(Handover.class);
                Channel<String> answers = Channel.create(String.class);
                Channel<String> questions = Channel.create(String.class)) {
            try (Sender<Offer> parent = OneShotServer.connect(arguments[0], Offer.class)) {
                parent.send(new Offer(handovers.receiver(), answers.receiver()));
            }
            handovers.sender().send(new Handover(questions.sender()));
            answers.sender().send("bar to " + questions.receiver().receive());
        }
    }
}
