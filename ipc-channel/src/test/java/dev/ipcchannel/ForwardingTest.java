package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Occupied;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages that go on into a queue, or come out of one.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForwardingTest {

    private static final int RACES = 2000;
    private static final int COUNT = 5000;
    private static final String LONG = "x".repeat(1000);

    /// A message that takes a receiver along.
    record Parcel(Receiver<String> receiver) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void messagesGoThroughTwoQueuesAndAChannelInOrder() throws Exception {
        BlockingQueue<Integer> source = new ArrayBlockingQueue<>(10);
        BlockingQueue<Integer> target = new ArrayBlockingQueue<>(10);
        try (Channel<Integer> channel = Channel.create(Integer.class,
                ChannelOptions.defaults().withCapacity(4096))) {
            Forwarding<Integer> out = Forwarding.start(source, channel.sender());
            Forwarding<Integer> in = Forwarding.start(channel.receiver(), target);
            Waits<Void> filling = Waits.run(() -> {
                for (int i = 0; i < COUNT; i++) {
                    source.put(i);
                }
            });
            for (int i = 0; i < COUNT; i++) {
                assertThat(take(target)).isEqualTo(i);
            }
            filling.value();
            out.close();
            in.close();
            assertThat(out.ended()).isCompletedWithValue(null);
            assertThat(in.ended()).isCompletedWithValue(null);
            assertThat(out.unsent()).isEmpty();
        }
    }

    @Test
    void fullQueueKeepsTheSenderWaiting() throws Exception {
        BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
        try (Channel<String> channel = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(4096));
                Forwarding<String> _ = Forwarding.start(channel.receiver(), queue)) {
            Waits<Void> sending = Waits.run(() -> {
                for (int i = 0; i < 20; i++) {
                    channel.sender().send(i + LONG);
                }
            }).asleep();

            for (int i = 0; i < 20; i++) {
                assertThat(take(queue)).isEqualTo(i + LONG);
            }
            sending.value();
        }
    }

    @Test
    void messageThatFoundNoRoomIsHandedBackToTheReceiver() throws Exception {
        BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
        try (Channel<String> channel = Channel.create(String.class)) {
            forwardIntoFull(channel, queue);

            assertThat(queue).containsExactly("first");
            assertThat(channel.receiver().receive()).isEqualTo("in hand");
            assertThat(channel.receiver().tryReceive()).isEqualTo("last");
        }
    }

    @Test
    void everyWayOfReceivingGivesTheMessageThatWasHandedBack() throws Exception {
        for (int way = 0; way < 5; way++) {
            try (Channel<String> channel = Channel.create(String.class)) {
                Receiver<String> receiver = channel.receiver();
                forwardIntoFull(channel, new ArrayBlockingQueue<>(1));
                assertThat(receiver.iterator().hasNext()).isTrue();

                String received = switch (way) {
                    case 0 -> receiver.receive(Children.PATIENCE);
                    case 1 -> receiver.tryReceive();
                    case 2 -> receiver.iterator().next();
                    case 3 -> receiver.stream().findFirst().orElse("");
                    default -> receiver.receiveAsync().get(20, TimeUnit.SECONDS);
                };

                assertThat(received).as("way %d", way).isEqualTo("in hand");
                assertThat(receiver.receive()).isEqualTo("last");
            }
        }
    }

    @Test
    void receiverWithAMessageHandedBackIsNotMovedErasedOrReadInPlace() throws Exception {
        try (Channel<Parcel> carrier = Channel.create(Parcel.class);
                Channel<String> channel = Channel.create(String.class)) {
            Receiver<String> receiver = channel.receiver();
            forwardIntoFull(channel, new ArrayBlockingQueue<>(1));

            for (Waits.Action refused : List.<Waits.Action>of(receiver::erase,
                    () -> receiver.receive((_, _, _) -> {}, 1),
                    () -> receiver.receive((_, _, _) -> {}, 1, Children.PATIENCE),
                    () -> receiver.tryReceive((_, _, _) -> {}, 1))) {
                assertThatThrownBy(refused::run).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("receive it first");
            }
            assertThatThrownBy(() -> carrier.sender().send(new Parcel(receiver)))
                    .rootCause().isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("receive it first");

            assertThat(receiver.receive()).isEqualTo("in hand");
            carrier.sender().send(new Parcel(receiver));
            try (Receiver<String> arrived = carrier.receiver().receive().receiver()) {
                assertThat(arrived.receive()).isEqualTo("last");
            }
        }
    }

    @Test
    void messageHandedBackGoesAwayWithTheReceiver() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            forwardIntoFull(channel, new ArrayBlockingQueue<>(1));

            channel.receiver().close();

            assertThatThrownBy(channel.receiver()::tryReceive).isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void receiverIsTheForwardingsAloneAlsoWhileTheQueueIsFull() throws Exception {
        BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
        try (Channel<Parcel> carrier = Channel.create(Parcel.class);
                Channel<String> channel = Channel.create(String.class)) {
            Receiver<String> receiver = channel.receiver();
            sendThree(channel);
            try (Forwarding<String> _ = Forwarding.start(receiver, queue)) {
                awaitInHand(channel, queue);
                assertThatThrownBy(receiver::tryReceive).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(receiver::erase).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> Forwarding.start(receiver, queue))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> carrier.sender().send(new Parcel(receiver)))
                        .hasRootCauseInstanceOf(IllegalStateException.class);
                assertThat(take(queue)).isEqualTo("first");
                assertThat(take(queue)).isEqualTo("in hand");
                assertThat(take(queue)).isEqualTo("last");
            }
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void endOfTheSendersEndsItOnceEverythingIsInTheQueue() throws Exception {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        try (Channel<String> channel = Channel.create(String.class)) {
            sendThree(channel);
            channel.sender().close();
            try (Forwarding<String> forwarding = Forwarding.start(channel.receiver(), queue)) {
                failure(forwarding).isInstanceOf(Disconnected.class);
            }
            assertThat(queue).containsExactly("first", "in hand", "last");
            assertThatThrownBy(channel.receiver()::receive).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void closeOfTheReceiverEndsItWhileItWaitsForAMessageAndForRoom() throws Exception {
        for (boolean isFull : new boolean[]{false, true}) {
            BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
            try (Channel<String> channel = Channel.create(String.class);
                    Forwarding<String> forwarding =
                            Forwarding.start(channel.receiver(), queue)) {
                if (isFull) {
                    sendThree(channel);
                    awaitInHand(channel, queue);
                } else {
                    Occupied.byAThread(channel.receiver());
                }

                channel.receiver().close();

                failure(forwarding).as("full: %s", isFull).isInstanceOf(EndClosed.class);
            }
        }
    }

    @Test
    void queueThatRefusesAMessageEndsItAndTheMessageStays() throws Exception {
        BlockingQueue<String> picky = new LinkedBlockingQueue<>() {
            @Override
            public void put(String message) {
                throw new IllegalArgumentException("not this one");
            }
        };
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("refused");
            try (Forwarding<String> forwarding = Forwarding.start(channel.receiver(), picky)) {
                failure(forwarding).hasMessage("not this one");
            }
            assertThat(channel.receiver().receive()).isEqualTo("refused");
        }
    }

    @Test
    void closeThatRacesWithMessagesFromAReceiverLosesNone() throws Exception {
        SplittableRandom random = new SplittableRandom();
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                List<Integer> received = new ArrayList<>();
                try (Forwarding<Integer> _ = Forwarding.start(channel.receiver(), queue)) {
                    Occupied.spin(random);
                    channel.sender().send(3 * i);
                    channel.sender().send(3 * i + 1);
                    channel.sender().send(3 * i + 2);
                    Occupied.spin(random);
                }
                queue.drainTo(received);
                while (received.size() < 3) {
                    received.add(channel.receiver().receive(Children.PATIENCE));
                }
                assertThat(received).containsExactly(3 * i, 3 * i + 1, 3 * i + 2);
            }
        }
    }

    @Test
    void closeThatRacesWithMessagesToASenderLosesNone() throws Exception {
        SplittableRandom random = new SplittableRandom();
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                List<Integer> received = new ArrayList<>();
                Forwarding<Integer> forwarding = Forwarding.start(queue, channel.sender());
                queue.add(2 * i);
                queue.add(2 * i + 1);
                Occupied.spin(random);
                forwarding.close();

                for (Integer message = channel.receiver().tryReceive(); message != null;
                        message = channel.receiver().tryReceive()) {
                    received.add(message);
                }
                forwarding.unsent().ifPresent(received::add);
                queue.drainTo(received);
                assertThat(received).containsExactly(2 * i, 2 * i + 1);
            }
        }
    }

    @Test
    void messageThatFoundNoRoomInTheChannelIsUnsent() throws Exception {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        try (Channel<String> channel = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(4096))) {
            while (channel.sender().trySend(LONG) == SendOutcome.SENT) {
                // until there is no room
            }
            queue.add(LONG + "unsent");
            queue.add(LONG + "left");
            Forwarding<String> forwarding = Forwarding.start(queue, channel.sender());
            await().atMost(Children.PATIENCE).until(() -> queue.size() == 1);
            assertThat(forwarding.unsent()).as("while it runs").isEmpty();

            forwarding.close();

            assertThat(forwarding.unsent()).contains(LONG + "unsent");
            assertThat(queue).containsExactly(LONG + "left");
            assertThat(forwarding.ended()).isCompletedWithValue(null);
        }
    }

    @Test
    void endOfTheReceiverEndsItAlsoWhileTheQueueIsEmpty() throws Exception {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        try (Channel<String> channel = Channel.create(String.class);
                Forwarding<String> forwarding = Forwarding.start(queue, channel.sender())) {
            queue.add("makes the lane");
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("makes the lane");

            channel.receiver().close();

            failure(forwarding).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void messageThatCannotBeSentEndsItAndIsUnsent() throws Exception {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        try (Channel<String> channel = Channel.create(String.class,
                ChannelOptions.defaults().withMaxMessage(2000));
                Forwarding<String> forwarding = Forwarding.start(queue, channel.sender())) {
            queue.add(LONG.repeat(3));

            failure(forwarding).isInstanceOf(MessageTooLarge.class);

            assertThat(forwarding.unsent()).contains(LONG.repeat(3));
            channel.sender().send("goes on");
            assertThat(channel.receiver().receive()).isEqualTo("goes on");
        }
    }

    @Test
    void exclusiveSenderIsRefused() {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> own = channel.sender().exclusive()) {
            assertThatThrownBy(() -> Forwarding.start(new LinkedBlockingQueue<>(), own))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("exclusive");
        }
    }

    @Test
    void closeByItsOwnThreadAndByAnInterruptedOneWork() throws Exception {
        AtomicReference<Forwarding<String>> self = new AtomicReference<>();
        BlockingQueue<String> closing = new LinkedBlockingQueue<>() {
            @Override
            public void put(String message) throws InterruptedException {
                await().atMost(Children.PATIENCE).until(() -> self.get() != null);
                self.get().close();
                super.put(message);
            }
        };
        try (Channel<String> channel = Channel.create(String.class)) {
            Forwarding<String> forwarding = Forwarding.start(channel.receiver(), closing);
            self.set(forwarding);
            channel.sender().send("stays");
            assertThat(forwarding.ended().get(20, TimeUnit.SECONDS)).isNull();
            assertThat(channel.receiver().receive()).isEqualTo("stays");

            Forwarding<String> second =
                    Forwarding.start(channel.receiver(), new LinkedBlockingQueue<>());
            Thread.currentThread().interrupt();
            second.close();
            assertThat(Thread.interrupted()).as("the flag").isTrue();
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    /// Leaves "in hand" handed back, and "last" behind it.
    private static void forwardIntoFull(Channel<String> channel, BlockingQueue<String> queue)
            throws InterruptedException {
        sendThree(channel);
        Forwarding<String> forwarding = Forwarding.start(channel.receiver(), queue);
        awaitInHand(channel, queue);
        forwarding.close();
    }

    private static void sendThree(Channel<String> channel) throws InterruptedException {
        for (String message : List.of("first", "in hand", "last")) {
            channel.sender().send(message);
        }
    }

    private static void awaitInHand(Channel<String> channel, BlockingQueue<String> queue) {
        await().atMost(Children.PATIENCE).until(() -> queue.size() == 1
                && channel.receiver().toString().contains("waiting=1 "));
    }

    private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T message = queue.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came");
        }
        return message;
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> failure(
            Forwarding<?> forwarding) {
        return assertThatThrownBy(() -> forwarding.ended().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class).cause();
    }
}
