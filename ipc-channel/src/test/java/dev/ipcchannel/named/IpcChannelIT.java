package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.children.BroadcastChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
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

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    private ChildJvm start() throws Exception {
        return start(children.command());
    }

    private ChildJvm start(Children.Command command) throws Exception {
        ChildJvm child =
                command.environment("IPC_CHANNEL_DIR", names.directory().toString()).piped()
                        .start(BroadcastChild.class);
        assertThat(child.answer()).isEqualTo("up");
        return child;
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
            assertThat(receiver.ask("open ROUTE words RECEIVER")).isEqualTo("opened");
        }
        try (var sender = open(ChannelType.ROUTE, ConnMode.SENDER)) {
            assertThat(sender.waitForReceivers(2, PATIENCE)).isTrue();
            for (ChildJvm receiver : receivers) {
                receiver.order("drain 1000 " + PATIENCE);
            }
            for (int i = 0; i < 1000; i++) {
                sender.send(String.valueOf(i).getBytes(UTF_8), PATIENCE);
            }
            String all = IntStream.range(0, 1000).mapToObj(String::valueOf)
                    .collect(Collectors.joining(" "));
            for (ChildJvm receiver : receivers) {
                assertThat(receiver.answer()).isEqualTo(all);
                receiver.end();
            }
            until(() -> assertThat(sender.receiverCount()).isZero());
        }
    }

    @Test
    void processesInBothModesHearTheOthersAndNotThemselves() throws Exception {
        ChildJvm one = start();
        ChildJvm two = start();
        assertThat(one.ask("open CHANNEL words BOTH")).isEqualTo("opened");
        assertThat(two.ask("open CHANNEL words BOTH")).isEqualTo("opened");
        assertThat(one.ask("wait 1 0")).isEqualTo("true");
        assertThat(one.ask("send from-one 0")).isEqualTo("sent");
        assertThat(two.ask("send from-two 0")).isEqualTo("sent");

        assertThat(one.ask("receive 0")).isEqualTo("from-two");
        assertThat(two.ask("receive 0")).isEqualTo("from-one");
        assertThat(one.ask("receive -1")).startsWith("TIMEOUT TimedOut: Timeout: ");
        one.end();
        two.end();
    }

    @Test
    void secondSenderOfARouteGetsTheHolderUntilThatEnds() throws Exception {
        ChildJvm first = start();
        ChildJvm second = start();
        assertThat(first.ask("open ROUTE words SENDER")).isEqualTo("opened");
        assertThat(second.ask("open ROUTE words SENDER"))
                .startsWith("CONNECTION_FAILED HandshakeFailed: Connection failed: "
                        + "Failed to create channel 'words': ")
                .contains("pid=" + first.pid()).contains("BroadcastChild");
        assertThatThrownBy(() -> open(ChannelType.ROUTE, ConnMode.BOTH))
                .isInstanceOf(HandshakeFailed.class).hasMessageContaining("pid=" + first.pid());
        first.process().destroyForcibly();
        first.awaitExit(137);

        assertThat(second.ask("open ROUTE words SENDER")).isEqualTo("opened");
        second.end();
    }

    @Test
    void ofTwoSendersOfARouteAtOnceOneWins() throws Exception {
        ChildJvm one = start();
        ChildJvm two = start();
        for (int i = 0; i < RACES; i++) {
            one.order("open ROUTE words BOTH");
            two.order("open ROUTE words BOTH");
            String first = one.answer();
            String second = two.answer();
            boolean isFirst = first.equals("opened");
            assertThat(List.of(first, second)).contains("opened");
            assertThat(isFirst ? second : first).startsWith("CONNECTION_FAILED ")
                    .contains("pid=" + (isFirst ? one : two).pid());
            assertThat(one.ask("close") + two.ask("close")).isEqualTo("closedclosed");
        }
        one.end();
        two.end();
    }

    @Test
    void ofARouteAndAChannelAtOnceOneWinsAndTheOtherGetsTheDifference() throws Exception {
        ChildJvm route = start();
        ChildJvm channel = start();
        for (int i = 0; i < RACES; i++) {
            route.order("open ROUTE words RECEIVER");
            channel.order("open CHANNEL words RECEIVER");
            String first = route.answer();
            String second = channel.answer();
            boolean isRoute = first.equals("opened");
            assertThat(List.of(first, second)).contains("opened");
            assertThat(isRoute ? second : first).startsWith("CONNECTION_FAILED ")
                    .contains(isRoute ? "type=CHANNEL, there=ROUTE" : "type=ROUTE, there=CHANNEL")
                    .contains("pid=" + (isRoute ? route : channel).pid())
                    .contains("BroadcastChild");
            assertThat(route.ask("close") + channel.ask("close")).isEqualTo("closedclosed");
        }
        route.end();
        channel.end();
    }

    @Test
    void receiverThatIsKilledIsOneFewer() throws Exception {
        ChildJvm killed = start();
        ChildJvm other = start();
        assertThat(killed.ask("open CHANNEL words RECEIVER 4096")).isEqualTo("opened");
        assertThat(other.ask("open CHANNEL words RECEIVER")).isEqualTo("opened");
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
                assertThat(other.ask("receive 0")).hasSize(100);
            }
            assertThat(other.ask("receive 0")).isEqualTo("still");
            until(() -> assertThat(sender.receiverCount()).isEqualTo(1));
        }
        other.end();
    }

    @Test
    void senderThatIsKilledLeavesWholeMessagesAndReceiversThatDifferByOneAtMost()
            throws Exception {
        ChildJvm sender = start();
        try (var one = open(ChannelType.ROUTE, ConnMode.RECEIVER);
                var two = open(ChannelType.ROUTE, ConnMode.RECEIVER)) {
            assertThat(sender.ask("open ROUTE words SENDER")).isEqualTo("opened");
            assertThat(sender.ask("wait 2 0")).isEqualTo("true");
            sender.order("flood 1000000000");
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

    /// The number of further messages, which are in order.
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
            assertThat(child.ask("open CHANNEL words BOTH")).isEqualTo("opened");
        }
        assertThat(living.ask("open CHANNEL words RECEIVER")).isEqualTo("opened");
        for (ChildJvm child : killed) {
            child.process().destroyForcibly();
            child.awaitExit(137);
        }
        until(() -> assertThat(files()).hasSize(2 * (2 * 2 + 1)));

        assertThat(IpcChannel.clearStorage("words")).isEqualTo(4);
        assertThat(files()).hasSize(2);
        assertThat(IpcChannel.clearStorage("words")).isZero();
        assertThat(living.ask("count")).isEqualTo("1");
        living.end();
    }

    /// Entries and sockets of all names.
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(names.directory(), 2)) {
            return all.filter(file -> !Files.isDirectory(file)).toList();
        }
    }

    @Test
    void processThatLacksDescriptorsGetsTheLimitAndGoesOnOnceItHasSome() throws Exception {
        ChildJvm poor = start(children.command().under("bash", "-c",
                "ulimit -n 64; exec \"$0\" \"$@\""));
        String said = "opened";
        int opened = -1;
        for (; said.equals("opened"); opened++) {
            said = poor.ask("open CHANNEL words BOTH");
        }
        assertThat(opened).isPositive();
        String kind = "MEMORY ResourceExhausted: ";
        assertThat(said).startsWith(kind + "Memory error: Failed to create channel 'words': ")
                .contains("EMFILE", "ulimit -n");
        BroadcastPage.assertShows("memory errors", said.substring(kind.length()));
        assertThat(poor.ask("close")).isEqualTo("closed");
        assertThat(poor.ask("open CHANNEL words BOTH")).isEqualTo("opened");
        poor.end();
    }

    @Test
    void countOfReceiversThatCannotBeMadeIsAFailureInLibipcsWords() throws Exception {
        ChildJvm poor = start(children.command().under("bash", "-c",
                "ulimit -n 64; exec \"$0\" \"$@\""));
        assertThat(poor.ask("open CHANNEL words RECEIVER")).isEqualTo("opened");
        assertThat(poor.ask("count")).isEqualTo("1");
        assertThat(poor.ask("hoard")).isEqualTo("hoarded");
        assertThat(poor.ask("count")).startsWith(
                "MEMORY ResourceExhausted: Memory error: Failed to count receivers: ")
                .contains("EMFILE");
        assertThat(poor.ask("wait 2 20")).startsWith(
                "MEMORY ResourceExhausted: Memory error: Failed to wait for receivers: ");
        poor.end();
    }

    @Test
    void processInWhichTheLibraryCannotRunGetsTheMissingThing() throws Exception {
        ChildJvm refused = start(children.command()
                .nativeAccess("--illegal-native-access=deny"));
        String kind = "CONNECTION_FAILED UnsupportedPlatform: ";
        String said = refused.ask("open CHANNEL words SENDER");
        assertThat(said).startsWith(kind + "Connection failed: Failed to create channel 'words': ")
                .contains("--enable-native-access");
        BroadcastPage.assertShows("the library cannot run here", said.substring(kind.length()));
        refused.end();
    }

    @Test
    void processThatEndsStaysUntilWhatItHasKeptIsReceived() throws Exception {
        ChildJvm sender = start();
        assertThat(sender.ask("open ROUTE words SENDER 65536 60000")).isEqualTo("opened");
        assertThat(sender.ask("send one 0")).isEqualTo("sent");
        assertThat(sender.ask("send two 0")).isEqualTo("sent");
        sender.order("exit"); // without a close
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
        assertThat(sender.ask("open ROUTE words SENDER 65536 60000")).isEqualTo("opened");
        assertThat(sender.ask("send one 0")).isEqualTo("sent");
        assertThat(sender.ask("close")).isEqualTo("closed");
        sender.order("exit");
        try (var receiver = open(ChannelType.ROUTE, ConnMode.RECEIVER);
                var _ = open(ChannelType.ROUTE, ConnMode.SENDER)) { // its place is free
            assertThat(new String(receiver.receive(PATIENCE), UTF_8)).isEqualTo("one");
            sender.awaitExit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endingProcessLogsTheMessagesNotReceived(boolean isClosed) throws Exception {
        ChildJvm sender = sentWithoutReceivers(children.command());
        if (isClosed) {
            assertThat(sender.ask("close")).isEqualTo("closed");
        }
        sender.order("exit");
        sender.awaitExit(0);

        assertThat(sender.captured().errorLines())
                .filteredOn(line -> line.contains("name=words, messages=2")).singleElement()
                .asString().startsWith("WARNING: ").contains("received");
    }

    @Test
    void processWhoseUserWantsNoLogEndsWithoutAWord() throws Exception {
        Path levels = Files.writeString(children.directory().resolve("logging.properties"),
                "handlers=java.util.logging.ConsoleHandler\ndev.ipcchannel.level=OFF\n");
        ChildJvm sender = sentWithoutReceivers(children.command().environment("JDK_JAVA_OPTIONS",
                "-Djava.util.logging.config.file=" + levels));
        sender.order("exit");
        sender.awaitExit(0);

        assertThat(sender.captured().errorLines()).noneMatch(line -> line.contains("words"));
    }

    private ChildJvm sentWithoutReceivers(Children.Command command) throws Exception {
        ChildJvm sender = start(command);
        assertThat(sender.ask("open ROUTE words SENDER 65536 500")).isEqualTo("opened");
        assertThat(sender.ask("send one 0")).isEqualTo("sent");
        assertThat(sender.ask("send two 0")).isEqualTo("sent");
        return sender;
    }

    @Test
    void processThatLeavesIsCountedNoMoreOnceItHas() throws Exception {
        ChildJvm other = start();
        assertThat(other.ask("open CHANNEL words BOTH")).isEqualTo("opened");
        try (var sender = open(ChannelType.CHANNEL, ConnMode.BOTH)) {
            assertThat(sender.receiverCount()).isEqualTo(1);
            assertThat(other.ask("disconnect")).isEqualTo("disconnected");
            assertThat(sender.receiverCount()).isZero();
            assertThat(sender.trySend(new byte[1])).isFalse();
            assertThat(other.ask("receive 0"))
                    .startsWith("CONNECTION_FAILED Disconnected: Connection failed: Channel not");
        }
        other.end();
    }

    @Test
    void stoppedReceiverKeepsASenderWaitingUntilItGoesOn() throws Exception {
        ChildJvm receiver = start();
        assertThat(receiver.ask("open CHANNEL words RECEIVER 4096")).isEqualTo("opened");
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
            receiver.order("drain " + (sent + 1) + " 0");
            sender.send(new byte[100], PATIENCE);
            assertThat(receiver.answer()).isNotEmpty();
        }
        receiver.end();
    }
}
