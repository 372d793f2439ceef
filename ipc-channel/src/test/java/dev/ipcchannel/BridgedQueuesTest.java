package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Occupied;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The two loops between a channel and queues that docs/guide.md shows.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BridgedQueuesTest {

    private static final int RACES = 2000;
    private static final int COUNT = 5000;

    @RegisterExtension
    final Children children = new Children();

    /// A loop on a virtual thread, with the message that it has taken and not yet put.
    private static final class Loop<T> {

        private final AtomicReference<@Nullable T> inHand = new AtomicReference<>();
        private final Thread thread;

        private interface Source<T> {
            T take() throws InterruptedException;
        }

        private interface Target<T> {
            void put(T message) throws InterruptedException;
        }

        private Loop(Source<T> source, Target<T> target) {
            thread = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        T message = source.take();
                        inHand.set(message);
                        target.put(message);
                        inHand.set(null);
                    }
                } catch (InterruptedException | Disconnected _) {
                    // stopped, or the other side is gone
                }
            });
        }

        static <T> Loop<T> toQueue(Receiver<T> receiver, BlockingQueue<T> queue) {
            return new Loop<>(receiver::receive, queue::put);
        }

        static <T> Loop<T> toChannel(BlockingQueue<T> queue, Sender<T> sender) {
            Loop<T> loop = new Loop<>(queue::take, sender::send);
            sender.onDisconnect(loop.thread::interrupt);
            return loop;
        }

        void awaitEnd() throws InterruptedException {
            assertThat(thread.join(Children.PATIENCE)).as("it has ended").isTrue();
        }

        void addInHandTo(List<T> messages) {
            T left = inHand.get();
            if (left != null) {
                messages.add(left);
            }
        }

        void stop() throws InterruptedException {
            thread.interrupt();
            awaitEnd();
        }
    }

    @Test
    void messagesGoThroughTwoQueuesAndAChannelInOrder() throws Exception {
        BlockingQueue<Integer> source = new ArrayBlockingQueue<>(10);
        BlockingQueue<Integer> target = new ArrayBlockingQueue<>(10);
        try (Channel<Integer> channel = Channel.create(Integer.class,
                ChannelOptions.defaults().withCapacity(4096))) {
            Loop<Integer> toChannel = Loop.toChannel(source, channel.sender());
            Loop<Integer> toQueue = Loop.toQueue(channel.receiver(), target);
            Waits<Void> filling = Waits.run(() -> {
                for (int i = 0; i < COUNT; i++) {
                    source.put(i);
                }
            });
            for (int i = 0; i < COUNT; i++) {
                assertThat(target.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i);
            }
            filling.value();
            toChannel.stop();
            toQueue.stop();
        }
    }

    @Test
    void interruptThatRacesWithMessagesFromAReceiverLosesNone() throws Exception {
        SplittableRandom random = new SplittableRandom();
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                List<Integer> received = new ArrayList<>();
                Loop<Integer> loop = Loop.toQueue(channel.receiver(), queue);
                Occupied.spin(random);
                channel.sender().send(3 * i);
                channel.sender().send(3 * i + 1);
                channel.sender().send(3 * i + 2);
                Occupied.spin(random);
                loop.stop();

                queue.drainTo(received);
                loop.addInHandTo(received);
                while (received.size() < 3) {
                    received.add(channel.receiver().receive(Children.PATIENCE));
                }
                assertThat(received).containsExactly(3 * i, 3 * i + 1, 3 * i + 2);
            }
        }
    }

    @Test
    void interruptThatRacesWithMessagesToASenderLosesNone() throws Exception {
        SplittableRandom random = new SplittableRandom();
        BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                List<Integer> received = new ArrayList<>();
                Loop<Integer> loop = new Loop<>(queue::take, channel.sender()::send);
                queue.add(2 * i);
                queue.add(2 * i + 1);
                Occupied.spin(random);
                loop.stop();

                for (Integer message = channel.receiver().tryReceive(); message != null;
                        message = channel.receiver().tryReceive()) {
                    received.add(message);
                }
                loop.addInHandTo(received);
                queue.drainTo(received);
                assertThat(received).containsExactly(2 * i, 2 * i + 1);
            }
        }
    }

    @Test
    void endOfTheOtherSideEndsBothLoops() throws Exception {
        try (Channel<String> there = Channel.create(String.class);
                Channel<String> here = Channel.create(String.class)) {
            Loop<String> toChannel = Loop.toChannel(new LinkedBlockingQueue<>(), there.sender());
            Loop<String> toQueue = Loop.toQueue(here.receiver(), new LinkedBlockingQueue<>());
            there.sender().send("so that the sender knows its receiver");
            assertThat(there.receiver().receive(Children.PATIENCE)).isNotEmpty();

            there.receiver().close();
            here.sender().close();

            toChannel.awaitEnd();
            toQueue.awaitEnd();
        }
    }
}
