package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Occupied;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A receiver as a stream.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageStreamTest {

    private static final int RACES = 2000;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void streamEndsWithTheLastSender() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            send(channel, "one", "two", "three");
            channel.sender().close();

            assertThat(channel.receiver().stream().map(String::length).toList())
                    .containsExactly(3, 3, 5);
        }
    }

    @Test
    void streamTakesNoMoreThanIsAskedFor() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            send(channel, "one", "two", "three", "four");

            assertThat(channel.receiver().stream().limit(2).toList())
                    .containsExactly("one", "two");
            assertThat(channel.receiver().stream().findFirst()).contains("three");

            assertThat(channel.receiver().tryReceive()).isEqualTo("four");
        }
    }

    @Test
    void streamSetToParallelTakesNothingAhead() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            send(channel, "one", "two", "three");

            assertThat(channel.receiver().stream().parallel().findFirst()).contains("one");

            assertThat(channel.receiver().tryReceive()).isEqualTo("two");
        }
    }

    @Test
    void streamThatIsClosedLeavesTheReceiverOpen() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            List<String> taken = new ArrayList<>();
            send(channel, "one", "two");

            Stream<String> stream = channel.receiver().stream();
            stream.peek(taken::add).forEach(_ -> stream.close());

            assertThat(taken).containsExactly("one");
            assertThat(channel.receiver().receive()).isEqualTo("two");
        }
    }

    @Test
    void closeByAnotherThreadEndsTheWaitAndNotTheReceiver() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Stream<String> stream = channel.receiver().stream();
            Waits<Boolean> waiting = Waits.in(() -> {
                stream.forEach(_ -> {});
                return Thread.currentThread().isInterrupted();
            }).asleep();

            stream.close();
            channel.sender().send("later");

            assertThat(channel.receiver().receive()).isEqualTo("later");
            assertThat(waiting.value()).as("the flag").isFalse();
        }
    }

    @Test
    void interruptIsACancellationThatKeepsTheFlag() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<Boolean> waiting = Waits.in(() -> {
                assertThatThrownBy(() -> channel.receiver().stream().forEach(_ -> {}))
                        .isInstanceOf(CancellationException.class)
                        .hasMessageContaining("interrupted");
                return Thread.currentThread().isInterrupted();
            }).asleep();

            waiting.thread().interrupt();

            assertThat(waiting.value()).as("the flag").isTrue();
        }
    }

    @Test
    void closeOfTheReceiverFailsTheStream() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<Void> waiting = Waits.run(
                    () -> channel.receiver().stream().forEach(_ -> {})).asleep();

            channel.receiver().close();

            waiting.failure().isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void closeThatRacesWithMessagesLosesNone() throws Exception {
        SplittableRandom random = new SplittableRandom();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                int number = i;
                List<Integer> received = new ArrayList<>();
                Stream<Integer> stream = channel.receiver().stream();
                Waits<Void> reading = Waits.run(() -> read(stream, received));
                Occupied.spin(random);
                channel.sender().send(2 * number);
                channel.sender().send(2 * number + 1);
                Occupied.spin(random);
                stream.close();
                reading.value();
                while (received.size() < 2) {
                    received.add(channel.receiver().receive(Children.PATIENCE));
                }
                assertThat(received).containsExactly(2 * number, 2 * number + 1);
            }
        }
    }

    /// The JDK refuses a stream that is closed before or in its start.
    private static void read(Stream<Integer> stream, List<Integer> received) {
        try {
            stream.forEach(received::add);
        } catch (IllegalStateException refusal) {
            assertThat(refusal).hasMessageContaining("closed");
        }
    }

    private static void send(Channel<String> channel, String... messages)
            throws InterruptedException {
        for (String message : messages) {
            channel.sender().send(message);
        }
    }
}
