package dev.ipcchannel.testing;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.select.ReceiverSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A public method that waits, with a way to make it wait.
///
/// A call of a [dev.ipcchannel.call.Caller] that cannot be answered any more may fail at once, or
/// return something that has failed. Here it fails in both cases.
///
/// @param method its name and the types of its parameters
/// @param end the object that it waits on
/// @param isTimed whether it takes a timeout
/// @param call makes the call
public record BlockingVerb(String method, End end, boolean isTimed, Call call) {

    /// The object that a method waits on.
    public enum End {
        /// A sender whose ring is full.
        SENDER,
        /// A receiver without messages.
        RECEIVER,
        /// Both as a pair.
        DUPLEX,
        /// A set with a receiver without messages.
        SET,
        /// A server without clients.
        SERVER,
        /// The output of a silent child.
        OUTPUT,
        /// A caller that gets no answer.
        CALLER,
        /// A caller without room for a question.
        FULL_CALLER,
        /// A responder that is asked nothing.
        RESPONDER,
        /// A question, without room for a reply. A wait to end it ends silently with its caller.
        QUESTION,
        /// The same, for parts of its answer. A wait to send one fails with its caller.
        PARTS_OF_AN_ANSWER
    }

    /// A call of the method, with the timeout if it has one.
    @FunctionalInterface
    public interface Call {

        /// Makes the call.
        @Nullable
        Object on(Scene scene, Duration timeout) throws Exception;
    }

    /// All objects to wait on.
    ///
    /// @param sender whose ring is full
    /// @param receiver without messages
    /// @param set that the receiver can be selected in
    /// @param server without clients
    /// @param output of a silent child
    /// @param calls that stall
    public record Scene(Sender<String> sender, Receiver<String> receiver, ReceiverSet<String> set,
            OneShotServer<?> server, ChildOutput output, StalledCalls calls) {

        /// Fills the sender's ring.
        public Scene {
            while (sender.trySend("") == SendOutcome.SENT) {
                // one more
            }
        }

        /// Sender and receiver as a pair.
        public Duplex<String, String> duplex() {
            return new Duplex<>(sender, receiver);
        }

        /// The set with the receiver in it.
        private ReceiverSet<String> filledSet() {
            if (set.isEmpty()) {
                set.add(receiver);
            }
            return set;
        }

        /// Closes the object that a method waits on.
        public void close(End end) {
            switch (end) {
                case SENDER -> sender.close();
                case RECEIVER -> receiver.close();
                case DUPLEX -> duplex().close();
                case SET -> set.close();
                case SERVER -> server.close();
                case OUTPUT -> output.close();
                case CALLER -> calls.caller().close();
                case FULL_CALLER -> calls.fullCaller().close();
                case RESPONDER -> calls.responder().close();
                case QUESTION, PARTS_OF_AN_ANSWER -> calls.fullResponder().close();
            }
        }
    }

    /// An observer of a call that is to fail.
    private static final class FailureObserver implements CallObserver<String> {

        private final CompletableFuture<String> end = new CompletableFuture<>();

        @Override
        public void onPart(String part) {
            throw new AssertionError(part);
        }

        @Override
        public void onEnd(@Nullable String last) {
            end.complete(last);
        }

        @Override
        public void onFailure(RuntimeException failure) {
            end.completeExceptionally(failure);
        }
    }

    private static final String LONG = "x".repeat(100);
    private static final int ROOM = 100;

