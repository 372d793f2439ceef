package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TimedOut;
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
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Broadcast channels between processes.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IpcChannelIT {

    private static final int RACES = Integer.getInteger("ipcchannel.races", 20);
    private static final long PATIENCE = Children.PATIENCE.toMillis();

    @RegisterExtension
    final Children children = new Children();

    private Path directory = Path.of("");

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

    private ChildJvm start() throws Exception {
        return start(children.command());
    }

    private ChildJvm start(Children.Command command) throws Exception {
        ChildJvm child = command.environment("IPC_CHANNEL_DIR", directory.toString()).piped()
                .start(BroadcastChild.class);
        assertThat(answer(child)).isEqualTo("up");
        return child;
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

    private static void end(ChildJvm child) throws Exception {
        assertThat(ask(child, "close")).isEqualTo("closed");
        child.cue();
        child.awaitExit(0);
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    private static IpcChannel<byte[]> open(ChannelType type, ConnMode mode)
            throws InterruptedException {
        return IpcChannel.open(type, "words", mode);
    }

    @Test
    void eachProcessThatReceivesGetsEachMessage() throws Exception {
        List<ChildJvm> receivers = List.of(start(), start());
        for (ChildJvm receiver : receivers) {
            assertThat(ask(receiver, "open ROUTE words RECEIVER")).isEqualTo("opened");
        }
        try (var sender = open(ChannelType.ROUTE, ConnMode.SENDER)) {
            assertThat(sender.waitForReceivers(2, PATIENCE)).isTrue();
            for (ChildJvm receiver : receivers) {
                order(receiver, "drain 1000 " + PATIENCE);
            }
            for (int i = 0; i < 1000; i++) {
                sender.send(String.valueOf(i).getBytes(UTF_8), PATIENCE);
            }
            String all = IntStream.range(0, 1000).mapToObj(String::valueOf)
                    .collect(Collectors.joining(" "));
            for (ChildJvm receiver : receivers) {
                assertThat(answer(receiver)).isEqualTo(all);
                end(receiver);
            }
            until(() -> assertThat(sender.receiverCount()).isZero());
        }
    }

    @Test
    void processesInBothModesHearTheOthersAndNotThemselves() throws Exception {
        ChildJvm one = start();
        ChildJvm two = start();
        assertThat(ask(one, "open CHANNEL words BOTH")).isEqualTo("opened");
        assertThat(ask(two, "open CHANNEL words BOTH")).isEqualTo("opened");
        assertThat(ask(one, "wait 1 0")).isEqualTo("true");
        assertThat(ask(one, "send from-one 0")).isEqualTo("sent");
        assertThat(ask(two, "send from-two 0")).isEqualTo("sent");

        assertThat(ask(one, "receive 0")).isEqualTo("from-two");
        assertThat(ask(two, "receive 0")).isEqualTo("from-one");
        assertThat(ask(one, "receive -1")).startsWith("TIMEOUT TimedOut: Timeout: ");
        end(one);
        end(two);
    }

    @Test
    void secondSenderOfARouteIsToldWhoHoldsItUntilThatOneEnds() throws Exception {
        ChildJvm first = start();
        ChildJvm second = start();
        assertThat(ask(first, "open ROUTE words SENDER")).isEqualTo("opened");
        assertThat(ask(second, "open ROUTE words SENDER"))
                .startsWith("CONNECTION_FAILED HandshakeFailed: Connection failed: "
                        + "Failed to create channel 'words': ")
                .contains("pid=" + first.pid()).contains("BroadcastChild");
        assertThatThrownBy(() -> open(ChannelType.ROUTE, ConnMode.BOTH))
                .isInstanceOf(HandshakeFailed.class).hasMessageContaining("pid=" + first.pid());
        first.process().destroyForcibly();
        first.awaitExit(137);

        assertThat(ask(second, "open ROUTE words SENDER")).isEqualTo("opened");
        end(second);
    }

    @Test
    void ofTwoSendersOfARouteAtOnceOneWins() throws Exception {
        ChildJvm one = start();
        ChildJvm two = start();
        for (int i = 0; i < RACES; i++) {
            order(one, "open ROUTE words BOTH");
            order(two, "open ROUTE words BOTH");
            String first = answer(one);
            String second = answer(two);
            boolean isFirst = first.equals("opened");
            assertThat(List.of(first, second)).contains("opened");
            assertThat(isFirst ? second : first).startsWith("CONNECTION_FAILED ")
                    .contains("pid=" + (isFirst ? one : two).pid());
            assertThat(ask(one, "close") + ask(two, "close")).isEqualTo("closedclosed");
        }
        end(one);
        end(two);
    }

    @Test
    void ofARouteAndAChannelAtOnceOneWinsAndTheOtherHearsWhatDiffers() throws Exception {
        ChildJvm route = start();
        ChildJvm channel = start();
        for (int i = 0; i < RACES; i++) {
            order(route, "open ROUTE words RECEIVER");
            order(channel, "open CHANNEL words RECEIVER");
            String first = answer(route);
            String second = answer(channel);
            boolean isRoute = first.equals("opened");
            assertThat(List.of(first, second)).contains("opened");
            assertThat(isRoute ? second : first).startsWith("CONNECTION_FAILED ")
                    .contains(isRoute ? "type=CHANNEL, there=ROUTE" : "type=ROUTE, there=CHANNEL")
                    .contains("pid=" + (isRoute ? route : channel).pid())
                    .contains("BroadcastChild");
            assertThat(ask(route, "close") + ask(channel, "close")).isEqualTo("closedclosed");
        }
        end(route);
        end(channel);
    }

    @Test
    void receiverThatIsKilledIsOneFewer() throws Exception {
        ChildJvm killed = start();
        ChildJvm other = start();
        assertThat(ask(killed, "open CHANNEL words RECEIVER 4096")).isEqualTo("opened");
        assertThat(ask(other, "open CHANNEL words RECEIVER")).isEqualTo("opened");
        try (var sender = open(ChannelType.CHANNEL, ConnMode.SENDER)) {
            int sent = 0;
            while (sender.trySend(new byte[100])) {
                sent++;
            }
            assertThat(sent).isPositive();
            killed.process().destroyForcibly();
            killed.awaitExit(137);
            sender.send("still".getBytes(UTF_8), PATIENCE);
            for (int i = 0; i < sent; i++) {
                assertThat(ask(other, "receive 0")).hasSize(100);
            }
            assertThat(ask(other, "receive 0")).isEqualTo("still");
            until(() -> assertThat(sender.receiverCount()).isEqualTo(1));
        }
        end(other);
    }

    @Test
    void senderThatIsKilledLeavesWholeMessagesAndReceiversThatDifferByOneAtMost()
            throws Exception {
        ChildJvm sender = start();
        try (var one = open(ChannelType.ROUTE, ConnMode.RECEIVER);
                var two = open(ChannelType.ROUTE, ConnMode.RECEIVER)) {
            assertThat(ask(sender, "open ROUTE words SENDER")).isEqualTo("opened");
            assertThat(ask(sender, "wait 2 0")).isEqualTo("true");
            order(sender, "flood 1000000000");
            int first = 0;
            for (; first < 500; first++) {
                assertThat(new String(one.receive(PATIENCE), UTF_8)).isEqualTo("" + first);
            }
            sender.process().destroyForcibly();
            sender.awaitExit(137);
            first += rest(one, first);
            assertThat(rest(two, 0)).isBetween(first - 1, first + 1);
        }
    }

    /// How many messages more there are, in order.
    private static int rest(IpcChannel<byte[]> receiver, int next) {
        int count = 0;
        for (byte[] message = receiver.tryReceive(); message != null; message =
                receiver.tryReceive()) {
            assertThat(new String(message, UTF_8)).isEqualTo("" + (next + count));
            count++;
        }
        return count;
    }

    @Test
    void clearingSweepsWhatKilledProcessesHaveLeft() throws Exception {
        List<ChildJvm> killed = List.of(start(), start());
        ChildJvm living = start();
        for (ChildJvm child : killed) {
            assertThat(ask(child, "open CHANNEL words BOTH")).isEqualTo("opened");
        }
        assertThat(ask(living, "open CHANNEL words RECEIVER")).isEqualTo("opened");
        for (ChildJvm child : killed) {
            child.process().destroyForcibly();
            child.awaitExit(137);
        }
        until(() -> assertThat(files()).hasSize(2 * (2 * 2 + 1)));

        assertThat(IpcChannel.clearStorage("words")).isEqualTo(4);
        assertThat(files()).hasSize(2);
        assertThat(IpcChannel.clearStorage("words")).isZero();
        assertThat(ask(living, "count")).isEqualTo("1");
        end(living);
    }

    /// Entries and sockets of all names.
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory, 2)) {
            return all.filter(file -> !Files.isDirectory(file)).toList();
        }
    }

    @Test
    void processThatLacksDescriptorsIsToldTheLimitAndGoesOnOnceItHasSome() throws Exception {
        ChildJvm poor = start(children.command().under("bash", "-c",
                "ulimit -n 64; exec \"$0\" \"$@\""));
        String said = "opened";
        int opened = -1;
        for (; said.equals("opened"); opened++) {
            said = ask(poor, "open CHANNEL words BOTH");
        }
        assertThat(opened).isPositive();
        assertThat(said).startsWith("MEMORY ResourceExhausted: Memory error: Failed to create"
                + " channel 'words': ").contains("EMFILE", "ulimit -n");
        assertThat(ask(poor, "close")).isEqualTo("closed");
        assertThat(ask(poor, "open CHANNEL words BOTH")).isEqualTo("opened");
        end(poor);
    }

    @Test
    void countOfReceiversThatCannotBeMadeIsAFailureInLibipcsWords() throws Exception {
        ChildJvm poor = start(children.command().under("bash", "-c",
                "ulimit -n 64; exec \"$0\" \"$@\""));
        assertThat(ask(poor, "open CHANNEL words RECEIVER")).isEqualTo("opened");
        assertThat(ask(poor, "count")).isEqualTo("1");
        assertThat(ask(poor, "hoard")).isEqualTo("hoarded");
        assertThat(ask(poor, "count")).startsWith(
                "MEMORY ResourceExhausted: Memory error: Failed to count receivers: ")
                .contains("EMFILE");
        assertThat(ask(poor, "wait 2 20")).startsWith(
                "MEMORY ResourceExhausted: Memory error: Failed to wait for receivers: ");
        end(poor);
    }

    @Test
    void processInWhichTheLibraryCannotRunIsToldWhatIsMissing() throws Exception {
        ChildJvm refused = start(children.command()
                .nativeAccess("--illegal-native-access=deny"));
        assertThat(ask(refused, "open CHANNEL words SENDER"))
                .startsWith("CONNECTION_FAILED UnsupportedPlatform: Connection failed: "
                        + "Failed to create channel 'words': ")
                .contains("--enable-native-access");
        end(refused);
    }

    @Test
    void processThatEndsStaysUntilWhatItHasKeptIsReceived() throws Exception {
        ChildJvm sender = start();
        assertThat(ask(sender, "open ROUTE words SENDER 65536 60000")).isEqualTo("opened");
        assertThat(ask(sender, "send one 0")).isEqualTo("sent");
        assertThat(ask(sender, "send two 0")).isEqualTo("sent");
        order(sender, "exit"); // without a close
        try (var receiver = open(ChannelType.ROUTE, ConnMode.RECEIVER)) {
            assertThat(new String(receiver.receive(PATIENCE), UTF_8)).isEqualTo("one");
            assertThat(new String(receiver.receive(PATIENCE), UTF_8)).isEqualTo("two");
            sender.awaitExit(0);
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void processThatLingersOverItsCloseStaysUntilAllIsReceived() throws Exception {
        ChildJvm sender = start();
        assertThat(ask(sender, "open ROUTE words SENDER 65536 60000")).isEqualTo("opened");
        assertThat(ask(sender, "send one 0")).isEqualTo("sent");
        assertThat(ask(sender, "close")).isEqualTo("closed");
        order(sender, "exit");
        try (var receiver = open(ChannelType.ROUTE, ConnMode.RECEIVER);
                var _ = open(ChannelType.ROUTE, ConnMode.SENDER)) { // its place is free
            assertThat(new String(receiver.receive(PATIENCE), UTF_8)).isEqualTo("one");
            sender.awaitExit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void processThatEndsSaysWhatNobodyHasReceived(boolean isClosed) throws Exception {
        ChildJvm sender = sentToNobody(children.command());
        if (isClosed) {
            assertThat(ask(sender, "close")).isEqualTo("closed");
        }
        order(sender, "exit");
        sender.awaitExit(0);

        assertThat(sender.captured().errorLines())
                .filteredOn(line -> line.contains("name=words, messages=2")).singleElement()
                .asString().startsWith("WARNING: ").contains("received");
    }

    @Test
    void processWhoseUserWantsNoLogEndsWithoutAWord() throws Exception {
        Path levels = Files.writeString(children.directory().resolve("logging.properties"),
                "handlers=java.util.logging.ConsoleHandler\ndev.ipcchannel.level=OFF\n");
        ChildJvm sender = sentToNobody(children.command().environment("JDK_JAVA_OPTIONS",
                "-Djava.util.logging.config.file=" + levels));
        order(sender, "exit");
        sender.awaitExit(0);

        assertThat(sender.captured().errorLines()).noneMatch(line -> line.contains("words"));
    }

    private ChildJvm sentToNobody(Children.Command command) throws Exception {
        ChildJvm sender = start(command);
        assertThat(ask(sender, "open ROUTE words SENDER 65536 500")).isEqualTo("opened");
        assertThat(ask(sender, "send one 0")).isEqualTo("sent");
        assertThat(ask(sender, "send two 0")).isEqualTo("sent");
        return sender;
    }

    @Test
    void processThatLeavesIsCountedNoMoreOnceItHas() throws Exception {
        ChildJvm other = start();
        assertThat(ask(other, "open CHANNEL words BOTH")).isEqualTo("opened");
        try (var sender = open(ChannelType.CHANNEL, ConnMode.BOTH)) {
            assertThat(sender.receiverCount()).isEqualTo(1);
            assertThat(ask(other, "disconnect")).isEqualTo("disconnected");
            assertThat(sender.receiverCount()).isZero();
            assertThat(sender.trySend(new byte[1])).isFalse();
            assertThat(ask(other, "receive 0"))
                    .startsWith("CONNECTION_FAILED Disconnected: Connection failed: Channel not");
        }
        end(other);
    }

    @Test
    void stoppedReceiverKeepsASenderWaitingUntilItGoesOn() throws Exception {
        ChildJvm receiver = start();
        assertThat(ask(receiver, "open CHANNEL words RECEIVER 4096")).isEqualTo("opened");
        try (var sender = open(ChannelType.CHANNEL, ConnMode.SENDER)) {
            receiver.signal("STOP");
            int sent = 0;
            while (sender.trySend(new byte[100])) {
                sent++;
            }
            assertThatThrownBy(() -> sender.send(new byte[100], 50)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("pid=" + receiver.pid());
            assertThat(sender.receiverCount()).isEqualTo(1);
            receiver.signal("CONT");
            order(receiver, "drain " + (sent + 1) + " 0");
            sender.send(new byte[100], PATIENCE);
            assertThat(answer(receiver)).isNotEmpty();
        }
        end(receiver);
    }
}
