package dev.ipcchannel.testing;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import java.util.List;
import java.util.Objects;

/// Callers and responders whose other sides are left alone: no answer and no question comes, and
/// nothing that is sent is taken.
///
/// @param caller with room for questions
/// @param fullCaller without room for questions
/// @param responder that is asked nothing
/// @param fullResponder that was asked one question, without room for replies
/// @param question the one that it was asked
public record StalledCalls(Caller<String, String> caller, Caller<String, String> fullCaller,
        Responder<String, String> responder, Responder<String, String> fullResponder,
        Question<String, String> question) implements AutoCloseable {

    /// The ends that the callers and responders are made of, in this order.
    public record Ends(Duplex<Request<String>, Reply<String>> calls,
            Duplex<Request<String>, Reply<String>> fullCalls,
            Duplex<Reply<String>, Request<String>> questions,
            Duplex<Reply<String>, Request<String>> fullQuestions) {}

    /// Both sides of the channels. A close closes those that are left alone.
    ///
    /// @param ends for callers and responders
    /// @param leftAlone the other ends
    public record Pair(Ends ends, List<Duplex<?, ?>> leftAlone) implements AutoCloseable {

        @Override
        public void close() {
            leftAlone.forEach(Duplex::close);
        }
    }

    /// Makes the channels, and asks the one question.
    public static Pair create() {
        Duplex.Pair<Request<String>, Reply<String>> calls = channels();
        Duplex.Pair<Request<String>, Reply<String>> fullCalls = channels();
        Duplex.Pair<Request<String>, Reply<String>> questions = channels();
        Duplex.Pair<Request<String>, Reply<String>> fullQuestions = channels();
        SendOutcome _ = fullQuestions.near().trySend(new Request.Ask<>(1, "a question"));
        return new Pair(
                new Ends(calls.near(), fullCalls.near(), questions.far(), fullQuestions.far()),
                List.of(calls.far(), fullCalls.far(), questions.near(), fullQuestions.near()));
    }

    private static Duplex.Pair<Request<String>, Reply<String>> channels() {
        return Duplex.create(new TypeToken<Request<String>>() {}, new TypeToken<Reply<String>>() {},
                ChannelOptions.defaults().withCapacity(4096));
    }

    /// Makes them of their ends, in the process that made those or in another one.
    public static StalledCalls of(Ends ends) throws InterruptedException {
        fill(ends.fullCalls(), new Request.Cancel<>(1));
        fill(ends.fullQuestions(), new Reply.End<>(2));
        Responder<String, String> fullResponder = new Responder<>(ends.fullQuestions());
        return new StalledCalls(new Caller<>(ends.calls()), new Caller<>(ends.fullCalls()),
                new Responder<>(ends.questions()), fullResponder,
                Objects.requireNonNull(fullResponder.receive(Children.PATIENCE)));
    }

    /// Fills the ring with a message that is as short as any. A sender that has travelled has a
    /// ring of its own, so this is done where it is used.
    private static <T> void fill(Link<T, ?> ends, T message) {
        while (ends.trySend(message) == SendOutcome.SENT) {
            // one more
        }
    }

    @Override
    public void close() {
        caller.close();
        fullCaller.close();
        responder.close();
        fullResponder.close();
    }
}
