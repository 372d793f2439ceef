package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of programs that connect by a name, in either order of start, and of each line that they
/// print.
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class NamesIT {

    private static final String SCRIPT =
            Programs.ROOT.resolve("scripts/run_event_demo.sh").toString();
    private static final String PROGRAMS =
            "the programs are receiver, sender, event_receiver, event_sender";
    private static final int ENDED_BY_CTRL_C = 130;
    private static final int MESSAGES = 15;
    private static final String WAITING = "Waiting for more messages... (received ";

    private static final List<String> RECEIVER_IS_READY = List.of("Initializing receiver...",
            "Starting heartbeat to signal readiness...",
            "Receiver is ready! Heartbeat active. Waiting for messages...",
            "(The sender should now detect the ready signal and start sending)",
            "Press Ctrl+C to stop gracefully...");
    private static final List<String> SENDER_WAITS = List.of("Initializing sender...",
            "Waiting for receiver to be ready...",
            "(Start the event_receiver example in another terminal if you haven't already)");
    private static final List<String> SENDER_STARTS =
            List.of("Receiver ready signal detected! Starting to send messages...");
    private static final List<String> SENDER_IS_DONE =
            List.of("All messages sent! Sender finished.",
                    "(The receiver should continue running and show all received messages)");
    private static final List<String> RECEIVER_ENDS = List.of("",
            "Received Ctrl+C, shutting down gracefully...", "Stopping heartbeat...",
            "Receiver stopped cleanly.");

    @RegisterExtension
    final Programs programs = new Programs();

    @BeforeEach
    void theNamesAreOfThisTestAlone() throws IOException {
        programs.with("IPC_CHANNEL_DIR", names().toString());
        programs.replaceCommand("mvn", "echo 'a jar is older than its sources'", "exit 1");
        // Maven does not rewrite a jar whose content would not change, even if a source is newer.
        Files.setLastModifiedTime(Path.of(Programs.jar("names")), FileTime.from(Instant.now()));
    }

    @AfterEach
    void noNameIsLeft() {
        if (Files.exists(names())) {
            assertThat(names()).isEmptyDirectory();
        }
    }

    private Path names() {
        return programs.directory().resolve("names");
    }

    /// Starts a program. Ctrl-C ends it even if the process that runs the tests ignores that
    /// signal.
    private RunningProgram start(List<String> program) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(program);
        return programs.start(command);
    }

    private RunningProgram start(String... arguments) throws IOException {
        return start(Programs.example("names", arguments));
    }

    private static List<String> lines(Programs.Result result) {
        assertThat(result.err()).isEmpty();
        return result.lines().stream()
                .map(line -> line.replaceAll(" at \\d\\d:\\d\\d:\\d\\d", " at TIME")).toList();
    }

    /// The lines of an event receiver without those about waiting: on a busy machine it may have to
    /// wait anywhere.
    private static List<String> linesButOfWaiting(Programs.Result result) {
        return lines(result).stream().filter(line -> !line.startsWith(WAITING)).toList();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<String> joined(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static String text(int id) {
        return "Hello from sender! Message #" + id + " at TIME";
    }

    private static List<String> sent() {
        return IntStream.range(0, MESSAGES).boxed()
                .flatMap(id -> Stream.of("Sending message #" + id + ": " + text(id),
                        "  Message #" + id + " sent successfully"))
                .toList();
    }

    private static List<String> received() {
        return IntStream.range(0, MESSAGES).mapToObj(id -> "Received message #" + (id + 1)
                + ": ExampleMessage[id=" + id + ", data=" + text(id) + "]").toList();
    }

    @Test
    void fiveMessagesOfOneKilobyteToTenMegabytesArrive() throws Exception {
        RunningProgram receiver = start("receiver").awaitLine("Waiting for messages.");
        Programs.Result sender =
                programs.run(Programs.example("names", "sender")).expectExit(0);
        receiver.awaitLine("Received message #5").signal("INT");

        assertThat(lines(sender)).containsExactly(
                "Sending message #0: 1024 bytes of data", "  Message #0 sent successfully",
                "Sending message #1: 10240 bytes of data", "  Message #1 sent successfully",
                "Sending message #2: 102400 bytes of data", "  Message #2 sent successfully",
                "Sending message #3: 1048576 bytes of data", "  Message #3 sent successfully",
                "Sending message #4: 10485760 bytes of data", "  Message #4 sent successfully",
                "All messages sent! Sender finished.");
        assertThat(lines(receiver.awaitEnd().expectExit(ENDED_BY_CTRL_C))).containsExactly(
                "Waiting for messages. Press Ctrl+C to stop gracefully...",
                "Received message #1: id=0, 1024 bytes of data",
                "Received message #2: id=1, 10240 bytes of data",
                "Received message #3: id=2, 102400 bytes of data",
                "Received message #4: id=3, 1048576 bytes of data",
                "Received message #5: id=4, 10485760 bytes of data", "",
                "Received Ctrl+C, shutting down gracefully...", "Receiver stopped cleanly.");
    }

    @Test
    void senderThatStartsFirstWaitsForAReceiver() throws Exception {
        RunningProgram sender = start("sender").awaitLine("Sending message #0");
        RunningProgram receiver = start("receiver").awaitLine("Received message #5");

        assertThat(lines(sender.awaitEnd().expectExit(0))).endsWith(
                "All messages sent! Sender finished.");
        assertThat(lines(receiver.signal("INT").awaitEnd().expectExit(ENDED_BY_CTRL_C)))
                .endsWith("Receiver stopped cleanly.");
    }

    @Test
    void readyReceiverIsSentFifteenMessagesAndGoesOnUntilCtrlC() throws Exception {
        RunningProgram receiver = start("event_receiver").awaitLine("Press Ctrl+C");

        Programs.Result sender =
                programs.run(Programs.example("names", "event_sender", "--pause", "5"))
                        .expectExit(0);

        assertThat(lines(sender))
                .containsExactlyElementsOf(
                        joined(SENDER_WAITS, SENDER_STARTS, sent(), SENDER_IS_DONE));
        receiver.awaitLine(WAITING + "15 so far)").signal("INT");
        assertThat(linesButOfWaiting(receiver.awaitEnd().expectExit(ENDED_BY_CTRL_C)))
                .containsExactlyElementsOf(joined(RECEIVER_IS_READY, received(), RECEIVER_ENDS));
    }

    @Test
    void senderThatStartsFirstWaitsUntilAReceiverIsReady() throws Exception {
        RunningProgram sender = start("event_sender", "--pause", "0").awaitLine("(Start the");
        RunningProgram receiver = start("event_receiver").awaitLine("Received message #15");

        assertThat(lines(sender.awaitEnd().expectExit(0)))
                .containsExactlyElementsOf(
                        joined(SENDER_WAITS, SENDER_STARTS, sent(), SENDER_IS_DONE));
        assertThat(linesButOfWaiting(
                receiver.signal("INT").awaitEnd().expectExit(ENDED_BY_CTRL_C)))
                .startsWith(joined(RECEIVER_IS_READY, received()).toArray(String[]::new));
    }

    /// A receiver without a heartbeat is connected, but not ready.
    @Test
    void receiverWithoutAHeartbeatDoesNotReleaseTheSender() throws Exception {
        RunningProgram receiver = start("receiver").awaitLine("Waiting for messages.");
        RunningProgram sender = start("event_sender", "--pause", "0").awaitLine("(Start the");
        RunningProgram ready = start("event_receiver").awaitLine("Received message #15");

        assertThat(lines(sender.awaitEnd().expectExit(0))).endsWith(
                SENDER_IS_DONE.toArray(String[]::new));
        ready.signal("INT").awaitEnd().expectExit(ENDED_BY_CTRL_C);
        assertThat(lines(receiver.awaitLine("Received message #15").signal("INT").awaitEnd()
                .expectExit(ENDED_BY_CTRL_C)))
                .contains("Received message #1: id=0, 41 bytes of data");
    }

    @Test
    void senderWhoseReceiverIsKilledSaysWhatItCouldNotSend() throws Exception {
        RunningProgram receiver = start("event_receiver").awaitLine("Press Ctrl+C");
        RunningProgram sender = start("event_sender", "--pause", "300")
                .awaitLine("  Message #0 sent successfully");
        receiver.signal("KILL").awaitEnd();

        List<String> lines = lines(sender.awaitEnd().expectExit(1));

        assertThat(lines).filteredOn(line -> line.startsWith("  ")).hasSize(MESSAGES).last()
                .asString().startsWith("  Failed to send message #14: ")
                .contains("ExampleChannel");
        assertThat(lines).endsWith(SENDER_IS_DONE.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void receiverThatHasGotNothingEndsCleanly(String signal) throws Exception {
        RunningProgram receiver = start("event_receiver").awaitLine("Press Ctrl+C");

        assertThat(lines(receiver.signal(signal).awaitEnd()))
                .containsExactlyElementsOf(joined(RECEIVER_IS_READY, RECEIVER_ENDS));
    }

    @Test
    void bothHalvesOfTheEventDemoRunByTheirScript() throws Exception {
        RunningProgram sender = start(List.of(SCRIPT, "sender", "-p0")).awaitLine("(Start the");
        RunningProgram receiver =
                start(List.of(SCRIPT, "receiver")).awaitLine("Received message #15");

        assertThat(lines(sender.awaitEnd().expectExit(0))).containsExactlyElementsOf(joined(
                heading("📤 Starting sender..."), SENDER_WAITS, SENDER_STARTS, sent(),
                SENDER_IS_DONE));
        assertThat(linesButOfWaiting(
                receiver.signal("INT").awaitEnd().expectExit(ENDED_BY_CTRL_C)))
                .startsWith(joined(heading("🎯 Starting receiver..."), RECEIVER_IS_READY,
                        received()).toArray(String[]::new))
                .endsWith(RECEIVER_ENDS.toArray(String[]::new));
    }

    private static List<String> heading(String line) {
        return List.of("🚀 IPC Event Coordination Demo", "==============================", line);
    }

    @Test
    void bothHalvesOfTheBasicDemoRunByTheDemoScript() throws Exception {
        RunningProgram receiver = start(Programs.demo("names", "receiver"));
        programs.run(Programs.demo("names", "sender")).expectExit(0);

        assertThat(lines(receiver.awaitLine("Received message #5").signal("INT").awaitEnd()))
                .endsWith("Receiver stopped cleanly.");
    }

    @ParameterizedTest
    @CsvSource({"'', 'names: the name of one program is needed: given=[]: " + PROGRAMS + "'",
        "reciever, 'names: there is no program reciever: " + PROGRAMS + "'",
        "'sender receiver', 'names: the name of one program is needed: given=[sender, receiver]: "
                + PROGRAMS + "'",
        "receiver --pause 1, names: --pause is for event_sender: leave it out",
        "event_sender --pause -1, names: --pause must be a whole number from 0 to 60000: pause=-1",
        "event_sender --other, names: there is no option --other: see --help"})
    void wrongInputIsOneSentence(String arguments, String sentence) throws Exception {
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

        assertThat(programs.run(Programs.example("names", words)).expectSentence(2))
                .isEqualTo(sentence.strip());
    }

    @Test
    void helpNamesEveryProgramOptionAndExitCode() throws Exception {
        Programs.Result help =
                programs.run(Programs.example("names", "--help")).expectExit(0);

        assertThat(help.out().replaceAll("\\s+", " ")).contains("receiver", "sender",
                "event_receiver", "event_sender", "--pause", "(500)", "0 done",
                "1 a message was not sent", "2 wrong usage", "130 after Ctrl-C");
    }

    @Test
    void nameThatIsOpenForOtherMessagesIsRefusedInASentence() throws Exception {
        Files.writeString(programs.directory().resolve("Other.java"), """
                import dev.ipcchannel.named.NamedReceiver;

                class Other {

                    public static void main(String[] args) throws InterruptedException {
                        try (var other = NamedReceiver.open("ExampleChannel", String.class)) {
                            System.out.println("open");
                            other.receive();
                        }
                    }
                }
                """);
        RunningProgram other = start(List.of(Programs.JAVA, "--enable-native-access=ALL-UNNAMED",
                "-cp", Programs.ROOT.resolve("ipc-channel/target/ipc-channel.jar").toString(),
                "Other.java")).awaitLine("open");

        assertThat(programs.run(Programs.example("names", "event_receiver")).expectExit(1).err())
                .startsWith("names: ").contains("ExampleChannel", "String");
        other.signal("TERM").awaitEnd();
    }
}
