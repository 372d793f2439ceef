package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The texts of ends about themselves and each other, and the close of forgotten ends.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifeTest {

    private static final int FORGOTTEN = 1000; // channels

    @RegisterExtension
    final Children children = new Children();

    @Test
    void senderIsConnectedUntilTheReceiverIsGone() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            assertThat(channel.sender().isConnected()).as("without a lane").isTrue();
            channel.sender().send("with a lane");
            assertThat(channel.sender().isConnected()).isTrue();

            channel.receiver().close();

            assertThat(channel.sender().isConnected()).isFalse();
            assertThat(channel.receiver().isConnected()).as("closed itself").isFalse();
        }
    }

    @Test
    void receiverIsConnectedUntilTheLastSenderIsGone() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Sender<String> second = channel.sender().share();
            channel.sender().send("left behind");
            channel.sender().close();
            assertThat(channel.receiver().isConnected()).isTrue();

            second.close();

            assertThat(channel.receiver().isConnected()).isFalse();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("left behind");
        }
    }

    @Test
    void actionsRunOnceTheReceiverIsGoneAndNotIfTheSenderWasClosedBefore() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Sender<String> other = channel.sender().share();
            CountDownLatch notified = new CountDownLatch(2);
            AtomicInteger closedOnes = new AtomicInteger();
            channel.sender().onDisconnect(notified::countDown);
            other.onDisconnect(closedOnes::incrementAndGet);
            other.close();

            channel.receiver().close();
            channel.sender().onDisconnect(notified::countDown);

            assertThat(notified.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(closedOnes).hasValue(0);
            assertThatThrownBy(() -> other.onDisconnect(() -> {})).isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void actionsRunWhenTheLastSenderIsGoneEvenIfNoThreadReceives() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            CountDownLatch notified = new CountDownLatch(2);
            channel.receiver().onDisconnect(notified::countDown);
            channel.sender().send("still there");
            assertThat(notified.await(10, TimeUnit.MILLISECONDS)).as("a sender is left").isFalse();

            channel.sender().close();
            channel.receiver().onDisconnect(notified::countDown);

            assertThat(notified.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("still there");
        }
    }

    @Test
    void actionsRunWhileAThreadWaitsInReceive() throws Exception {
        for (WaitStrategy strategy : WaitStrategy.values()) {
            try (Channel<String> channel = Channel.create(String.class,
                    ChannelOptions.defaults().withWaitStrategy(strategy))) {
                Waits<String> receive = Waits.in(channel.receiver()::receive);
                CountDownLatch notified = new CountDownLatch(1);
                channel.receiver().onDisconnect(notified::countDown);

                channel.sender().close();

                assertThat(notified.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as(strategy.name()).isTrue();
                receive.failure().isInstanceOf(Disconnected.class);
            }
        }
    }

    @Test
    void internalLookRefusesNoReceivingThread() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<Void> asking = Waits.run(() -> {
                while (channel.receiver().isConnected()) {
                    assertThat(channel.receiver().toString()).contains("open");
                }
            });
            for (int i = 0; i < 20_000; i++) {
                channel.sender().send("message " + i);
                assertThat(channel.receiver().receive(Children.PATIENCE))
                        .isEqualTo("message " + i);
            }
            channel.sender().close();
            asking.value();
        }
    }

    @Test
    void forgottenEndsAreClosed() throws Exception {
        Channel<String> channel = Channel.create(String.class);
        Receiver<String> receiver = channel.receiver();
        Channel<String> other = Channel.create(String.class);
        try (Sender<String> sender = other.sender(); receiver) {
            channel.sender().send("last words");
            channel = null;
            other = null;
            await("the collector finds them").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(10)).until(() -> {
                        System.gc();
                        return !sender.isConnected() && !receiver.isConnected();
                    });
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("last words");
            assertThatThrownBy(() -> receiver.receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void thousandsOfForgottenEndsAreALineInTheLogAndThenTheirNumber() {
        try (CaughtLog log = CaughtLog.listen()) {
            long before = Children.descriptors();
            for (int i = 0; i < FORGOTTEN; i++) {
                Channel<String> _ = Channel.create(String.class);
            }

            await("the forgotten ends are closed").atMost(Children.PATIENCE).until(() -> {
                System.gc();
                return Children.descriptors() <= before;
            });

            await("their number").atMost(Children.PATIENCE).untilAsserted(() -> assertThat(
                    log.lines()).anySatisfy(
                            line -> assertThat(line).contains(
                                    "forgotten without a close",
                                    " more of these, the last one: a ")));
            assertThat(log.lines()).hasSizeLessThan(20);
        }
    }

    @Test
    void forgottenExclusiveSendersAndSharedBytesAreClosed() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            long before = Children.descriptors();
            channel.sender().exclusive().send("from an exclusive one");
            assertThat(SharedBytes.of(new byte[1]).length()).isEqualTo(1);
            assertThat(channel.receiver().receive(Children.PATIENCE))
                    .isEqualTo("from an exclusive one");
            await("the collector finds them").atMost(Children.PATIENCE)
                    .pollInterval(Duration.ofMillis(10)).until(() -> {
                        System.gc();
                        boolean _ = channel.receiver().isConnected(); // lets the lane go
                        return channel.receiver().tryReceive() == null
                                && Children.descriptors() <= before;
                    });
        }
    }

    @Test
    void endsSayWhatTheyAre() throws Exception {
        Channel<String> channel = Channel.create(String.class);
        channel.sender().send("unread");
        assertThat(channel.sender())
                .hasToString("Sender[String, open, unread=64 of 65536 bytes]");
        assertThat(channel.receiver().isConnected()).isTrue(); // accepts the lane
        assertThat(channel.receiver()).hasToString(
                "Receiver[String, open, senders=1, waiting=1 messages, capacity=65536]");
        channel.close();
        assertThat(channel.sender()).hasToString("Sender[String, closed]");
        assertThat(channel.receiver()).hasToString("Receiver[String, closed]");
    }
}
