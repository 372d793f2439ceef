package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;

/// A client that waits for replies on a receiver of its own, and prints what arrives.
public final class SecondChild {

    /// Printed once its message is sent.
    public static final String SENT = "sent";

    /// The message that it sends.
    public record Question(Sender<String> replies) {}

    private SecondChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<String> replies = Channel.create(String.class)) {
            try (Sender<Question> server =
                    OneShotServer.connect(arguments[0], Question.class)) {
                server.send(new Question(replies.sender()));
            }
            System.out.println(SENT);
            System.out.println("received " + replies.receiver().receive());
        } catch (Disconnected failure) {
            System.out.println(failure.getMessage() + ", isDeath=" + failure.isDeath());
        }
    }
}
