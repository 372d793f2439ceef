package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.select.Route;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.CarriedEnds;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Senders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Decoded messages that are dropped: the ends in them are closed at once, not when the collector
/// finds them.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DroppedEndsTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    /// A codec of messages with a sender each, which it keeps reachable.
    private static final class KeepingSenders implements Codec<List<Sender<String>>> {

        private final Senders codec = new Senders();
        private final List<Sender<String>> kept = new ArrayList<>();

        @Override
        public void encode(List<Sender<String>> message, Encoder out) {
            codec.encode(message, out);
        }

        @Override
        public List<Sender<String>> decode(Decoder in) {
            List<Sender<String>> senders = codec.decode(in);
            synchronized (kept) {
                kept.addAll(senders);
            }
            return senders;
        }
    }

    @RegisterExtension
    final Children children = new Children();

    private final Channel<List<Sender<String>>> carrier = Channel.create(new KeepingSenders());
    private final CarriedEnds ends = new CarriedEnds();

    @AfterEach
    void close() {
        carrier.close();
        ends.close();
    }

    @Test
    void messagesAfterTheHandlerThatClosesItsRouteAreClosed() throws Exception {
        send(3);
        CompletableFuture<Route> route = new CompletableFuture<>();
        CompletableFuture<Void> handled = new CompletableFuture<>();
        try (Router router = Router.open()) {
            route.complete(router.route(carrier.receiver(), message -> {
                message.forEach(Sender::close);
                route.join().close();
                handled.complete(null);
            }));
            handled.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            ends.assertAllClosed(); // the whole batch had been decoded by then
        }
    }

    @Test
    void batchThatWaitsInAnExecutorIsClosedWithItsRouter() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        send(3);
        Router router = Router.open(tasks::add);
        router.route(carrier.receiver(), message -> message.forEach(Sender::close));
        Runnable task = tasks.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        router.close();

        ends.assertAllClosed();
        assertThat(task).isNotNull();
        task.run(); // finds nothing any more
    }

    @Test
    void laterMessagesOfARouteForOneAreClosed() throws Exception {
        CountDownLatch handled = new CountDownLatch(1);
        try (Router router = Router.open()) {
            router.routeOnce(carrier.receiver(), message -> {
                message.forEach(Sender::close);
                handled.countDown();
            });
            send(3);
            assertThat(handled.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            ends.awaitAllClosed();
        }
    }

    @Test
    void messageThatCameWithTheCloseIsNotLeftOpenWhicheverIsFirst() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (Channel<List<Sender<String>>> passing = Channel.create(new KeepingSenders());
                    Channel<String> inner = Channel.create(String.class)) {
                Router router = Router.open();
                router.route(passing.receiver(), message -> message.forEach(Sender::close));
                passing.sender().send(List.of(inner.sender().share()));
                inner.sender().close();
                router.close();
                // An end that was still in the socket is closed with its queue, on the closer's
                // thread.
                await("round " + i).atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                        .until(() -> !inner.receiver().isConnected());
            }
        }
    }

    @Test
    void codecThatCannotFindTheEndsInAMessageHindersNoClose() throws Exception {
        Codec<String> oneWay = new Codec<>() {
            private boolean isSent;

            @Override
            public void encode(String message, Encoder out) {
                if (isSent) {
                    throw new IllegalStateException("it is made to be sent once");
                }
                isSent = true;
                out.putString(message);
            }

            @Override
            public String decode(Decoder in) {
                return in.getString();
            }
        };
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        try (Channel<String> channel = Channel.create(oneWay)) {
            channel.sender().send("a message");
            Router router = Router.open(tasks::add);
            router.route(channel.receiver(), _ -> {});
            assertThat(tasks.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();

            router.close();

            assertThatThrownBy(() -> channel.receiver().receive(SHORT))
                    .isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void endsOfEveryKindAreClosed() throws Exception {
        record All(Sender<String> sender, List<Receiver<String>> receivers,
                OpaqueSender opaqueSender, OpaqueReceiver opaqueReceiver, SharedBytes bytes) {}
        for (Codec<All> codec : List.of(Codec.of(All.class), Codec.json(All.class))) {
            Channel<String> first = Channel.create(String.class);
            Channel<String> second = Channel.create(String.class);
            BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
            try (Channel<All> channel = Channel.create(codec);
                    SharedBytes bytes = SharedBytes.of(new byte[100_000])) {
                long before = Children.descriptors();
                channel.sender().send(new All(first.sender(), List.of(second.receiver()),
                        second.sender().erase(), first.receiver().erase(), bytes));
                Router router = Router.open(tasks::add);
                router.route(channel.receiver(), _ -> {});
                assertThat(tasks.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isNotNull();

                router.close();

                assertThat(Children.descriptors()).as("those of two channels are gone")
                        .isLessThan(before);
            }
        }
    }

    private void send(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Sender<String> inner = ends.sender();
            carrier.sender().send(List.of(inner.share()));
            inner.close();
        }
    }
}
