package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.RouteHandler;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.SecondChild;
import dev.ipcchannel.testing.children.SecondChild.Question;
import dev.ipcchannel.testing.children.ServerChild;
import dev.ipcchannel.testing.children.SilentChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Further clients of a one-shot server, which accepts only one: the others are refused.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecondClientTest {

    /// The message of a client that gives orders.
    public record Offer(Receiver<String> orders) {}

    /// A codec that takes the ends out of a message and then refuses it.
    private static final Codec<Question> PICKY = new Codec<>() {
        @Override
        public void encode(Question message, Encoder out) {
            out.put(message.replies());
        }

        @Override
        public Question decode(Decoder in) {
            in.get(Sender.kind(Codec.utf8())).close();
            throw new IllegalArgumentException("too picky");
        }
    };

    /// The message that a server expects.
    public record Order(long price) {}

    /// The home of another record of that name.
    public interface Cheap {

        /// The message that a client sends in its place.
        record Order(int price, String note) {}
    }

    private static final int MORE_THAN_ARE_LOOKED_AT = 40; // at once

    /// Terms that accept any message.
    private static final Child.Terms NO_TERMS = new Child.Terms() {
        @Override
        public void check(Object message) {}

        @Override
        public boolean isBroken(RuntimeException failure) {
            return false;
        }

        @Override
        public @Nullable String words(RuntimeException failure) {
            return null;
        }
    };

    @RegisterExtension
    final Children children = new Children();

    @Test
    void clientThatConnectedBeforeTheFirstWasAcceptedIsRefusedAtItsFirstMessage()
            throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class);
                Sender<String> second = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThat(second.isConnected()).isFalse();
            assertThatThrownBy(() -> second.send("second")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("this client was not accepted: ")
                    .hasMessageContaining(server.name());
            assertThatThrownBy(() -> second.trySend("again")).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void clientWhoseMessageIsLostFailsAtTheNextCall() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class);
                Sender<String> second = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            second.send("second");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThat(second.isConnected()).isFalse();
            assertThatThrownBy(() -> second.send("again")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("this client was not accepted, and its message is lost");
        }
    }

    @Test
    void receiverWhoseSenderWasInTheLostMessageSaysIt() throws Exception {
        try (OneShotServer<Question> server = OneShotServer.open(Question.class);
                Channel<String> first = Channel.create(String.class);
                Channel<String> second = Channel.create(String.class)) {
            send(server.name(), new Question(first.sender()), Codec.of(Question.class));
            send(server.name(), new Question(second.sender()), Codec.of(Question.class));
            Question accepted = server.accept(Children.PATIENCE);

            assertIsNotAccepted(server, () -> second.receiver().receive());
            assertIsNotAccepted(server, () -> second.receiver().tryReceive());
            accepted.replies().send("reply");
            accepted.replies().close();
            assertThat(first.receiver().receive()).isEqualTo("reply");
            assertThatThrownBy(() -> first.receiver().receive()).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("every sender has been closed")
                    .hasMessageNotContaining("not accepted");
        }
    }

    @Test
    void senderWhoseReceiverWasInTheLostMessageSaysIt() throws Exception {
        try (OneShotServer<Offer> server = OneShotServer.open(Offer.class);
                Channel<String> first = Channel.create(String.class);
                Channel<String> second = Channel.create(String.class);
                Channel<String> third = Channel.create(String.class)) {
            third.sender().send("before");
            for (Channel<String> channel : List.of(first, second, third)) {
                send(server.name(), new Offer(channel.receiver()), Codec.of(Offer.class));
            }
            Offer accepted = server.accept(Children.PATIENCE);

            assertIsNotAccepted(server, () -> sendUntilItFails(second.sender()));
            assertIsNotAccepted(server, () -> sendUntilItFails(third.sender()));
            first.sender().send("order");
            assertThat(accepted.orders().receive()).isEqualTo("order");
            accepted.orders().close();
            assertThatThrownBy(() -> sendUntilItFails(first.sender()))
                    .isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver was closed")
                    .hasMessageNotContaining("not accepted");
        }
    }

    @Test
    void receiverOfAClientOfAServerThatIsClosedSaysIt() throws Exception {
        OneShotServer<Question> server = OneShotServer.open(Question.class);
        try (Channel<String> channel = Channel.create(String.class)) {
            send(server.name(), new Question(channel.sender()), Codec.of(Question.class));

            server.close();

            assertIsNotAccepted(server, () -> channel.receiver().receive());
        }
    }

    @Test
    void receiverOfAClientWhoseMessageCannotBeReadSaysIt() throws Exception {
        try (OneShotServer<Question> server = OneShotServer.open(PICKY);
                Channel<String> channel = Channel.create(String.class)) {
            send(server.name(), new Question(channel.sender()), PICKY);

            assertThatThrownBy(() -> server.accept(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("turned away=1");

            assertIsNotAccepted(server, () -> channel.receiver().receive());
        }
    }

    @Test
    void receiverOfAnotherProcessSaysIt() throws Exception {
        try (OneShotServer<Question> server = OneShotServer.open(Question.class);
                Channel<String> first = Channel.create(String.class)) {
            send(server.name(), new Question(first.sender()), Codec.of(Question.class));
            ChildJvm child = children.command().piped().start(SecondChild.class, server.name());
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo(SecondChild.SENT);

            server.accept(Children.PATIENCE).replies().close();

            assertThat(child.captured().readLine(Children.PATIENCE))
                    .contains("this client was not accepted, and its message is lost",
                            server.name())
                    .endsWith("isDeath=false");
            child.awaitExit(0);
        }
    }

    @Test
    void clientGetsTheReasonWhyItWasNotAccepted() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class);
                Sender<String> second = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            second.send("second");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThatThrownBy(() -> second.send("again")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("this client was not accepted, and its message is lost:"
                            + " name=" + server.name() + ": the server has accepted another client,"
                            + " and accepts one: start another one for this, and use its name");
        }
    }

    /// The user of a child does not know of a server.
    @Test
    void refusalOfAChildNamesItsParentAndNoServer() throws Exception {
        ChildJvm child = children.start(SilentChild.class);
        Process process = child.process();
        OneShotServer<String> given = OneShotServer.open(String.class);
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Child.Start _ = Child.Start.begin(process, "a child", _ -> List.of(), NO_TERMS,
                        System.nanoTime());
                Sender<Integer> other = OneShotServer.connect(server.name(), Integer.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class);
                Sender<String> second = OneShotServer.connect(server.name(), String.class);
                Sender<String> third = OneShotServer.connect(given.name(), String.class)) {
            other.send(1);
            first.send("first");
            assertThat(server.accept(process, Children.PATIENCE)).isEqualTo("first");
            assertThatThrownBy(() -> given.accept(process, Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class);
            given.close();

            assertThatThrownBy(() -> other.send(2)).isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining(": the parent expects another type: Integer here,"
                            + " String in the parent: give both sides the same one");
            assertThatThrownBy(() -> second.send("second")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(": another process has connected for this start before"
                            + " it: one does for each start")
                    .hasMessageNotContaining("start another");
            assertThatThrownBy(() -> third.send("third")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(": the start that waited for it is over")
                    .hasMessageNotContaining("start another");
        }
        child.cue();
        child.awaitExit(0);
    }

    @Test
    void clientGetsTheReasonThatTheServerWasClosed() throws Exception {
        OneShotServer<String> server = OneShotServer.open(String.class);
        try (Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
            assertThatThrownBy(() -> server.accept(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class);

            server.close();

            assertThatThrownBy(() -> client.send("late")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(": the server was closed: start another one for this");
        }
    }

    @Test
    void clientNotYetLookedAtGetsTheReasonThatTheServerWasClosed() throws Exception {
        OneShotServer<String> server = OneShotServer.open(String.class);
        try (Sender<String> client = OneShotServer.connect(server.name(), String.class)) {

            server.close();

            assertThatThrownBy(() -> client.send("late")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(": the server was closed: start another one for this");
        }
    }

    @Test
    void clientNotYetLookedAtGetsTheReasonThatAnotherWasAccepted() throws Exception {
        List<Sender<String>> clients = new ArrayList<>();
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            for (int i = 0; i < MORE_THAN_ARE_LOOKED_AT; i++) {
                clients.add(OneShotServer.connect(server.name(), String.class));
            }

            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThat(clients).allSatisfy(client -> assertThatThrownBy(() -> client.send("late"))
                    .isInstanceOf(Disconnected.class)
                    .hasMessageContaining(": the server has accepted another client"));
        } finally {
            clients.forEach(Sender::close);
        }
    }

    @Test
    void clientWithoutAReasonGuessesNone() throws Exception {
        ChildJvm child = children.command().piped().start(ServerChild.class);
        String name = String.valueOf(child.captured().readLine(Children.PATIENCE));
        try (Sender<String> client = OneShotServer.connect(name, String.class)) {

            child.kill();

            assertThatThrownBy(() -> client.send("late")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining(": the server has ended the connection, and has not said"
                            + " why: a server accepts one client: start another one")
                    .hasMessageContaining("the server's pid=" + child.process().pid())
                    .hasMessageNotContaining("or its process has ended");
        }
        OneShotServer.open(String.class).close(); // which sweeps the files of the killed server
    }

    @Test
    void clientOfAnotherTypeGetsTheTypesThatDiffer() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<Integer> client = OneShotServer.connect(server.name(), Integer.class)) {
            client.send(1);
            assertThatThrownBy(() -> server.accept(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("turned away=1");

            assertThatThrownBy(() -> client.send(2)).isInstanceOf(TypeMismatch.class).hasNoCause()
                    .hasMessageContaining(": the server expects another type: Integer here,"
                            + " String in the server: give both sides the same one");
            assertThat(client.isConnected()).isFalse();
        }
    }

    /// The component is named as in the server's type.
    @Test
    void clientOfAnotherRecordGetsTheComponent() throws Exception {
        try (OneShotServer<Order> server = OneShotServer.open(Order.class);
                Sender<Cheap.Order> client =
                        OneShotServer.connect(server.name(), Cheap.Order.class)) {
            client.send(new Cheap.Order(1, "a"));
            assertThatThrownBy(() -> server.accept(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("Order.price: long here, int there; Order.note: only"
                            + " there: give both the same one");

            assertThatThrownBy(() -> client.send(new Cheap.Order(2, "b")))
                    .isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("Order.price: int here, long in the server; Order.note:"
                            + " only here: give both sides the same one");
        }
    }

    @Test
    void refusalForItsTypesIsTheEndInASet() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Channel<String> replies = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(replies.receiver());
            sendToAnother(server, replies);

            assertThat(set.select(Children.PATIENCE)).singleElement().isInstanceOfSatisfying(
                    ReceiverEvent.Closed.class,
                    closed -> assertThat(closed.cause()).isInstanceOf(TypeMismatch.class));
            assertThat(set.isEmpty()).isTrue();
        }
    }

    @Test
    void refusalForItsTypesIsTheEndOfARoute() throws Exception {
        CompletableFuture<IpcException> ended = new CompletableFuture<>();
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Channel<String> replies = Channel.create(String.class);
                Router router = Router.open()) {
            router.route(replies.receiver(), new RouteHandler<>() {

                @Override
                public void onMessage(String message) {}

                @Override
                public void onFailure(RuntimeException failure) {
                    failures.add(failure);
                }

                @Override
                public void onEnd(IpcException cause) {
                    ended.complete(cause);
                }
            });
            sendToAnother(server, replies);

            assertThat(ended.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(TypeMismatch.class);
            assertThat(failures).isEmpty();
        }
    }

    /// Sends the sender to a server of another type, which refuses it.
    private static void sendToAnother(OneShotServer<String> server, Channel<String> replies)
            throws Exception {
        try (Sender<Question> client = OneShotServer.connect(server.name(), Question.class)) {
            client.send(new Question(replies.sender()));
            assertThatThrownBy(() -> server.accept(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("turned away=1");
        }
    }

    private static <T> void send(String name, T message, Codec<T> codec) throws Exception {
        try (Sender<T> client = OneShotServer.connect(name, codec)) {
            client.send(message);
        }
    }

    private static void sendUntilItFails(Sender<String> sender) throws Exception {
        while (true) { // the ends in the lost message are closed a moment after its client
            sender.send("x");
        }
    }

    private static void assertIsNotAccepted(OneShotServer<?> server, ThrowingCallable verb) {
        assertThatThrownBy(verb).isInstanceOfSatisfying(Disconnected.class, failure -> {
            assertThat(failure.isDeath()).isFalse();
            assertThat(failure).hasMessageContaining(
                    "this client was not accepted, and its message is lost")
                    .hasMessageContaining(server.name());
        });
    }

    @Test
    void silentClientIsDistinguishedFromNone() throws Exception {
        Duration moment = Duration.ofMillis(50);
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            assertThatThrownBy(() -> server.accept(moment)).isInstanceOf(TimedOut.class)
                    .hasMessage("no client connected within the time given: timeout=50 ms, server="
                            + server.name() + ": see that a client is given this name, and calls"
                            + " OneShotServer.connect");
            try (Sender<String> _ = OneShotServer.connect(server.name(), String.class)) {
                assertThatThrownBy(() -> server.accept(moment)).isInstanceOf(TimedOut.class)
                        .hasMessage("a client connected, and sent no first message within the time"
                                + " given: timeout=50 ms, server=" + server.name());
            }
        }
    }

    @Test
    void clientThatConnectsAfterTheFirstWasAcceptedIsRefused() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThatThrownBy(() -> OneShotServer.connect(server.name(), String.class))
                    .isInstanceOf(Disconnected.class)
                    .hasMessageContainingAll("it has accepted its client, was closed",
                            "or this process sees other folders than that one")
                    .hasNoCause();
        }
    }

    @Test
    void acceptedClientGetsNoRefusal() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            first.send("more");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThatThrownBy(() -> first.send("even more")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver was closed");
        }
    }
}
