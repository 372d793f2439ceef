package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of programs that broadcast by a name, and of each line that they print.
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class BroadcastIT {

    private static final String PROGRAMS =
            "the programs are hello-sender, hello-receiver, send, receive,"
                    + " producer, consumer, broadcaster, receiver, errors, non-blocking, self-test";
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;
    private static final String LONG = "60000"; // milliseconds: enough on a busy machine

    @RegisterExtension
    final Programs programs = new Programs();

    @BeforeEach
    void theNamesAreOfThisTestAlone() {
        programs.with("IPC_CHANNEL_DIR", names().toString());
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

    private RunningProgram start(String... arguments) throws IOException {
        return programs.start(Programs.example("broadcast", arguments));
    }

    private List<String> run(String... arguments) throws Exception {
        return lines(programs.run(Programs.example("broadcast", arguments)));
    }

    private static List<String> lines(Programs.Result result) {
        result.expectExit(0);
        assertThat(result.err()).isEmpty();
        return result.lines();
    }

    /// Starts a program that has a name open, and prints a line when it has.
    private RunningProgram open(String code) throws IOException {
        Files.writeString(programs.directory().resolve("Other.java"), """
                import dev.ipcchannel.named.*;

                class Other {

                    public static void main(String[] args) throws InterruptedException {
                        try (var other = %s) {
                            System.out.println("open");
                            while (true) {
                                System.out.println("got " + other.receive().length);
                            }
                        }
                    }
                }
                """.formatted(code));
        return programs.start(List.of(Programs.JAVA, "--enable-native-access=ALL-UNNAMED", "-cp",
                Programs.ROOT.resolve("ipc-channel/target/ipc-channel.jar").toString(),
                "Other.java")).awaitLine("open");
    }

    private static void end(RunningProgram other) throws Exception {
        other.signal("TERM").awaitEnd().expectExit(TERMINATED);
    }

    /// Waits until `count` members have a name open.
    private void awaitMembers(int count) {
        await().atMost(Programs.PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(names()).isDirectory();
            try (var files = Files.walk(names())) {
                assertThat(files.filter(file -> file.toString().endsWith(".s"))).hasSize(count);
            }
        });
    }

    @Test
    void presentReceiverGetsHelloWorld() throws Exception {
        RunningProgram receiver = start("hello-receiver");
        awaitMembers(1);

        assertThat(run("hello-sender")).containsExactly("Sent: Hello, World!");
        assertThat(lines(receiver.awaitEnd())).containsExactly("Received: Hello, World!");
    }

    @Test
    void senderThatStartsFirstKeepsHelloWorldForAReceiver() throws Exception {
        RunningProgram sender = start("hello-sender").awaitLine("(Nobody receives yet: ");

        assertThat(run("hello-receiver")).containsExactly("Received: Hello, World!");
        assertThat(lines(sender.awaitEnd())).containsExactly("Sent: Hello, World!",
                "(Nobody receives yet: this program waits for a receiver for 30 seconds)");
    }

    @Test
    void oneMessageGoesToOneThatReceivesOne() throws Exception {
        RunningProgram receiver = start("receive", "--patience", LONG);
        awaitMembers(1);

        assertThat(run("send")).isEmpty();
        assertThat(lines(receiver.awaitEnd())).containsExactly("Received: Hello!");
    }

    @Test
    void waitForOneMessageEndsWithLibipcsWords() throws Exception {
        assertThat(programs.run(Programs.example("broadcast", "receive")).expectExit(1).err())
                .contains("broadcast: Timeout: Failed to receive data: ", "name=my_channel",
                        "timeout=5 s", names().toString());
    }

    @Test
    void consumerThatWasThereFirstConsumesTenPackets() throws Exception {
        RunningProgram consumer = start("consumer", "--patience", LONG);
        awaitMembers(1);

        assertThat(run("producer")).isEmpty();
        consumer.awaitLine(consumed().getLast()).signal("INT");
        assertThat(consumer.awaitEnd().expectExit(INTERRUPTED).lines())
                .containsExactlyElementsOf(consumed());
    }

    @Test
    void consumerEndsWhenNoPacketComesInTime() throws Exception {
        RunningProgram consumer = start("consumer", "--patience", "1");
        awaitMembers(1);

        assertThat(run("producer", "--pause", "0")).isEmpty();
        // It may report on standard error that it has dropped some.
        List<String> lines = consumer.awaitEnd().expectExit(0).lines();
        assertThat(lines).isNotEmpty().isEqualTo(consumed().subList(0, lines.size()));
    }

    private static List<String> consumed() {
        return IntStream.range(0, 10).mapToObj(i -> "Consumed: Data packet " + i).toList();
    }

    @Test
    void bothReceiversGetAllFiveMessages() throws Exception {
        RunningProgram one = start("receiver", "0");
        RunningProgram two = start("receiver", "1");
        awaitMembers(2);

        assertThat(run("broadcaster")).containsExactlyElementsOf(IntStream.range(0, 5)
                .mapToObj(i -> "Broadcasted: Broadcast message " + i).toList());
        assertThat(lines(one.awaitEnd())).containsExactlyElementsOf(got("0"));
        assertThat(lines(two.awaitEnd())).containsExactlyElementsOf(got("1"));
    }

    private static List<String> got(String id) {
        return IntStream.range(0, 5)
                .mapToObj(i -> "Receiver " + id + " got: Broadcast message " + i).toList();
    }

    @Test
    void nameThatIsOpenInAnotherFormIsAFailureToConnect() throws Exception {
        RunningProgram other =
                open("IpcChannel.open(ChannelType.CHANNEL, \"test\", ConnMode.RECEIVER)");

        assertThat(run("errors", "--route")).containsExactly("Failed to connect to channel");
        assertThat(run("errors")).isEmpty();
        other.awaitLine("got 9");
        end(other);
    }

    @Test
    void otherFailuresAreShownWithTheirWords() throws Exception {
        assertThat(run("errors", "--strict")).singleElement().asString().startsWith(
                "IPC Error: Send failed: Failed to send data: there is no receiver");
    }

    @Test
    void nonBlockingProgramAloneFindsNoRoomAndNoData() throws Exception {
        assertThat(run("non-blocking")).containsExactly("Send would block", "No data available");
    }

    @Test
    void nonBlockingProgramSendsToAReceiverAndDoesNotHearItself() throws Exception {
        RunningProgram other =
                open("IpcChannel.open(ChannelType.CHANNEL, \"test\", ConnMode.RECEIVER)");

        assertThat(run("non-blocking")).containsExactly("Data sent successfully",
                "No data available");
        other.awaitLine("got 9");
        end(other);
    }

    @Test
    void selfTestSendsAndReceivesFiveMessages() throws Exception {
        List<String> lines = run("self-test", "--pause", "5", "--patience", LONG);

        assertThat(lines).filteredOn(line -> line.startsWith("Sent: ")).containsExactlyElementsOf(
                IntStream.range(0, 5).mapToObj(i -> "Sent: Hello " + i).toList());
        assertThat(lines).filteredOn(line -> line.startsWith("Received: "))
                .containsExactlyElementsOf(
                        IntStream.range(0, 5).mapToObj(i -> "Received: Hello " + i).toList());
        assertThat(lines).hasSize(11).endsWith("Test completed!");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | the name of a program is needed: " + PROGRAMS,
        "reciever | there is no program reciever: " + PROGRAMS,
        "errors 1 | errors takes no other words: given=[errors, 1]: leave them out",
        "receiver 1 --pause 1 | --pause is for producer and self-test, and not for receiver:"
                + " leave it out",
        "producer --strict | --strict is for errors, and not for producer: leave it out",
        "self-test --pause -1 | --pause must be a whole number from 0 to 60000: pause=-1",
        "send --patience 1 | --patience is for receive, consumer and self-test, and not for send:"
                + " leave it out",
        "receive --patience 0 | --patience must be a whole number from 1 to 600000: patience=0",
        "errors --other | there is no option --other: see --help"})
    void wrongInputIsOneSentence(String arguments, String sentence) throws Exception {
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

        assertThat(programs.run(Programs.example("broadcast", words)).expectSentence(2))
                .isEqualTo("broadcast: " + sentence);
    }

    @Test
    void helpNamesEveryProgramOptionAndExitCode() throws Exception {
        String help = programs.run(Programs.example("broadcast", "--help")).expectExit(0).out();

        assertThat(help.replaceAll("\\s+", " ")).contains("hello-sender", "hello-receiver",
                "send", "receive",
                "producer", "consumer", "broadcaster", "receiver", "errors", "non-blocking",
                "self-test", "--pause", "--patience", "--route", "--strict", "0 done",
                "1 the channel failed",
                "2 wrong usage", "130 after Ctrl-C");
    }
}
