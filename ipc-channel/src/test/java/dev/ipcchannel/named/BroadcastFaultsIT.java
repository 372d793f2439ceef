package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.NumberedBytes;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.BroadcastChild;
import dev.ipcchannel.testing.children.HalfReaderChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Broadcast channels with processes that are killed, stopped or hostile in the middle of a
/// message: the others get whole messages, and nothing is left.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BroadcastFaultsIT {

    private static final int ROUNDS = Integer.getInteger("ipcchannel.kills", 6);
    private static final int LONG = 3 << 20; // in a file of 4 MiB
    private static final long PATIENCE = Children.PATIENCE.toMillis();

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();
    private Set<String> before = Set.of();

    @BeforeEach
    void noteSharedMemory() throws Exception {
        before = sharedMemory();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        int _ = IpcChannel.clearStorage("words"); // of those that were killed last
        assertThat(sharedMemory()).isEqualTo(before);
    }

    /// The files in shared memory that are named like the library, except the queues of other
    /// tests, which may run at the same time.
    private static Set<String> sharedMemory() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
            return all.map(Path::toString)
                    .filter(file -> file.contains("ipc") && !file.contains("/zipc-test-"))
                    .collect(Collectors.toSet());
        }
    }

    private ChildJvm start(Class<?> main, String... arguments) throws Exception {
        return children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                .piped()
                .start(main, arguments);
    }

    private ChildJvm start() throws Exception {
        ChildJvm child = start(BroadcastChild.class);
        assertThat(child.answer()).isEqualTo("up");
        return child;
    }

    private static IpcChannel<byte[]> open(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, "words", mode);
    }

    @Test
    void senderThatIsKilledAnywhereLeavesEachAPrefixAndTheseDifferByOneAtMost() throws Exception {
        long seed = new Random().nextLong();
        System.err.println("kills of senders: seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            List<Integer> prefixes =
                    afterAKill(1 + random.nextInt(4000), random.nextInt(2_000_000));
            assertThat(Collections.max(prefixes) - Collections.min(prefixes))
                    .as("seed=%d, round=%d, prefixes=%s", seed, i, prefixes)
                    .isBetween(0, 1);
        }
    }

    /// @return how many messages each of three receivers has got; the first is always there
    private List<Integer> afterAKill(int messages, int nanos) throws Exception {
        ChildJvm sender = start();
        AtomicBoolean isDead = new AtomicBoolean();
        AtomicInteger first = new AtomicInteger();
        try (var one = open(ConnMode.RECEIVER); var two = open(ConnMode.RECEIVER);
                var three = open(ConnMode.RECEIVER)) {
            assertThat(sender.ask("open ROUTE words SENDER")).isEqualTo("opened");
            assertThat(sender.ask("wait 3 0")).isEqualTo("true");
            List<Waits<Integer>> all = List.of(Waits.in(() -> prefix(one, isDead, first)),
                    Waits.in(() -> prefix(two, isDead, new AtomicInteger())),
                    Waits.in(() -> prefix(three, isDead, new AtomicInteger())));
            sender.order("numbers 1000000000");
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                    .until(() -> first.get() >= messages);
            LockSupport.parkNanos(nanos); // anywhere in a message
            sender.kill();
            isDead.set(true);
            List<Integer> prefixes = new ArrayList<>();
            for (Waits<Integer> receiver : all) {
                prefixes.add(receiver.value());
            }
            assertThat(one.lost() + two.lost() + three.lost()).isZero();
            return prefixes;
        }
    }

    private static int prefix(IpcChannel<byte[]> receiver, AtomicBoolean isDead,
            AtomicInteger count) {
        while (true) {
            boolean isLast = isDead.get(); // read before the look
            byte[] message = receiver.tryReceive();
            if (message != null) {
                assertThat(NumberedBytes.number(message)).isEqualTo(count.getAndIncrement());
            } else if (isLast) {
                return count.get();
            } else {
                LockSupport.parkNanos(50_000); // this receiver is slower now and then
            }
        }
    }

    @Test
    void receiverThatIsKilledInTheMiddleOfALongMessageHoldsNothingBack() throws Exception {
        List<ChildJvm> others = List.of(start(), start());
        for (ChildJvm other : others) {
            assertThat(other.ask("open ROUTE words RECEIVER")).isEqualTo("opened");
        }
        ChildJvm doomed = start(HalfReaderChild.class, "words");
        assertThat(doomed.answer()).isEqualTo("ready");
        try (var sender = open(ConnMode.SENDER)) {
            assertThat(sender.waitForReceivers(3, PATIENCE)).isTrue();
            sender.send(new byte[LONG], PATIENCE);
            assertThat(doomed.answer()).isEqualTo("reading");
            long descriptors = Children.descriptors();
            int sent = 1;
            while (sender.trySend(new byte[LONG])) { // it pins each of them
                sent++;
            }
            assertThat(sent).isEqualTo(16); // 64 MiB
            for (ChildJvm other : others) {
                assertThat(other.ask("lengths " + sent)).isEqualTo(lengths(sent));
            }
            doomed.kill();

            for (int i = 0; i < 100; i++) { // more than may be unread
                sender.send(new byte[LONG], PATIENCE);
                for (ChildJvm other : others) {
                    assertThat(other.ask("lengths 1")).isEqualTo(lengths(1));
                }
            }
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(Children.descriptors())
                            .isLessThanOrEqualTo(descriptors + 16 / 4)); // idle files of 16 MiB
            assertThat(sender.receiverCount()).isEqualTo(2);
        }
        others.getFirst().end();
        others.getLast().end();
    }

    private static String lengths(int count) {
        return Stream.generate(() -> String.valueOf(LONG)).limit(count)
                .collect(Collectors.joining(" "));
    }

    @Test
    void receiverCannotWriteToWhatOthersRead() throws Exception {
        ChildJvm hostile = start(HalfReaderChild.class, "words", "writing");
        assertThat(hostile.answer()).isEqualTo("ready");
        try (var sender = open(ConnMode.SENDER); var other = open(ConnMode.RECEIVER)) {
            assertThat(sender.waitForReceivers(2, PATIENCE)).isTrue();
            byte[] message = new byte[LONG];
            message[LONG / 2] = 7;
            sender.send(message, PATIENCE);
            assertThat(hostile.answer()).isEqualTo("files=1 write=Operation-not-permitted"
                    + " map=Operation-not-permitted truncate=Operation-not-permitted");
            assertThat(other.receive(PATIENCE)).isEqualTo(message);
            hostile.kill();
        }
    }

    /// The receiver has connected while the sender's process was stopped, and was not accepted yet.
    @ParameterizedTest
    @ValueSource(strings = {"close", "exit"})
    void senderThatEndsGivesWhatItHasKeptToAReceiverThatItHasNotAcceptedYet(String end)
            throws Exception {
        ChildJvm sender = start();
        assertThat(sender.ask("open ROUTE words SENDER 65536 60000")).isEqualTo("opened");
        assertThat(sender.ask("send one 0")).isEqualTo("sent");
        assertThat(sender.ask("send two 0")).isEqualTo("sent");
        sender.signal("STOP");
        sender.order(end);
        try (var receiver = open(ConnMode.RECEIVER)) { // waits for it for two seconds
            sender.signal("CONT");
            assertThat(new String(receiver.receive(PATIENCE), UTF_8)).isEqualTo("one");
            assertThat(new String(receiver.receive(PATIENCE), UTF_8)).isEqualTo("two");
            assertThat(receiver.tryReceive()).isNull();
        }
        if (end.equals("close")) {
            assertThat(sender.answer()).isEqualTo("closed");
            sender.cue();
        }
        sender.awaitExit(0);
    }

    /// The sender's linger ends at about the moment when a receiver comes.
    @Test
    void whatIsKeptAtTheEndIsReceivedOrCounted() throws Exception {
        long seed = new Random().nextLong();
        System.err.println("ends of lingering senders: seed=" + seed);
        Random random = new Random(seed);
        int received = 0;
        int dropped = 0;
        for (int i = 0; i < 50; i++) {
            var sender = IpcChannel.open(ChannelType.ROUTE, "words", ConnMode.SENDER,
                    BroadcastOptions.defaults().withLinger(Duration.ofMillis(5)));
            for (int message = 0; message < 3; message++) {
                sender.send(NumberedBytes.of(message));
            }
            sender.close();
            LockSupport.parkNanos(random.nextInt(6_000_000));
            try (var receiver = open(ConnMode.RECEIVER)) {
                await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                        .until(() -> NamedDirectory.list().size() == 1); // the sender has ended
                int got = 0;
                for (byte[] next = receiver.tryReceive(); next != null; next =
                        receiver.tryReceive()) {
                    assertThat(NumberedBytes.number(next)).isEqualTo(got++);
                }
                assertThat(got + sender.dropped()).as("seed=%d, round=%d", seed, i).isEqualTo(3);
                received += got;
                dropped += (int) sender.dropped();
            }
        }
        System.err.printf("kept messages received=%d, dropped=%d%n", received, dropped);
    }

    @Test
    void clearingANameNamesThoseThatLiveAndTheyGoOn() throws Exception {
        ChildJvm killed = start();
        ChildJvm living = start();
        assertThat(killed.ask("open ROUTE words SENDER")).isEqualTo("opened");
        assertThat(living.ask("open ROUTE words RECEIVER")).isEqualTo("opened");
        killed.kill();
        try (CaughtLog log = CaughtLog.listen()) {
            assertThat(IpcChannel.clearStorage("words")).isEqualTo(1);
            assertThat(log.lines()).filteredOn(line -> line.contains("is cleared"))
                    .singleElement().asString()
                    .contains("name=words", "receiver pid=" + living.pid(), "BroadcastChild")
                    .doesNotContain("pid=" + killed.pid());
        }
        try (var sender = open(ConnMode.SENDER)) {
            living.order("drain 1000 " + PATIENCE);
            for (int i = 0; i < 1000; i++) {
                sender.send(new byte[]{'x'}, PATIENCE);
                if (i % 100 == 0) {
                    assertThat(IpcChannel.clearStorage("words")).isZero();
                }
            }
            assertThat(living.answer()).hasSize(1999);
        }
        living.end();
    }
}