    /// All waiting methods, which a test compares with the library's.
    public static final List<BlockingVerb> ALL = List.of(
            verb("Sender.send(Object)", End.SENDER, (scene, _) -> {
                scene.sender().send(LONG);
                return null;
            }),
            timed("Sender.send(Object, Duration)", End.SENDER, (scene, timeout) -> {
                scene.sender().send(LONG, timeout);
                return null;
            }),
            verb("Sender.claim(int)", End.SENDER, (scene, _) -> scene.sender().claim(ROOM)),
            timed("Sender.claim(int, Duration)", End.SENDER,
                    (scene, timeout) -> scene.sender().claim(ROOM, timeout)),
            verb("Receiver.receive()", End.RECEIVER, (scene, _) -> scene.receiver().receive()),
            timed("Receiver.receive(Duration)", End.RECEIVER,
                    (scene, timeout) -> scene.receiver().receive(timeout)),
            verb("Receiver.receive(MessageHandler, int)", End.RECEIVER,
                    (scene, _) -> scene.receiver().receive((_, _, _) -> {}, 1)),
            timed("Receiver.receive(MessageHandler, int, Duration)", End.RECEIVER,
                    (scene, timeout) -> scene.receiver().receive((_, _, _) -> {}, 1, timeout)),
            verb("Duplex.send(Object)", End.DUPLEX, (scene, _) -> {
                scene.duplex().send(LONG);
                return null;
            }),
            timed("Duplex.send(Object, Duration)", End.DUPLEX, (scene, timeout) -> {
                scene.duplex().send(LONG, timeout);
                return null;
            }),
            verb("Duplex.receive()", End.DUPLEX, (scene, _) -> scene.duplex().receive()),
            timed("Duplex.receive(Duration)", End.DUPLEX,
                    (scene, timeout) -> scene.duplex().receive(timeout)),
            verb("ReceiverSet.select()", End.SET, (scene, _) -> scene.filledSet().select()),
            timed("ReceiverSet.select(Duration)", End.SET,
                    (scene, timeout) -> scene.filledSet().select(timeout)),
            timed("OneShotServer.accept(Process, Duration)", End.SERVER,
                    (scene, timeout) -> scene.server().accept(scene.output().process(), timeout)),
            timed("OneShotServer.accept(Duration)", End.SERVER,
                    (scene, timeout) -> scene.server().accept(timeout)),
            timed("ChildOutput.accept(OneShotServer, Duration)", End.SERVER,
                    (scene, timeout) -> scene.output().accept(scene.server(), timeout)),
            timed("ChildOutput.readLine(Duration)", End.OUTPUT,
                    (scene, timeout) -> scene.output().readLine(timeout)),
            timed("ChildOutput.awaitExit(Duration)", End.OUTPUT,
                    (scene, timeout) -> scene.output().awaitExit(timeout)),
            verb("Caller.call(Object)", End.CALLER,
                    (scene, _) -> scene.calls().caller().call("")),
            timed("Caller.call(Object, Duration)", End.CALLER,
                    (scene, timeout) -> scene.calls().caller().call("", timeout)),
            verb("Caller.send(Object)", End.FULL_CALLER,
                    (scene, _) -> result(scene.calls().fullCaller().send(""))),
            timed("Caller.send(Object, Duration)", End.FULL_CALLER,
                    (scene, timeout) -> result(scene.calls().fullCaller().send("", timeout))),
            verb("Caller.stream(Object)", End.FULL_CALLER,
                    (scene, _) -> scene.calls().fullCaller().stream("").next()),
            timed("Caller.stream(Object, Duration)", End.FULL_CALLER,
                    (scene, timeout) -> scene.calls().fullCaller().stream("", timeout).next()),
            verb("Caller.observe(Object, CallObserver)", End.FULL_CALLER, (scene, _) -> {
                FailureObserver observer = new FailureObserver();
                scene.calls().fullCaller().observe("", observer).await();
                return result(observer.end);
            }),
            verb("ObservedCall.await()", End.CALLER, (scene, _) -> {
                FailureObserver observer = new FailureObserver();
                scene.calls().caller().observe("", observer).await();
                return result(observer.end);
            }),
            timed("ObservedCall.await(Duration)", End.CALLER, (scene, timeout) -> {
                FailureObserver observer = new FailureObserver();
                boolean isOver = scene.calls().caller().observe("", observer).await(timeout);
                return isOver ? result(observer.end) : false;
            }),
            verb("Parts.next()", End.CALLER,
                    (scene, _) -> scene.calls().caller().stream("").next()),
            timed("Parts.next(Duration)", End.CALLER,
                    (scene, timeout) -> scene.calls().caller().stream("").next(timeout)),
            verb("Responder.receive()", End.RESPONDER,
                    (scene, _) -> scene.calls().responder().receive()),
            timed("Responder.receive(Duration)", End.RESPONDER,
                    (scene, timeout) -> scene.calls().responder().receive(timeout)),
            verb("Responder.serve(Handler)", End.RESPONDER, (scene, _) -> {
                scene.calls().responder().serve((question, _) -> question);
                return null;
            }),
            verb("Responder.serve(Handler, Executor)", End.RESPONDER, (scene, _) -> {
                scene.calls().responder().serve((question, _) -> question, Runnable::run);
                return null;
            }),
            verb("Question.send(Object)", End.QUESTION, (scene, _) -> {
                scene.calls().question().send("");
                return null;
            }),
            verb("Question.end()", End.QUESTION, (scene, _) -> {
                scene.calls().question().end();
                return null;
            }),
            verb("Question.fail(Throwable)", End.QUESTION, (scene, _) -> {
                scene.calls().question().fail(new IllegalStateException());
                return null;
            }),
            verb("Question.partIfOpen(Object)", End.QUESTION, (scene, _) -> {
                scene.calls().question().partIfOpen("");
                return null;
            }),
            verb("Question.part(Object)", End.PARTS_OF_AN_ANSWER, (scene, _) -> {
                scene.calls().question().part("");
                return null;
            }),
            timed("Question.part(Object, Duration)", End.PARTS_OF_AN_ANSWER, (scene, timeout) -> {
                scene.calls().question().part("", timeout);
                return null;
            }));

    /// The methods that have no form with a timeout, and why.
    public static final Map<String, String> WITHOUT_TIMEOUT = Map.of(
            "Caller.observe(Object, CallObserver)",
            "tryObserve does not wait, for a thread that has something else to do",
            "Responder.serve(Handler)", "it serves until the callers are gone or it is closed",
            "Responder.serve(Handler, Executor)", "the same",
            "Question.send(Object)", "the caller waits for it: without it, it would for ever",
            "Question.end()", "the same",
            "Question.fail(Throwable)", "the same",
            "Question.partIfOpen(Object)", "part(Object, Duration) has one");

    /// The methods that throw `InterruptedException` and are not in the table, and why.
    public static final Map<String, String> NOT_HERE = Map.of(
            "Link.send(Object)", "abstract: see Duplex",
            "Link.send(Object, Duration)", "abstract: see Duplex",
            "Link.receive()", "abstract: see Duplex",
            "Link.receive(Duration)", "abstract: see Duplex",
            "Exchange.part(Object)", "abstract: see Question",
            "Exchange.part(Object, Duration)", "abstract: see Question",
            "Handler.whileItTakesLong(Exchange)", "the library calls it",
            "ObservedCall.receiveWhile(BooleanSupplier, Duration)", "it waits a millisecond",
            "Responder.tryReceive()", "it does not wait");

    private static BlockingVerb verb(String method, End end, Call call) {
        return new BlockingVerb(method, end, false, call);
    }

    private static BlockingVerb timed(String method, End end, Call call) {
        return new BlockingVerb(method, end, true, call);
    }

    /// The result of a call, which throws what that has failed with.
    private static String result(CompletableFuture<String> call) throws Exception {
        try {
            return call.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException failure ? failure : failed;
        }
    }

    @Override
    public String toString() {
        return method;
    }
}
