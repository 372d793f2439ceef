package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Occupied;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A receiver as a publisher, by the rules of Reactive Streams. The numbers of the rules are beside
/// the tests.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessagePublisherTest {

    private static final int RACES = 3000;
    private static final int COUNT = 2000;

    @RegisterExtension
    final Children children = new Children();

    /// A subscriber that notes every signal, and that no two come at once.
    private static class Listener implements Flow.Subscriber<Integer> {

        final List<Integer> messages = new CopyOnWriteArrayList<>();
        final List<String> signals = new CopyOnWriteArrayList<>();
        final AtomicInteger inside = new AtomicInteger();
        volatile int mostInside;
        volatile Flow.@Nullable Subscription subscription;
        volatile @Nullable Throwable failure;

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            signal("subscribe", () -> subscription = begun);
        }

        @Override
        public void onNext(Integer message) {
            signal("next", () -> messages.add(message));
        }

        @Override
        public void onError(Throwable thrown) {
            signal("error", () -> failure = thrown);
        }

        @Override
        public void onComplete() {
            signal("complete", () -> {});
        }

        private void signal(String name, Runnable note) {
            mostInside = Math.max(mostInside, inside.incrementAndGet());
            note.run();
            signals.add(name);
            inside.decrementAndGet();
        }

        void request(long n) {
            subscription().request(n);
        }

        void cancel() {
            subscription().cancel();
        }

        private Flow.Subscription subscription() {
            Flow.Subscription begun = subscription;
            if (begun == null) {
                throw new AssertionError("no subscription");
            }
            return begun;
        }

        void awaitSignals(int count) {
            until(() -> signals.size() >= count);
        }
    }

    @Test
    void exactlyAsManyComeAsWereAskedFor() throws Exception { // rule 1.1
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            sendUpTo(channel, 6);
            Listener listener = subscribed(channel);

            listener.request(2);
            listener.awaitSignals(3);
            assertIdle(channel.receiver());
            assertThat(listener.messages).containsExactly(0, 1);

            listener.request(1);
            listener.request(2);
            listener.awaitSignals(6);
            assertThat(listener.messages).containsExactly(0, 1, 2, 3, 4);
            assertThat(channel.receiver().receive()).isEqualTo(5);
        }
    }

    @Test
    void withoutDemandAnyThreadReceives() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            channel.sender().send(1);

            assertThat(channel.receiver().receive()).isEqualTo(1);
            assertThat(listener.signals).containsExactly("subscribe");
        }
    }

    @Test
    void withDemandNoOtherThreadReceives() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            listener.request(1);
            Occupied.byAThread(channel.receiver());

            assertThatThrownBy(channel.receiver()::tryReceive)
                    .isInstanceOf(IllegalStateException.class);
            listener.cancel();
        }
    }

    @Test
    void messageIsTheSubscribersOnceTheCallThatAsksForItHasReturned() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            for (int i = 0; i < RACES; i++) {
                channel.sender().send(i);
                listener.request(1);
                try {
                    assertThat(channel.receiver().tryReceive()).as("after the demand").isNull();
                } catch (IllegalStateException refused) {
                    assertThat(refused).message().containsAnyOf("belongs to a subscriber",
                            "inside=ipc-channel publisher");
                }
                listener.awaitSignals(i + 2);
                assertThat(listener.messages).hasSize(i + 1);
            }
            listener.cancel();
        }
    }

    @Test
    void signalsComeOneAtATimeHoweverManyThreadsAsk() throws Exception { // rules 1.3 and 2.7
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            List<Waits<Void>> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(Waits.run(() -> {
                    for (int n = 0; n < COUNT / 4; n++) {
                        listener.request(1);
                    }
                }));
            }
            sendUpTo(channel, COUNT);
            for (Waits<Void> thread : asking) {
                thread.value();
            }
            listener.awaitSignals(1 + COUNT);

            assertThat(listener.mostInside).isEqualTo(1);
            assertThat(listener.messages).hasSize(COUNT).isSorted();
        }
    }

    @Test
    void demandInsideOnNextIsServedWithoutRecursion() throws Exception { // rule 3.3
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = new Listener() {
                @Override
                public void onNext(Integer message) {
                    request(1);
                    super.onNext(message);
                }
            };
            channel.receiver().publisher().subscribe(listener);
            listener.request(1);

            sendUpTo(channel, COUNT);
            listener.awaitSignals(1 + COUNT);

            assertThat(listener.mostInside).isEqualTo(1);
            assertThat(listener.messages).isSorted();
            listener.cancel();
        }
    }

    @Test
    void demandInsideOnSubscribeIsServedAfterIt() throws Exception { // rules 1.9 and 3.2
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            channel.sender().send(1);
            Listener listener = new Listener() {
                @Override
                public void onSubscribe(Flow.Subscription begun) {
                    begun.request(1);
                    super.onSubscribe(begun);
                }
            };
            channel.receiver().publisher().subscribe(listener);
            listener.awaitSignals(2);

            assertThat(listener.signals).containsExactly("subscribe", "next");
        }
    }

    @Test
    void endOfTheSendersCompletesOnce() throws Exception { // rules 1.5 and 1.7
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            channel.sender().send(1);
            channel.sender().close();

            listener.request(Long.MAX_VALUE);
            listener.awaitSignals(3);
            listener.request(1); // rule 3.6: nothing any more
            listener.cancel();

            assertThat(listener.signals).containsExactly("subscribe", "next", "complete");
        }
    }

    @Test
    void closeOfTheReceiverIsAnError() throws Exception { // rule 1.4
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            listener.request(1);
            Occupied.byAThread(channel.receiver());

            channel.receiver().close();
            listener.awaitSignals(2);

            assertThat(listener.signals).containsExactly("subscribe", "error");
            assertThat(listener.failure).isInstanceOf(EndClosed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void demandThatIsNotPositiveIsAnError(long n) throws Exception { // rule 3.9
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener idle = subscribed(channel);
            idle.request(n);
            idle.awaitSignals(2);
            Listener waiting = subscribed(channel);
            waiting.request(1);
            Occupied.byAThread(channel.receiver());
            waiting.request(n);
            waiting.awaitSignals(2);

            for (Listener listener : List.of(idle, waiting)) {
                assertThat(listener.failure).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9").hasMessageContaining("n=" + n);
            }
            channel.sender().send(1);
            assertThat(channel.receiver().receive()).isEqualTo(1);
        }
    }

    @Test
    void demandsAddUpToNoEnd() throws Exception { // rule 3.17
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = subscribed(channel);
            listener.request(Long.MAX_VALUE);
            listener.request(Long.MAX_VALUE);

            sendUpTo(channel, 3);
            listener.awaitSignals(4);

            assertThat(listener.messages).containsExactly(0, 1, 2);
            listener.cancel();
        }
    }

    @Test
    void secondSubscriberIsRefusedUntilTheFirstHasCancelled() throws Exception { // rule 1.9
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener first = subscribed(channel);
            Listener second = subscribed(channel);

            assertThat(second.signals).containsExactly("subscribe", "error");
            assertThat(second.failure).isInstanceOf(IllegalStateException.class);

            first.cancel();
            first.cancel(); // rule 3.7
            Listener third = subscribed(channel);
            channel.sender().send(1);
            third.request(1);
            third.awaitSignals(2);
            assertThat(third.messages).containsExactly(1);
            assertThat(first.signals).containsExactly("subscribe");
        }
    }

    @Test
    void wantOfAThreadIsAnErrorAndFreesTheReceiver() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener listener = new Listener();
            AtomicInteger over = new AtomicInteger();
            AtomicInteger threads = new AtomicInteger(1);
            new MessagePublisher.Subscription<>(channel.receiver(), listener,
                    _ -> over.incrementAndGet(), task -> {
                        if (threads.getAndDecrement() <= 0) {
                            throw new OutOfMemoryError("no thread can be had");
                        }
                        task.run();
                    }).begin();
            channel.sender().send(1);

            listener.request(1);

            assertThat(listener.signals).containsExactly("subscribe", "error");
            assertThat(listener.failure).isInstanceOf(OutOfMemoryError.class);
            assertThat(over).hasValue(1);
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void subscriberThatThrowsEndsItsSubscriptionAndNotTheReceiver() throws Exception { // rule 2.13
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            sendUpTo(channel, 3);
            Listener rude = new Listener() {
                @Override
                public void onNext(Integer message) {
                    super.onNext(message);
                    throw new IllegalStateException("of a test");
                }
            };
            channel.receiver().publisher().subscribe(rude);
            rude.request(10);
            rude.awaitSignals(2);

            until(() -> !subscribed(channel).signals.contains("error")); // the place is free
            assertThat(channel.receiver().receive()).isEqualTo(1);
            assertThat(rude.messages).containsExactly(0);
        }
    }

    @Test
    void subscriberThatThrowsAtOnceIsNone() throws Exception { // rules 1.9 and 2.13
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Listener rude = new Listener() {
                @Override
                public void onSubscribe(Flow.Subscription begun) {
                    throw new IllegalStateException("of a test");
                }
            };
            channel.receiver().publisher().subscribe(rude);

            assertThat(subscribed(channel).signals).containsExactly("subscribe");
        }
    }

    @Test
    void cancelInsideOnNextIsTheLastSignal() throws Exception { // rules 1.8 and 3.5
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            sendUpTo(channel, 2);
            Listener listener = new Listener() {
                @Override
                public void onNext(Integer message) {
                    cancel();
                    super.onNext(message);
                }
            };
            channel.receiver().publisher().subscribe(listener);
            listener.request(10);
            listener.awaitSignals(2);

            assertThat(channel.receiver().receive()).isEqualTo(1);
            assertThat(listener.signals).containsExactly("subscribe", "next");
        }
    }

    @Test
    void cancelThatRacesWithMessagesLosesNone() throws Exception { // rules 1.8 and 2.8
        SplittableRandom random = new SplittableRandom();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                Listener listener = subscribed(channel);
                listener.request(2);
                Occupied.spin(random);
                channel.sender().send(2 * i);
                channel.sender().send(2 * i + 1);
                Occupied.spin(random);
                listener.cancel();

                List<Integer> received = new ArrayList<>();
                for (Integer message = channel.receiver().tryReceive(); message != null;
                        message = channel.receiver().tryReceive()) {
                    received.add(message);
                }
                until(() -> listener.messages.size() + received.size() == 2);
                received.addAll(0, listener.messages);
                assertThat(received).containsExactly(2 * i, 2 * i + 1);
            }
        }
    }

    private static Listener subscribed(Channel<Integer> channel) {
        Listener listener = new Listener();
        channel.receiver().publisher().subscribe(listener);
        return listener;
    }

    private static void sendUpTo(Channel<Integer> channel, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            channel.sender().send(i);
        }
    }

    private static void assertIdle(Receiver<?> receiver) {
        until(() -> !receiver.toString().contains("in use"));
    }

    private static void until(BooleanSupplier fact) {
        await().atMost(Children.PATIENCE).pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1)).until(fact::getAsBoolean);
    }
}
