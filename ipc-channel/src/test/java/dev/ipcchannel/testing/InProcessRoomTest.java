package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.WaitStrategy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Senders of an in-process channel that find no room on request.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessRoomTest {

    private static final Duration SHORT = Duration.ofMillis(10);
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    @RegisterExtension
    final Children children = new Children();

    static Stream<SendingVerb> waiting() {
        return SendingVerb.waiting();
    }

    @ParameterizedTest
    @EnumSource(names = {"TRY_SEND", "TRY_CLAIM", "SEND_IN_TIME", "CLAIM_IN_TIME"})
    void senderFindsNoRoomInAFilledChannel(SendingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.sender().send("before");
            channel.fill();

            assertThat(verb.send(channel.sender(), "x", SHORT)).isFalse();
            assertThat(verb.send(channel.sender(), "x".repeat(100_000), SHORT)).isFalse();

            assertThat(channel.receiver().tryReceive()).isEqualTo("before");
            assertThat(verb.send(channel.sender(), "x", SHORT)).isFalse();
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void waitingSenderGoesOnWhenThereIsRoomAgain(SendingVerb verb) throws Exception {
        for (WaitStrategy strategy : WaitStrategy.values()) {
            try (InProcess<String> channel = InProcess.open(String.class,
                    SMALL.withWaitStrategy(strategy))) {
                channel.fill();
                Waits<Boolean> waits =
                        Waits.in(() -> verb.send(channel.sender(), "x", Children.PATIENCE));
                Waits<Boolean> _ =
                        strategy == WaitStrategy.SPIN ? waits.spinning() : waits.asleep();

                channel.makeRoom();

                assertThat(waits.value()).isTrue();
                assertThat(channel.receiver().receive()).isEqualTo("x");
            }
        }
    }

    @Test
    void allWaitingSendersGoOnAndExclusiveOnesToo() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            channel.fill();
            List<Waits<Void>> waiting = List.of(
                    Waits.run(() -> channel.sender().send("one")).asleep(),
                    Waits.run(() -> channel.sender().send("two")).asleep(),
                    Waits.run(() -> {
                        try (Sender<String> exclusive = channel.sender().exclusive()) {
                            exclusive.send("three");
                        }
                    }).asleep());

            channel.makeRoom();

            for (Waits<Void> sender : waiting) {
                assertThat(sender.value()).isNull();
            }
            assertThat(List.of(channel.receiver().receive(), channel.receiver().receive(),
                    channel.receiver().receive()))
                    .containsExactlyInAnyOrder("one", "two", "three");
        }
    }

    @Test
    void roomIsNoMoreThanTheRingHas() throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class, SMALL)) {
            while (channel.sender().trySend("full") == SendOutcome.SENT) {
                // one more
            }
            channel.fill();
            Waits<Void> waits = Waits.run(() -> channel.sender().send("x".repeat(1000))).asleep();

            channel.makeRoom();
            Waits<Void> _ = waits.asleep();

            while (channel.receiver().tryReceive() != null) {
                // all of it
            }
            assertThat(waits.value()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void waitInAFilledChannelEndsOnAnInterrupt(SendingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            Waits<Boolean> waits = waitIn(channel, verb);

            waits.thread().interrupt();

            waits.failure().isInstanceOf(InterruptedException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void waitInAFilledChannelEndsOnAClose(SendingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            Waits<Boolean> waits = waitIn(channel, verb);

            channel.sender().close();

            waits.failure().isInstanceOf(EndClosed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void waitInAFilledChannelEndsWhenTheReceiverCloses(SendingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            Waits<Boolean> waits = waitIn(channel, verb);

            channel.receiver().close();

            waits.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver was closed");
        }
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void waitInAFilledChannelEndsWhenTheReceiverIsKilled(SendingVerb verb) throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class)) {
            Waits<Boolean> waits = waitIn(channel, verb);

            channel.killReceiver();

            waits.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver's process has ended");
        }
    }

    private static Waits<Boolean> waitIn(InProcess<String> channel, SendingVerb verb)
            throws InterruptedException {
        channel.sender().send("before");
        assertThat(channel.receiver().receive()).isEqualTo("before"); // it knows of the lane now
        channel.fill();
        return Waits.in(() -> verb.send(channel.sender(), "x", Children.PATIENCE)).asleep();
    }
}
