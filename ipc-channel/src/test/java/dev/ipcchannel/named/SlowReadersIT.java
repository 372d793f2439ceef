package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.BroadcastChild;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One of three processes that receive is stopped, or killed, by each policy that does not wait: the
/// others get all, and what that one has missed is known on both sides.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReadersIT {

    private static final int COUNT = 1000;
    private static final String ALL =
            IntStream.range(0, COUNT).mapToObj(String::valueOf).collect(Collectors.joining(" "));

    @RegisterExtension
    final Children children = new Children();

    private Path directory = Path.of("");
    private long sent;
    private long failed;

    @BeforeEach
    void namesAreOfThisTestAlone() throws Exception {
        directory = Files.createDirectory(children.directory().resolve("names"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty("ipc.directory", directory.toString());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        System.clearProperty("ipc.directory");
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(value = SlowReader.class, names = {"FAIL", "DROP_NEWEST", "DROP_OLDEST"})
    void stoppedReceiverMissesSomeAndNoneOfTheOthersDoes(SlowReader policy) throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm slow = receiver(" 4096");
        try (var sender = sender(policy)) {
            slow.signal("STOP");
            sendAll(sender, others);
            assertThat(sender.receiverCount()).isEqualTo(3);
            long missed = sender.dropped();
            assertThat(missed).isPositive();

            slow.signal("CONT");
            order(slow, "until last");
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                    .until(() -> isSent(sender, "last") || policy == SlowReader.DROP_OLDEST);

            assertThat(answer(slow)).isEqualTo(
                    (sent - sender.dropped()) + " " + sender.dropped());
            assertThat(failed).isEqualTo(policy == SlowReader.FAIL ? sender.dropped() : 0);
            others.forEach(SlowReadersIT::kill);
            kill(slow);
        }
        swept(others.getFirst(), others.getLast(), slow);
    }

    @ParameterizedTest
    @EnumSource(value = SlowReader.class, names = "DISCONNECT")
    void stoppedReceiverIsCutOffAndHearsOfIt(SlowReader policy) throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm slow = receiver(" 4096");
        try (var sender = sender(policy)) {
            slow.signal("STOP");
            sendAll(sender, others);
            await().atMost(Children.PATIENCE).until(() -> sender.receiverCount() == 2);
            assertThat(sender.dropped()).isEqualTo(1);

            slow.signal("CONT");
            order(slow, "until last");

            assertThat(answer(slow)).startsWith("CONNECTION_FAILED Disconnected: Connection failed")
                    .contains("cut off as too slow");
            others.forEach(SlowReadersIT::kill);
            kill(slow);
        }
        swept(others.getFirst(), others.getLast(), slow);
    }

    @ParameterizedTest
    @EnumSource(value = SlowReader.class, names = "WAIT", mode = EnumSource.Mode.EXCLUDE)
    void killedReceiverIsOneFewer(SlowReader policy) throws Exception {
        List<ChildJvm> others = List.of(receiver(""), receiver(""));
        ChildJvm killed = receiver(" 4096");
        try (var sender = sender(policy)) {
            killed.signal("STOP");
            for (int i = 0; i < COUNT / 2; i++) {
                boolean _ = isSent(sender, String.valueOf(i));
            }
            kill(killed);
            killed.awaitExit(137);
            for (int i = COUNT / 2; i < COUNT; i++) {
                boolean _ = isSent(sender, String.valueOf(i));
            }
            for (ChildJvm other : others) {
                assertThat(ask(other, "drain " + COUNT + " 0")).isEqualTo(ALL);
            }
            await().atMost(Children.PATIENCE).until(() -> sender.receiverCount() == 2);
            others.forEach(SlowReadersIT::kill);
        }
        swept(others.getFirst(), others.getLast());
    }

    private IpcChannel<byte[]> sender(SlowReader policy) throws InterruptedException {
        var sender = IpcChannel.open(ChannelType.CHANNEL, "slow", ConnMode.SENDER,
                BroadcastOptions.defaults().withSlowReader(policy).withQueue(20));
        assertThat(sender.waitForReceivers(3, Children.PATIENCE.toMillis())).isTrue();
        return sender;
    }

    private void sendAll(IpcChannel<byte[]> sender, List<ChildJvm> others) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            boolean _ = isSent(sender, String.valueOf(i));
        }
        for (ChildJvm other : others) {
            assertThat(ask(other, "drain " + COUNT + " 0")).isEqualTo(ALL);
        }
    }

    /// Sends a message, and tells whether none has missed one because of that.
    private boolean isSent(IpcChannel<byte[]> sender, String message) throws InterruptedException {
        long before = sender.dropped();
        sent++;
        try {
            sender.send(message.getBytes(UTF_8));
        } catch (IpcException failure) {
            assertThat(failure.status()).isEqualTo(IpcStatus.SEND_FAILED);
            failed++;
        }
        return sender.dropped() == before;
    }

    private ChildJvm receiver(String capacity) throws Exception {
        ChildJvm child = children.command()
                .environment("IPC_CHANNEL_DIR", directory.toString()).piped()
                .start(BroadcastChild.class);
        assertThat(answer(child)).isEqualTo("up");
        assertThat(ask(child, "open CHANNEL slow RECEIVER" + capacity)).isEqualTo("opened");
        return child;
    }

    private static void kill(ChildJvm child) {
        Object _ = child.process().destroyForcibly();
    }

    private static void swept(ChildJvm... killed) throws Exception {
        for (ChildJvm child : killed) {
            child.awaitExit(137);
        }
        int _ = IpcChannel.clearStorage("slow");
    }

    private static void order(ChildJvm child, String order) throws IOException {
        OutputStream orders = child.process().getOutputStream();
        orders.write((order + "\n").getBytes(UTF_8));
        orders.flush();
    }

    private static String answer(ChildJvm child) throws Exception {
        return String.valueOf(child.captured().readLine(Children.PATIENCE));
    }

    private static String ask(ChildJvm child, String order) throws Exception {
        order(child, order);
        return answer(child);
    }
}
