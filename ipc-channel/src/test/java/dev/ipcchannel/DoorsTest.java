package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.QueueChannel;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The public ends on a [QueueChannel], which implements only `Outgoing` and `Incoming`: every
/// method works with it.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoorsTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final QueueChannel queue = new QueueChannel();

    private Sender<String> sender() {
        return new Sender<>(queue.outgoing(), Codec.utf8(), new Origin());
    }

    private Receiver<String> receiver() {
        return new Receiver<>(queue.incoming(), Codec.utf8(), new Origin());
    }

    @Test
    void messagesComeInOrderAndThenTheEnd() throws InterruptedException {
        try (Receiver<String> receiver = receiver()) {
            try (Sender<String> sender = sender()) {
                sender.send("one");
                sender.send("two", Children.PATIENCE);
                assertThat(sender.trySend("three")).isEqualTo(SendOutcome.SENT);
                assertThat(sender.stats().messages()).isEqualTo(3);
            }

            assertThat(receiver.receive()).isEqualTo("one");
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("two");
            assertThat(receiver.tryReceive()).isEqualTo("three");
            assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
            assertThat(receiver.stats().messages()).isEqualTo(3);
        }
    }

    @Test
    void senderWaitsForRoomAndReceiverForAMessage() throws Exception {
        try (Sender<String> sender = sender(); Receiver<String> receiver = receiver()) {
            assertThatThrownBy(() -> receiver.receive(SHORT)).isInstanceOf(TimedOut.class);
            for (int i = 0; i < QueueChannel.CAPACITY; i++) {
                sender.send("message " + i);
            }
            assertThat(sender.trySend("too many")).isEqualTo(SendOutcome.FULL);
            assertThatThrownBy(() -> sender.send("too many", SHORT)).isInstanceOf(TimedOut.class);
            Waits<Boolean> waiting = Waits.in(() -> {
                sender.send("last");
                return true;
            });

            for (int i = 0; i < QueueChannel.CAPACITY; i++) {
                assertThat(receiver.receive()).isEqualTo("message " + i);
            }
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("last");
            assertThat(waiting.value()).isTrue();
        }
    }

    @Test
    void claimIsAMessageOnceItIsCommitted() throws InterruptedException {
        QueueChannel bytes = new QueueChannel();
        try (Sender<byte[]> sender = new Sender<>(bytes.outgoing(), Codec.bytes(), new Origin());
                Receiver<byte[]> receiver =
                        new Receiver<>(bytes.incoming(), Codec.bytes(), new Origin())) {
            try (Claim claim = sender.claim(1)) {
                claim.memory().set(ValueLayout.JAVA_BYTE, claim.offset(), (byte) 7);
                claim.commit();
            }
            try (Claim given = sender.claim(1)) {
                assertThat(given.length()).isEqualTo(1); // and not committed
            }

            assertThat(receiver.receive()).containsExactly(7);
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void handlerReadsInPlace() throws InterruptedException {
        try (Sender<String> sender = sender(); Receiver<String> receiver = receiver()) {
            sender.send("a");
            sender.send("b");
            List<Integer> seen = new ArrayList<>();

            int handled = receiver.receive((memory, index, length) -> seen
                    .add((int) memory.get(ValueLayout.JAVA_BYTE, index)), 10);

            assertThat(handled).isEqualTo(2);
            assertThat(seen).containsExactly((int) 'a', (int) 'b');
        }
    }

    @Test
    void closeOfTheReceiverEndsItsWaitAndTheSendersVerbs() throws Exception {
        try (Sender<String> sender = sender()) {
            Receiver<String> receiver = receiver();
            Waits<String> waiting = Waits.in(receiver::receive);

            receiver.close();

            waiting.failure().isInstanceOf(EndClosed.class);
            assertThatThrownBy(() -> sender.send("late")).isInstanceOf(Disconnected.class);
            assertThat(sender.isConnected()).isFalse();
        }
    }

    @Test
    void iteratorStreamAndFutureStandOnIt() throws Exception {
        try (Sender<String> sender = sender(); Receiver<String> receiver = receiver()) {
            CompletableFuture<String> future = receiver.receiveAsync();
            sender.send("future");
            assertThat(future.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("future");
            sender.send("iterator");
            Iterator<String> messages = receiver.iterator();
            assertThat(messages.hasNext()).isTrue(); // and it stays
            assertThat(messages.next()).isEqualTo("iterator");
            sender.send("stream");
            assertThat(receiver.stream().limit(1).toList()).containsExactly("stream");
        }
    }

    @Test
    void setSelectsItBesideAChannelOfLanes() throws InterruptedException {
        try (Sender<String> sender = sender(); Receiver<String> receiver = receiver();
                Channel<String> lanes = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(receiver);
            set.add(lanes.receiver());
            assertThat(set.select(SHORT)).isEmpty(); // parked
            sender.send("queue");
            lanes.sender().send("lanes");
            List<ReceiverEvent<String>> events = new ArrayList<>();
            while (events.size() < 2) {
                events.addAll(set.select());
            }

            assertThat(events).containsExactlyInAnyOrder(
                    new ReceiverEvent.Message<>(receiver, "queue"),
                    new ReceiverEvent.Message<>(lanes.receiver(), "lanes"));
            assertThatThrownBy(receiver::receive).isInstanceOf(IllegalStateException.class);
            assertThat(set.remove(receiver)).isTrue();
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void routerHandsItsMessagesOnAndItsEnd() throws InterruptedException {
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        try (Router router = Router.open()) {
            try (Sender<String> sender = sender()) {
                router.route(receiver(), handled::add, _ -> handled.add("the end"));
                sender.send("one");
                assertThat(handled.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("one");
            }

            assertThat(handled.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("the end");
        }
    }

    @Test
    void callsGoOverTwoOfThem() throws Exception {
        QueueChannel back = new QueueChannel();
        Codec<Request<String>> requests = Codec.of(new TypeToken<>() {});
        Codec<Reply<String>> replies = Codec.of(new TypeToken<>() {});
        Duplex<Request<String>, Reply<String>> asking = new Duplex<>(
                new Sender<>(queue.outgoing(), requests, new Origin()),
                new Receiver<>(back.incoming(), replies, new Origin()));
        Duplex<Reply<String>, Request<String>> answering = new Duplex<>(
                new Sender<>(back.outgoing(), replies, new Origin()),
                new Receiver<>(queue.incoming(), requests, new Origin()));
        try (Responder<String, String> responder = new Responder<>(answering)) {
            Waits<Boolean> serving = Waits.in(() -> {
                responder.serve((question, _) -> question + "!");
                return true;
            });
            try (Caller<String, String> caller = new Caller<>(asking)) {
                assertThat(caller.call("well", Children.PATIENCE)).isEqualTo("well!");
            }

            assertThat(serving.value()).isTrue(); // it ends when the caller does
        }
    }

    @Test
    void sendersThatAreSharedExclusiveOrErasedAllReachIt() throws InterruptedException {
        try (Sender<String> sender = sender(); Receiver<String> receiver = receiver()) {
            Sender<String> shared = sender.share();
            Sender<String> exclusive = sender.exclusive();
            Sender<String> restored = sender.erase().as(Codec.utf8());
            shared.send("shared");
            exclusive.send("exclusive");
            restored.send("restored");

            assertThat(receiver.stream().limit(3).toList())
                    .containsExactly("shared", "exclusive", "restored");
            Receiver<String> again = receiver.erase().as(Codec.utf8());
            shared.close();
            exclusive.close();
            restored.close();
            assertThatThrownBy(again::receive).isInstanceOf(Disconnected.class);
            again.close();
        }
    }

    @Test
    void claimCanBeCommittedAfterAClose() throws InterruptedException {
        QueueChannel bytes = new QueueChannel();
        Sender<byte[]> sender = new Sender<>(bytes.outgoing(), Codec.bytes(), new Origin());
        try (Receiver<byte[]> receiver =
                new Receiver<>(bytes.incoming(), Codec.bytes(), new Origin())) {
            Claim claim = sender.claim(1);
            sender.close();
            claim.commit();

            assertThat(receiver.receive()).containsExactly(0);
        }
    }

    @Test
    void endOfEachSideIsReported() throws Exception {
        CompletableFuture<Boolean> receiverGone = new CompletableFuture<>();
        CompletableFuture<Boolean> sendersGone = new CompletableFuture<>();
        try (Sender<String> sender = sender()) {
            Receiver<String> receiver = receiver();
            sender.onDisconnect(() -> receiverGone.complete(true));
            receiver.close();
            assertThat(receiverGone).succeedsWithin(Children.PATIENCE);
        }
        QueueChannel other = new QueueChannel();
        try (Receiver<String> receiver =
                new Receiver<>(other.incoming(), Codec.utf8(), new Origin())) {
            new Sender<>(other.outgoing(), Codec.utf8(), new Origin()).close();
            receiver.onDisconnect(() -> sendersGone.complete(true));
            assertThat(sendersGone).succeedsWithin(Children.PATIENCE);
        }
    }

    @Test
    void subscriberGetsWhatItAsksFor() {
        CompletableFuture<String> first = new CompletableFuture<>();
        try (Sender<String> sender = sender(); Receiver<String> receiver = receiver()) {
            receiver.publisher().subscribe(new Flow.Subscriber<>() {

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                public void onNext(String message) {
                    first.complete(message);
                }

                @Override
                public void onError(Throwable failure) {
                    first.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {}
            });
            assertThat(sender.trySend("one")).isEqualTo(SendOutcome.SENT);

            assertThat(first).succeedsWithin(Children.PATIENCE).isEqualTo("one");
        }
    }

    @Test
    void itDoesNotGoIntoAMessage() throws InterruptedException {
        try (Sender<String> sender = sender();
                Channel<Sender<String>> other = Channel.create(new TypeToken<>() {})) {
            assertThatThrownBy(() -> other.sender().send(sender))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessageEndingWith("a queue stays in its process");

            sender.send("it is usable still");
        }
    }
}
