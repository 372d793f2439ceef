package dev.ipcchannel.testing;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.select.ReceiverSet;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A public method that waits, with a way to make it wait.
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
        OUTPUT
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
    public record Scene(Sender<String> sender, Receiver<String> receiver, ReceiverSet<String> set,
            OneShotServer<?> server, ChildOutput output) {

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
            }
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
                    (scene, timeout) -> scene.output().awaitExit(timeout)));

    private static BlockingVerb verb(String method, End end, Call call) {
        return new BlockingVerb(method, end, false, call);
    }

    private static BlockingVerb timed(String method, End end, Call call) {
        return new BlockingVerb(method, end, true, call);
    }

    @Override
    public String toString() {
        return method;
    }
}
