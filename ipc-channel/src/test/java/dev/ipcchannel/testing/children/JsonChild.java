package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import java.util.List;
import java.util.Optional;

/// A child that takes a request in JSON and answers it through the sender inside.
public final class JsonChild {

    /// The end that it hands over, in JSON as well.
    ///
    /// @param requests takes the request
    public record Counter(Sender<Request> requests) {}

    /// The request that it takes.
    ///
    /// @param names of the people to greet
    /// @param answers for the answer; empty if none is wanted
    public record Request(List<String> names, Optional<Sender<String>> answers) {}

    private JsonChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Request> requests = Channel.create(Codec.json(Request.class))) {
            try (Sender<Counter> parent =
                    OneShotServer.connect(arguments[0], Codec.json(Counter.class))) {
                parent.send(new Counter(requests.sender()));
            }
            Request request = requests.receiver().receive();
            try (Sender<String> answers = request.answers().orElseThrow()) {
                for (String name : request.names()) {
                    answers.send("hello " + name);
                }
            }
        }
    }
}
