package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Senders;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The counters of ends after known traffic in one process.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StatsTest {

    private static final int CAPACITY = 4096;
    private static final int REGION = 2 * 4096;
    private static final int LONG = 100_000;
    private static final int SPILL_FILE = 128 * 1024;
    private static final int LINE = 64;
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void bothEndsCountMessagesAndTheirBytesHoweverTheyGo() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            for (int i = 0; i < 10; i++) {
                channel.sender().send(new byte[i]);
                assertThat(channel.sender().trySend(new byte[i])).isEqualTo(SendOutcome.SENT);
                try (Claim claim = channel.sender().claim(i)) {
                    claim.commit();
                }
                channel.sender().claim(i).close(); // given up: no message
                assertThat(channel.receiver().receive()).hasSize(i);
                assertThat(channel.receiver().tryReceive()).hasSize(i);
                assertThat(channel.receiver().receive((_, _, _) -> {}, 10)).isEqualTo(1);
            }

            for (EndStats stats : both(channel)) {
                assertThat(stats.messages()).isEqualTo(30);
                assertThat(stats.bytes()).isEqualTo(3 * 45);
                assertThat(stats.spills()).isZero();
            }
            assertThat(channel.receiver().stats().highWaterMark()).isZero();
        }
    }

    @Test
    void sharesCountTogetherAndAnExclusiveSenderByItself() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> share = channel.sender().share();
                Sender<String> exclusive = channel.sender().exclusive()) {
            channel.sender().send("one");
            share.send("two");
            exclusive.send("three");

            assertThat(channel.sender().stats().messages()).isEqualTo(2);
            assertThat(share.stats().bytes()).isEqualTo(6);
            assertThat(exclusive.stats().messages()).isEqualTo(1);
            assertThat(exclusive.stats().bytes()).isEqualTo(5);
        }
    }

    @Test
    void nothingIsMiscountedWhileManyThreadsShareARing() throws Exception {
        int threads = 4;
        int each = 2000;
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY))) {
            List<Waits<Void>> sending = Stream.generate(channel.sender()::share).limit(threads)
                    .map(share -> Waits.run(() -> sendAndClose(share, each))).toList();
            for (int i = 0; i < threads * each; i++) {
                assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(3);
            }
            for (Waits<Void> sender : sending) {
                sender.value();
            }

            for (EndStats stats : both(channel)) {
                assertThat(stats.messages()).isEqualTo((long) threads * each);
                assertThat(stats.bytes()).isEqualTo(3L * threads * each);
                assertThat(stats.highWaterMark()).isLessThanOrEqualTo(CAPACITY);
            }
        }
    }

    private static void sendAndClose(Sender<byte[]> share, int count) throws Exception {
        try (share) {
            for (int i = 0; i < count; i += 2) {
                share.send(new byte[3]);
                try (Claim claim = share.claim(3)) {
                    claim.commit();
                }
            }
        }
    }

    @Test
    void highWaterMarkIsSeenAtEach64thMessage() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            for (int i = 1; i < 64; i++) {
                channel.sender().send("");
            }
            assertThat(channel.sender().stats().highWaterMark()).isZero();

            channel.sender().send("");
            while (channel.receiver().tryReceive() != null) {
                // one more
            }

            assertThat(channel.sender().stats().highWaterMark()).isEqualTo(64L * LINE);
        }
    }

    @Test
    void highWaterMarkIsSeenWhenASenderBeginsToWaitForRoom() throws Exception {
        try (Channel<String> channel = channel(WaitStrategy.BLOCK)) {
            int sent = fill(channel.sender());

            assertThatThrownBy(() -> channel.sender().send("", SHORT)).isInstanceOf(TimedOut.class);

            assertThat(channel.sender().stats().highWaterMark()).isEqualTo((long) sent * LINE);
        }
    }

    @Test
    void blockedSendersTimeGrowsWhileItSleepsAndItsBellIsTheReceivers() throws Exception {
        try (Channel<String> channel = channel(WaitStrategy.BLOCK)) {
            int sent = fill(channel.sender());
            Waits<Void> send = Waits.run(() -> channel.sender().send("")).asleep();

            await("time of a wait that goes on").atMost(Children.PATIENCE)
                    .until(() -> channel.sender().stats().blocked().compareTo(SHORT) > 0);

            assertThat(channel.sender().stats().wakeUps()).isZero();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEmpty();
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEmpty();
            send.value();
            assertThat(channel.receiver().stats().bells()).isEqualTo(1);
            assertThat(channel.sender().stats().wakeUps()).isEqualTo(1);
            assertThat(channel.sender().stats().messages()).isEqualTo(sent + 1);
            Duration blocked = channel.sender().stats().blocked();
            assertThat(blocked).isGreaterThan(SHORT);
            assertThat(channel.sender().stats().blocked()).as("over").isEqualTo(blocked);
        }
    }

    @Test
    void sleepingReceiverIsWokenByOneBell() throws Exception {
        try (Channel<String> channel = channel(WaitStrategy.BLOCK)) {
            Waits<String> receive = Waits.in(channel.receiver()::receive).asleep();
            channel.sender().send("hello"); // the lane's announcement wakes it as well
            assertThat(receive.value()).isEqualTo("hello");
            long bells = channel.sender().stats().bells();
            long wakeUps = channel.receiver().stats().wakeUps();
            Waits<String> second = Waits.in(channel.receiver()::receive).asleep();

            channel.sender().send("again");

            assertThat(second.value()).isEqualTo("again");
            assertThat(channel.sender().stats().bells()).isEqualTo(bells + 1);
            assertThat(channel.receiver().stats().wakeUps()).isEqualTo(wakeUps + 1);
            assertThat(channel.receiver().stats().blocked()).isPositive();
            assertThat(channel.receiver().stats().bells()).isZero();
        }
    }

    @Test
    void spinningIsBlockedTimeWithoutWakeUps() throws Exception {
        try (Channel<String> channel = channel(WaitStrategy.SPIN)) {
            assertThatThrownBy(() -> channel.receiver().receive(SHORT))
                    .isInstanceOf(TimedOut.class);
            fill(channel.sender());
            assertThatThrownBy(() -> channel.sender().send("", SHORT)).isInstanceOf(TimedOut.class);

            for (EndStats stats : both(channel)) {
                assertThat(stats.blocked()).isPositive();
                assertThat(stats.wakeUps()).isZero();
            }
        }
    }

    @Test
    void waitForAnotherThreadsTurnIsBlockedTime() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> share = channel.sender().share();
                Claim claim = channel.sender().claim(1)) {
            Waits<Void> send = Waits.run(() -> share.send("after the claim")).asleep();

            claim.commit();

            send.value();
            assertThat(share.stats().blocked()).isPositive();
            assertThat(share.stats().wakeUps()).isPositive();
            assertThat(share.stats().messages()).isEqualTo(2);
        }
    }

    @Test
    void longMessagesAreSpillsWithMemoryOfTheirOwn() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY))) {
            assertThat(both(channel)).extracting(EndStats::memory).containsExactly(0L, 0L);
            channel.sender().send(new byte[1]);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(1);
            assertThat(both(channel)).extracting(EndStats::memory)
                    .containsExactly((long) REGION, (long) REGION);

            channel.sender().send(new byte[LONG]);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(LONG);
            try (Claim claim = channel.sender().claim(LONG)) {
                claim.commit();
            }
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(LONG);

            for (EndStats stats : both(channel)) {
                assertThat(stats.messages()).isEqualTo(3);
                assertThat(stats.bytes()).isEqualTo(1 + 2 * LONG);
                assertThat(stats.spills()).isEqualTo(2);
                assertThat(stats.memory()).as("one file, used twice")
                        .isEqualTo(REGION + SPILL_FILE);
            }
        }
    }

    @Test
    void memoryOfFilesThatAreGivenUpIsGoneOnBothSides() throws Exception {
        int huge = 20 * 1024 * 1024; // more than may be kept for reuse
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY))) {
            channel.sender().send(new byte[huge]);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(huge);

            channel.sender().send(new byte[0]);

            assertThat(channel.receiver().receive(Children.PATIENCE)).isEmpty();
            assertThat(both(channel)).extracting(EndStats::memory)
                    .containsExactly((long) REGION, (long) REGION);
        }
    }

    @Test
    void descriptorsAreThoseThatTheKernelHasForALoneChannel() throws Exception {
        long before = Children.descriptors();
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY))) {
            assertDescriptors(channel, before, 1, 1);
            channel.sender().send(new byte[1]);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(1);
            assertDescriptors(channel, before, 2, 3);
            channel.sender().claim(LONG).close(); // its file waits for the next long message
            assertDescriptors(channel, before, 3, 3);
            channel.sender().send(new byte[LONG]);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(LONG);
            assertDescriptors(channel, before, 2, 4);
            channel.sender().close();
            assertThat(channel.receiver().isConnected()).isFalse();
            assertThatThrownBy(() -> channel.receiver().receive(SHORT))
                    .isInstanceOf(Disconnected.class);
            assertDescriptors(channel, before, 0, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HYBRID", "BLOCK"})
    void descriptorsOfMessagesThatWaitAreOpenNowhere(WaitStrategy strategy) throws Exception {
        try (Channel<List<Sender<String>>> channel = Channel.create(new Senders(),
                ChannelOptions.defaults().withWaitStrategy(strategy));
                Channel<String> other = Channel.create(String.class)) {
            channel.sender().send(List.of());
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEmpty();
            long before = Children.descriptors();
            channel.sender().send(List.of(other.sender().share()));
            assertThat(channel.receiver().stats().descriptors()).isEqualTo(3);

            assertThat(channel.receiver().isConnected()).isTrue(); // by a look at the socket

            assertThat(Children.descriptors()).isEqualTo(before);
            assertThat(channel.receiver().stats().descriptors()).isEqualTo(3);
            channel.receiver().receive(Children.PATIENCE).forEach(Sender::close);
            assertThat(channel.receiver().stats().descriptors()).isEqualTo(3);
        }
    }

    @Test
    void closedEndsStayInWhatTheProcessHasDoneAndNotInWhatItHolds() throws Exception {
        ProcessStats before = ProcessStats.now();
        Channel<String> channel = Channel.create(String.class);
        Sender<String> share = channel.sender().share();
        channel.sender().send("hello");
        assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("hello");
        ProcessStats open = ProcessStats.now();
        assertThat(open.openSenders()).isEqualTo(before.openSenders() + 2);
        assertThat(open.openReceivers()).isEqualTo(before.openReceivers() + 1);
        assertThat(open.sent().descriptors()).isEqualTo(before.sent().descriptors() + 2);
        assertThat(open.received().descriptors()).isEqualTo(before.received().descriptors() + 3);
        assertThat(open.sent().memory()).isGreaterThan(before.sent().memory());

        channel.close();
        share.close();

        ProcessStats after = ProcessStats.now();
        assertThat(after.openSenders()).isEqualTo(before.openSenders());
        assertThat(after.openReceivers()).isEqualTo(before.openReceivers());
        for (ProcessStats stats : List.of(open, after)) {
            assertThat(stats.sent().messages()).isEqualTo(before.sent().messages() + 1);
            assertThat(stats.sent().bytes()).isEqualTo(before.sent().bytes() + 5);
            assertThat(stats.received().messages()).isEqualTo(before.received().messages() + 1);
        }
        assertThat(after.sent().descriptors()).isEqualTo(before.sent().descriptors());
        assertThat(after.received().descriptors()).isEqualTo(before.received().descriptors());
        assertThat(after.received().memory()).isEqualTo(before.received().memory());
        assertThat(channel.sender().stats().messages()).as("of a closed one").isEqualTo(1);
        assertThat(channel.sender().stats().descriptors()).isZero();
    }

    @Test
    void endsThatMoveAwayAndComeBackAreCountedOnce() throws Exception {
        ProcessStats before = ProcessStats.now();
        try (Channel<Receiver<String>> carrier =
                Channel.create(new TypeToken<Receiver<String>>() {});
                Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("hello");
            carrier.sender().send(channel.receiver());
            try (Receiver<String> moved = carrier.receiver().receive(Children.PATIENCE)) {
                assertThat(moved.receive(Children.PATIENCE)).isEqualTo("hello");
                assertThat(moved.stats().messages()).isEqualTo(1);
                assertThat(moved.stats().descriptors()).isEqualTo(3);
                assertThat(ProcessStats.now().openReceivers())
                        .isEqualTo(before.openReceivers() + 2);
            }
        }
        assertThat(ProcessStats.now().received().descriptors())
                .isEqualTo(before.received().descriptors());
        assertThat(ProcessStats.now().received().messages())
                .isEqualTo(before.received().messages() + 2);
    }

    private static void assertDescriptors(Channel<?> channel, long before, int senders,
            int receivers) {
        assertThat(both(channel)).extracting(EndStats::descriptors)
                .containsExactly(senders, receivers);
        assertThat(Children.descriptors()).isEqualTo(before + senders + receivers);
    }

    private static List<EndStats> both(Channel<?> channel) {
        return List.of(channel.sender().stats(), channel.receiver().stats());
    }

    private static Channel<String> channel(WaitStrategy strategy) {
        return Channel.create(String.class, ChannelOptions.defaults().withCapacity(CAPACITY)
                .withWaitStrategy(strategy));
    }

    private static int fill(Sender<String> sender) {
        int sent = 0;
        while (sender.trySend("") == SendOutcome.SENT) {
            sent++;
        }
        return sent;
    }
}
