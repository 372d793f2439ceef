package dev.ipcchannel.testing.children;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A child that answers questions until its caller is gone, then prints "the end".
public final class CallsChild {

    /// A question to it.
    public sealed interface Question {}

    /// A question that is sent back.
    ///
    /// @param text to send back
    public record Echo(String text) implements Question {}

    /// A question that is answered in parts, numbers from 0.
    ///
    /// @param parts how many
    public record Count(int parts) implements Question {}

    /// A question that is never answered.
    public record Wait() implements Question {}

    /// A question that is answered by an exception of a class that the caller does not have.
    public record Fail() implements Question {}

    /// The ends that it hands over.
    ///
    /// @param calls the caller's ends
    public record Calls(Duplex<Request<Question>, Reply<String>> calls) {}

    private static final class Unheard extends Exception {

        private static final long serialVersionUID = 1;

        private Unheard(String message) {
            super(message);
        }
    }

    private CallsChild() {}

    /// Answers questions, each in its way.
    ///
    /// @param arguments the server's name, and `concurrent` to answer on virtual threads
    public static void main(String[] arguments) throws InterruptedException {
        Responder.Pair<Question, String> pair = Responder.create(Question.class, String.class);
        try (Sender<Calls> parent = OneShotServer.connect(arguments[0], Calls.class)) {
            parent.send(new Calls(pair.far()));
        }
        try (Responder<Question, String> responder = pair.near();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            if (arguments.length > 1) {
                responder.serve(CallsChild::answer, executor);
            } else {
                responder.serve(CallsChild::answer);
            }
        }
        System.out.println("the end");
    }

    private static @Nullable String answer(Question question, Exchange<String> exchange)
            throws Exception {
        return switch (question) {
            case Echo(String text) -> text;
            case Count(int parts) -> {
                for (int i = 0; i < parts; i++) {
                    exchange.part(String.valueOf(i));
                }
                yield null;
            }
            case Wait _ -> {
                new CountDownLatch(1).await();
                yield null;
            }
            case Fail _ -> throw new Unheard("it is so");
        };
    }
}
