package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Routers that hand messages to handlers.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RouterTest {

    /// A message of plain values.
    record Person(String name, int age) {}

    @RegisterExtension
    final Children children = new Children();

    private final BlockingQueue<Object> handled = new LinkedBlockingQueue<>();

    @Test
    void messageSentBeforeTheRouteIsHandled() throws Exception {
        Channel<Person> people = Channel.create(Person.class);
        Channel<Integer> numbers = Channel.create(Integer.class);
        try (Router router = Router.open()) {
            people.sender().send(new Person("Ada", 36));
            router.route(people.receiver(), handled::add);
            assertThat(next()).isEqualTo(new Person("Ada", 36));

            numbers.sender().send(42);
            router.route(numbers.receiver(), handled::add);
            assertThat(next()).isEqualTo(42);
        }
        assertThatThrownBy(() -> people.sender().send(new Person("late", 0)))
                .isInstanceOf(Disconnected.class);
        people.sender().close();
        numbers.sender().close();
    }

    @Test
    void routeOfAClosedRouterIsRefusedAndItsReceiverStaysTheCallers() throws Exception {
        Router router = Router.open();
        router.close();
        router.close();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            assertThatThrownBy(() -> router.route(channel.receiver(), handled::add))
                    .isInstanceOf(EndClosed.class).hasMessageContaining("router was closed");

            channel.sender().send(1);
            assertThat(channel.receiver().receive()).isEqualTo(1);
        }
    }

    @Test
    void unusedRouterCloses() {
        try (Router router = Router.open()) {
            assertThat(router.count()).isZero();
        }
    }

    @Test
    void handlerOfARouteForOneMessageRunsOnceAndIsLetGo() throws Exception {
        try (Router router = Router.open(); Channel<Integer> channel =
                Channel.create(Integer.class)) {
            WeakReference<Object> captured = routeOnce(router, channel.receiver());
            channel.sender().send(1);
            assertThat(next()).isEqualTo(1);

            channel.sender().send(2);
            channel.sender().send(3);

            awaitCollected(captured);
            assertThat(handled).isEmpty();
        }
    }

    private WeakReference<Object> routeOnce(Router router, Receiver<Integer> receiver) {
        Object captured = new Object();
        router.routeOnce(receiver, message -> {
            assertThat(captured).isNotNull();
            handled.add(message);
        });
        return new WeakReference<>(captured);
    }

    @Test
    void handlerIsLetGoWithTheLastOfFourSenders() throws Exception {
        try (Router router = Router.open()) {
            Channel<Integer> channel = Channel.create(Integer.class);
            List<Sender<Integer>> senders = new ArrayList<>(List.of(channel.sender()));
            for (int i = 0; i < 3; i++) {
                senders.add(channel.sender().share());
            }
            CompletableFuture<IpcException> end = new CompletableFuture<>();
            WeakReference<Object> captured = routeWithEnd(router, channel.receiver(), end);
            for (Sender<Integer> sender : senders) {
                assertThat(end).isNotDone();
                sender.send(7);
                assertThat(next()).isEqualTo(7);
                sender.close();
            }

            assertThat(end.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(Disconnected.class);
            awaitCollected(captured);
            await("the route is over").atMost(Children.PATIENCE)
                    .until(() -> router.count() == 0);
        }
    }

    private WeakReference<Object> routeWithEnd(Router router, Receiver<Integer> receiver,
            CompletableFuture<IpcException> end) {
        Object captured = new Object();
        router.route(receiver, message -> {
            assertThat(captured).isNotNull();
            handled.add(message);
        }, end::complete);
        return new WeakReference<>(captured);
    }

    @Test
    void twoRoutesAreServedWhateverThreadSends() throws Exception {
        int messages = 10_000;
        try (Router router = Router.open()) {
            Channel<Integer> first = Channel.create(Integer.class);
            Channel<Integer> second = Channel.create(Integer.class);
            first.sender().send(-1);
            second.sender().send(-1);
            Counter one = new Counter();
            Counter two = new Counter();
            router.route(first.receiver(), one);
            router.route(second.receiver(), two);
            Waits<Void> sendsToFirst = Waits.run(() -> sendAll(first.sender(), messages));
            Waits<Void> sendsToSecond = Waits.run(() -> sendAll(second.sender(), messages));

            assertThat(one.end.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(messages);
            assertThat(two.end.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(messages);
            sendsToFirst.value();
            sendsToSecond.value();
        }
    }

    private static void sendAll(Sender<Integer> sender, int messages)
            throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            sender.send(i);
        }
        sender.close();
    }

    /// A handler that checks the order and counts the messages.
    private static final class Counter implements RouteHandler<Integer> {

        private final CompletableFuture<Integer> end = new CompletableFuture<>();
        private int next = -1;

        @Override
        public void onMessage(Integer message) {
            if (message != next) {
                end.completeExceptionally(new AssertionError(message + " instead of " + next));
            }
            next++;
        }

        @Override
        public void onEnd(IpcException cause) {
            end.complete(next);
        }
    }

    @Test
    void executorKeepsTheOrderOfEachRouteAndABlockedHandlerDelaysNoOther() throws Exception {
        int messages = 10_000;
        try (ExecutorService threads = Executors.newCachedThreadPool();
                Router router = Router.open(threads)) {
            Channel<Integer> ordered = Channel.create(Integer.class);
            Channel<Integer> blocked = Channel.create(Integer.class);
            CountDownLatch release = new CountDownLatch(1);
            router.route(blocked.receiver(), message -> {
                awaitLatch(release);
                handled.add(message);
            });
            blocked.sender().send(1);
            blocked.sender().send(2);
            Counter counter = new Counter();
            router.route(ordered.receiver(), counter);
            ordered.sender().send(-1);
            sendAll(ordered.sender(), messages);

            assertThat(counter.end.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(messages);
            assertThat(handled).isEmpty();
            release.countDown();
            assertThat(next()).isEqualTo(1);
            assertThat(next()).isEqualTo(2);
            blocked.sender().close();
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void longMessageIsHandled() throws Exception {
        List<Person> many = IntStream.range(0, 64 * 1024)
                .mapToObj(i -> new Person("person " + i, i)).toList();
        try (Router router = Router.open()) {
            Channel<List<Person>> channel = Channel.create(new TypeToken<List<Person>>() {});
            router.route(channel.receiver(), handled::add);

            channel.sender().send(many);

            assertThat(next()).isEqualTo(many);
            channel.sender().close();
        }
    }

    @Test
    void handlerThatThrowsIsCalledAgain() throws Exception {
        try (Router router = Router.open(); Channel<Integer> channel =
                Channel.create(Integer.class)) {
            router.route(channel.receiver(), message -> {
                handled.add(message);
                if (message == 1) {
                    throw new IllegalStateException("of the handler");
                }
                if (message == 2) {
                    throw new AssertionError("an Error of the handler");
                }
            });
            for (int i = 1; i <= 3; i++) {
                channel.sender().send(i);
                assertThat(next()).isEqualTo(i);
            }
        }
    }

    @Test
    void handlerClosesItsRouter() throws Exception {
        Router router = Router.open();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            channel.sender().send(1);
            channel.sender().send(2);
            router.route(channel.receiver(), message -> {
                handled.add(message);
                router.close();
            });

            assertThat(next()).isEqualTo(1);
            router.close();
            assertThat(handled).isEmpty();
        }
    }

    @Test
    void handlerSendsToItsOwnChannelAsLongAsThereIsRoom() throws Exception {
        try (Router router = Router.open(); Channel<Integer> channel =
                Channel.create(Integer.class)) {
            router.route(channel.receiver(), message -> {
                handled.add(message);
                if (message < 1000) {
                    assertThat(channel.sender().trySend(message + 1))
                            .isEqualTo(SendOutcome.SENT);
                }
            });
            channel.sender().send(1);
            for (int i = 1; i <= 1000; i++) {
                assertThat(next()).isEqualTo(i);
            }
        }
    }

    @Test
    void handlerAddsARouteAndClosesItsOwn() throws Exception {
        try (Router router = Router.open()) {
            Channel<Integer> first = Channel.create(Integer.class);
            Channel<Integer> second = Channel.create(Integer.class);
            AtomicReference<@Nullable Route> route = new AtomicReference<>();
            CountDownLatch isSet = new CountDownLatch(1);
            route.set(router.route(first.receiver(), _ -> {
                awaitLatch(isSet);
                router.route(second.receiver(), handled::add);
                Route own = route.get();
                if (own != null) {
                    own.close();
                }
            }));
            isSet.countDown();
            second.sender().send(2);
            first.sender().send(1);

            assertThat(next()).isEqualTo(2);
            await("its senders learn of it").atMost(Children.PATIENCE)
                    .until(() -> !first.sender().isConnected());
            assertThat(router.count()).isEqualTo(1);
            first.sender().close();
            second.sender().close();
        }
    }

    @Test
    void thousandRoutesComeAndGoUnderTraffic() throws Exception {
        try (Router router = Router.open()) {
            Channel<Integer> steady = Channel.create(Integer.class);
            AtomicInteger last = new AtomicInteger(-1);
            router.route(steady.receiver(), message -> {
                if (!last.compareAndSet(message - 1, message)) {
                    handled.add("out of order: " + message);
                }
            });
            for (int i = 0; i < 1000; i++) {
                Channel<Integer> passing = Channel.create(Integer.class,
                        ChannelOptions.defaults().withCapacity(4096));
                Route route = router.route(passing.receiver(), handled::add);
                passing.sender().send(i);
                steady.sender().send(i);
                assertThat(next()).isEqualTo(i);
                if (i % 2 == 0) {
                    route.close();
                }
                passing.sender().close();
            }
            await("all have gone").atMost(Children.PATIENCE).until(() -> router.count() == 1);
            await("nothing was lost").atMost(Children.PATIENCE).until(() -> last.get() == 999);
            assertThat(handled).isEmpty();
            steady.sender().close();
        }
    }

    @Test
    void receiverWithARouteIsRefusedToOthers() throws Exception {
        try (Router router = Router.open(); Channel<Integer> channel =
                Channel.create(Integer.class)) {
            router.route(channel.receiver(), handled::add);

            assertThatThrownBy(() -> router.route(channel.receiver(), handled::add))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(channel.receiver()::receive)
                    .isInstanceOf(IllegalStateException.class);
            channel.sender().send(5);
            assertThat(next()).isEqualTo(5);
        }
    }

    @Test
    void whatARefusingExecutorDoesNotRunIsRunByTheRouter() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        threads.shutdown();
        try (Router router = Router.open(threads); Channel<Integer> channel =
                Channel.create(Integer.class)) {
            router.route(channel.receiver(), handled::add);
            channel.sender().send(1);
            channel.sender().send(2);

            assertThat(next()).isEqualTo(1);
            assertThat(next()).isEqualTo(2);
        }
    }

    @Test
    void whatAnExecutorWithoutThreadsDoesNotRunIsRunByTheRouter() throws Exception {
        try (Router router = Router.open(_ -> {
            throw new OutOfMemoryError("unable to create native thread, as the JVM has it");
        }); Channel<Integer> channel = Channel.create(Integer.class)) {
            router.route(channel.receiver(), handled::add);
            channel.sender().send(1);
            assertThat(next()).isEqualTo(1);

            channel.sender().send(2);
            assertThat(next()).isEqualTo(2);
        }
    }

    private Object next() throws InterruptedException {
        Object message = handled.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("handled in time").isNotNull();
        return message;
    }

    private static void awaitCollected(WeakReference<Object> captured) {
        await("the handler is let go").atMost(Children.PATIENCE).until(() -> {
            System.gc();
            return captured.get() == null;
        });
    }
}
