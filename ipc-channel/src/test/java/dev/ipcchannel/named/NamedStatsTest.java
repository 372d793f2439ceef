package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The counters of a sender by name over all its rings, and the resources of a pair as the pages
/// give them.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedStatsTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    @Test
    void senderToManyHasTheNumbersOfAllItsRings() throws Exception {
        try (NamedReceiver<byte[]> first = NamedReceiver.open("odd", byte[].class);
                NamedReceiver<byte[]> second = NamedReceiver.open("odd", byte[].class);
                NamedSender<byte[]> sender = NamedSender.open("odd", byte[].class)) {
            sender.send(new byte[100_000]);
            long sent = 1;
            while (sender.trySend(new byte[1000]) == SendOutcome.SENT) {
                sent++;
            }
            assertThatThrownBy(() -> sender.send(new byte[1000], SHORT))
                    .isInstanceOf(TimedOut.class);

            EndStats open = sender.stats();
            assertThat(open.messages()).isEqualTo(sent);
            assertThat(open.bytes()).isEqualTo(100_000 + (sent - 1) * 1000);
            assertThat(open.blocked()).isPositive();
            assertThat(open.wakeUps()).isPositive();
            assertThat(open.highWaterMark()).isPositive();
            assertThat(open.spills()).isEqualTo(1);
            assertThat(open.descriptors()).isGreaterThanOrEqualTo(2);
            assertThat(open.memory()).isGreaterThanOrEqualTo(2 * 65_536);

            first.leave();
            second.leave();
            while (sender.receiverCount() > 0) {
                Thread.onSpinWait();
            }
            EndStats left = sender.stats();
            assertThat(left.messages()).isEqualTo(sent);
            assertThat(left.spills()).isEqualTo(1);
            assertThat(left.blocked()).isGreaterThanOrEqualTo(open.blocked());
            assertThat(left.wakeUps()).isGreaterThanOrEqualTo(open.wakeUps());
            assertThat(left.highWaterMark()).isGreaterThanOrEqualTo(open.highWaterMark());
            assertThat(left.descriptors()).isZero();
            assertThat(left.memory()).isZero();
        }
    }

    /// The resources of a pair of a sender and a receiver, beyond those of each end by itself: the
    /// difference of the differences that a second end of each kind makes.
    @ParameterizedTest
    @CsvSource({"65536, 68", "16384, 20"})
    void pairTakesOneConnectionAndOneLaneOnEachSide(int capacity, int kilobytes) throws Exception {
        NamedOptions options = NamedOptions.defaults()
                .withChannel(ChannelOptions.defaults().withCapacity(capacity));
        Held both = held(2, 2, options);
        Held moreSenders = held(2, 1, options);
        Held moreReceivers = held(1, 2, options);
        Held one = held(1, 1, options);

        assertThat(both.descriptors() - moreSenders.descriptors() - moreReceivers.descriptors()
                + one.descriptors()).as("a connection, a lane's socket and its memory on each side")
                .isEqualTo(2 * 3);
        assertThat(both.memory() - moreSenders.memory() - moreReceivers.memory() + one.memory())
                .as("the same memory, mapped on each side").isEqualTo(2L * kilobytes * 1024);
    }

    /// The sockets and memory files that this process has open, and their mapped bytes.
    private record Held(long descriptors, long memory) {

        static Held now() throws Exception {
            long descriptors = 0;
            try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
                for (Path link : links.toList()) {
                    String target = Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                            ? Files.readSymbolicLink(link).toString() : "";
                    descriptors += target.startsWith("socket:") || target.startsWith("/memfd:ipc")
                            ? 1 : 0;
                }
            }
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return new Held(descriptors, maps.filter(line -> line.contains("/memfd:ipc"))
                        .mapToLong(Held::length).sum());
            }
        }

        boolean isAtMost(Held other) {
            return descriptors <= other.descriptors && memory <= other.memory;
        }

        private static long length(String line) {
            String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
            return Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16);
        }
    }

    private static Held held(int senders, int receivers, NamedOptions options) throws Exception {
        Held before = Held.now();
        List<NamedReceiver<String>> receiving = new ArrayList<>();
        List<NamedSender<String>> sending = new ArrayList<>();
        try {
            for (int i = 0; i < receivers; i++) {
                receiving.add(NamedReceiver.open("pairs", String.class, options));
            }
            for (int i = 0; i < senders; i++) {
                sending.add(NamedSender.open("pairs", String.class, options));
                sending.getLast().trySend("a lane is made with the first message");
            }
            for (NamedReceiver<String> receiver : receiving) {
                for (int i = 0; i < senders; i++) {
                    String _ = receiver.receive();
                }
            }
            return Held.now();
        } finally {
            sending.forEach(NamedSender::close);
            receiving.forEach(NamedReceiver::close);
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                    .until(() -> Held.now().isAtMost(before)); // the last are closed a moment later
        }
    }
}
