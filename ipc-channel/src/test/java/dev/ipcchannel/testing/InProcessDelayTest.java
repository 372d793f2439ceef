package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.testing.children.Estate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Messages of an in-process channel that are delayed on request.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessDelayTest {

    private static final Duration DELAY = Duration.ofMillis(100);
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);
    private static final String LONG = "long ".repeat(10_000); // spills

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource
    void messageComesNoEarlierThanAllowed(ReceivingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.delay(DELAY);
            long start = System.nanoTime();
            channel.sender().send("late");

            assertThat(verb.from(channel.receiver())).isEqualTo("late");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos(DELAY));
        }
    }

    @ParameterizedTest
    @EnumSource
    void messageOfEachKindOfSendComesLate(SendingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class, SMALL)) {
            for (String text : List.of("short", LONG)) {
                channel.delay(DELAY);
                long start = System.nanoTime();
                assertThat(verb.send(channel.sender(), text, Children.PATIENCE)).isTrue();

                assertThat(channel.receiver().receive()).isEqualTo(text);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos(DELAY));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiverThatWaitsAlreadyGetsItLateToo(WaitStrategy strategy) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class,
                SMALL.withWaitStrategy(strategy))) {
            Waits<String> waits = Waits.in(channel.receiver()::receive);
            Waits<String> _ = strategy == WaitStrategy.SPIN ? waits.spinning() : waits.asleep();
            channel.delay(DELAY);
            long start = System.nanoTime();

            channel.sender().send("late");

            assertThat(waits.value()).isEqualTo("late");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos(DELAY));
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiverSleepsWhileItsMessageIsHeldBack(WaitStrategy strategy) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class,
                SMALL.withWaitStrategy(strategy))) {
            channel.delay(NEVER);
            channel.sender().send("late");

            Waits<String> waits = Waits.in(channel.receiver()::receive).asleep();

            channel.receiver().close();
            waits.failure().isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void messageHeldBackIsNotThereYet() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            Receiver<String> receiver = channel.receiver();
            channel.delay(NEVER);
            channel.sender().send("late");

            assertThat(receiver.tryReceive()).isNull();
            assertThat(receiver.tryReceive((_, _, _) -> {}, 10)).isZero();
            assertThatThrownBy(() -> receiver.receive(SHORT)).isInstanceOf(TimedOut.class);
            assertThatThrownBy(() -> receiver.receive((_, _, _) -> {}, 1, SHORT))
                    .isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void waitForAMessageHeldBackEndsOnAnInterrupt() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.delay(NEVER);
            channel.sender().send("late");
            Waits<String> waits = Waits.in(channel.receiver()::receive).asleep();

            waits.thread().interrupt();

            waits.failure().isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void messagesStayInOrder() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class, SMALL)) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 200; i++) { // several laps, with padding and long ones between
                channel.delay(Duration.ofMillis((200 - i) / 20));
                String text = i % 50 == 49 ? LONG + i : "x".repeat(i * 7) + i;
                sent.add(text);
            }
            Waits<Void> sends = Waits.run(() -> {
                for (String text : sent) {
                    channel.delay(Duration.ofMillis(text.length() % 4));
                    channel.sender().send(text);
                }
            });

            for (String text : sent) {
                assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(text);
            }
            assertThat(sends.value()).isNull();
        }
    }

    @Test
    void messageWithoutDelayWaitsForADelayedOne() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.delay(DELAY);
            long start = System.nanoTime();
            channel.sender().send("delayed");
            channel.delay(Duration.ZERO);
            channel.sender().send("behind");

            List<String> received = new ArrayList<>();
            while (received.size() < 2) {
                channel.receiver().receive(ReceivingVerb.reader(received), 2);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos(DELAY));
            }
            assertThat(received).containsExactly("delayed", "behind");
        }
    }

    @Test
    void batchEndsBeforeAMessageHeldBack() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.sender().send("now");
            channel.delay(NEVER);
            channel.sender().send("late");

            assertThat(channel.receiver().receive((_, _, _) -> {}, 10)).isOne();
        }
    }

    @Test
    void ringOfAnExclusiveSenderIsNotHeldBackByAnother() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class);
                Sender<String> exclusive = channel.sender().exclusive()) {
            channel.delay(NEVER);
            channel.sender().send("late");
            channel.delay(DELAY);
            long start = System.nanoTime();
            exclusive.send("less late");

            assertThat(channel.receiver().receive()).isEqualTo("less late");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos(DELAY));
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void sendThatWasGivenUpLeavesNoDelay() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.delay(NEVER);
            try (Claim _ = channel.sender().claim(8)) {
                // given up
            }
            channel.delay(Duration.ZERO);
            channel.sender().send("now");

            assertThat(channel.receiver().receive()).isEqualTo("now");
        }
    }

    @Test
    void whatIsHeldBackIsReceivedBeforeTheEnd() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.delay(DELAY);
            channel.sender().send("last words");
            channel.sender().close();

            assertThat(channel.receiver().tryReceive()).isNull();
            assertThat(channel.receiver().receive()).isEqualTo("last words");
            assertThatThrownBy(channel.receiver()::receive).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void delayDoesNotMoveWithTheReceiver() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class);
                Channel<Estate> carrier = Channel.create(Estate.class)) {
            channel.delay(NEVER);
            channel.sender().send("one");
            carrier.sender().send(new Estate(channel.receiver()));

            try (Receiver<String> moved = carrier.receiver().receive().receiver()) {
                channel.sender().send("two");

                assertThat(moved.receive()).isEqualTo("one");
                assertThat(moved.receive()).isEqualTo("two");
            }
        }
    }

    @Test
    void negativeDelayIsRefused() {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            assertThatThrownBy(() -> channel.delay(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("delay=-1 ns");
        }
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
