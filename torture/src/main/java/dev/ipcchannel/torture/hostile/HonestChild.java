package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;

/// The child that answers each question with the question itself, until its caller is gone.
///
/// Argument: the server's name.
public final class HonestChild {

    /// The ends that it sends to its parent.
    ///
    /// @param caller the ends of a caller
    record Desk(Duplex<Request<String>, Reply<String>> caller) {}

    private HonestChild() {}

    /// Runs the child.
    public static void main(String[] arguments) throws InterruptedException {
        Responder.Pair<String, String> pair = Responder.create(String.class, String.class);
        try (Responder<String, String> responder = pair.near();
                Sender<Desk> host = OneShotServer.connect(arguments[0], Desk.class)) {
            host.send(new Desk(pair.far()));
            responder.serve((question, _) -> question);
        }
    }
}
