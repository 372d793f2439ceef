package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of the parent's output when all goes well.
@Timeout(120)
class ParentAppIT {

    private static final String EXAMPLE = """
            Parent process started
            One Shot Server name - Parent: NAME
            Child process ID: PID
            Child process started
            One Shot Server name: NAME
            Received from child: Child received: Hello from parent
            Received from child: Child received: How are you?
            Received from child: Child received: Goodbye!
            Child process exiting.
            Child process finished.
            --------------------- stdout: Child process started
            One Shot Server name: NAME
            Received from parent: Hello from parent
            Received from parent: How are you?
            Received from parent: Goodbye!
            Received from parent: quit
            Child process exiting.
            Child process finished.
            -----------------------------------------
            """;

    private static final String REPLY = "Received from child: Child received: ";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void theOutputIsTheExampleOnEveryRun() {
        for (int run = 0; run < 3; run++) {
            Program parent = sandbox.start(Apps.parent()).expectExit(0);

            assertThat(withoutNameAndPid(parent)).isEqualTo(EXAMPLE);
            assertThat(parent.err()).isEmpty();
        }
    }

    @Test
    void onAnOlderJavaItGoesOnWithANewOneAndSaysSoInOneLine() {
        Program parent = sandbox.start(Apps.parentOn(List.of(Apps.olderJava()))).expectExit(0);

        assertThat(withoutNameAndPid(parent)).isEqualTo(EXAMPLE);
        assertThat(parent.err().lines()).hasSize(1);
    }

    @Test
    void messagesComeFromOptionsThenFromArguments() {
        Program parent = sandbox.start(Apps.parent("three", "-m", "one", "--message", "", "\"q\"",
                "--", "--help")).expectExit(0);

        assertThat(parent.outLines().stream().filter(line -> line.startsWith(REPLY)))
                .containsExactly(REPLY + "one", REPLY, REPLY + "three", REPLY + "\"q\"",
                        REPLY + "--help");
    }

    @Test
    void jsonIsAnObjectForEachEvent() {
        Program parent = sandbox.start(Apps.parent("--json", "<one> \"two\"")).expectExit(0);

        List<JsonObject> events = events(parent);
        assertThat(events).extracting(event -> event.get("event").getAsString())
                .containsExactly("ParentStarted", "ServerOpened", "ChildStarted", "ChildSaid",
                        "ChildSaid", "Replied", "ChildSaid", "ChildSaid", "ChildEnded");
        assertThat(events.get(1).get("name").getAsString())
                .startsWith(sandbox.runtimeDirectory() + "/ipc-channel-");
        assertThat(events.get(2).get("pid").getAsLong()).isPositive();
        assertThat(events.get(3).get("line").getAsString()).isEqualTo("Child process started");
        assertThat(events.get(5).get("reply").getAsString())
                .isEqualTo("Child received: <one> \"two\"");
        assertThat(events.getLast().get("exitCode").getAsInt()).isZero();
        assertThat(events.getLast().get("lines").getAsJsonArray()).hasSize(6);
    }

    @Test
    void streamPrintsTheRateAndTheRoundTrip() {
        Program parent = sandbox.start(Apps.parent("--count", "20000", "--size", "100"))
                .expectExit(0);

        assertThat(parent.outLines().get(5))
                .matches("Streamed 20000 messages of 100 bytes, each answered: \\d+ messages/s");
        assertThat(parent.outLines().get(6)).matches("Round trip, 10000 one by one:"
                + " p50 [\\d.]+ us, p90 [\\d.]+ us, p99 [\\d.]+ us, max [\\d.]+ us");
        assertThat(parent.outLines().subList(7, 9)).containsExactly(
                "These are strings, sent by JVMs that have just started and that sleep while they"
                        + " wait;",
                "README's round trip is of bytes in place, between JVMs that are warm and never"
                        + " sleep.");
        assertThat(parent.err()).isEmpty();
        assertThat(parent.out()).doesNotContain("Received from");
    }

    @Test
    void fewMessagesHaveNoRate() {
        Program parent = sandbox.start(Apps.parent("--count", "5")).expectExit(0);

        assertThat(parent.outLines().get(5))
                .isEqualTo("Streamed 5 messages of 64 bytes, each answered");
        assertThat(parent.outLines().get(6))
                .matches("Round trip, 5 one by one: p50 [\\d.]+ us, max [\\d.]+ us");
    }

    @Test
    void streamShowsOnATerminalHowFarItIs() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")),
                "script is not installed (package bsdutils)");

        Program parent = sandbox.start(onATerminal("--count", "20000")).expectExit(0);

        assertThat(parent.out()).contains("\r\33[Kround trips: 0 of 10,000",
                "\r\33[Kstreamed: 0 of 20,000", "\r\33[KStreamed 20000 messages");
    }

    @Test
    void streamOfTheLongestMessagesCanBeReportedAsJson() {
        Program parent = sandbox.start(Apps.parent("--json", "--count", "50", "--size", "100000"))
                .expectExit(0);

        JsonObject streamed = events(parent).get(5);
        assertThat(streamed.get("event").getAsString()).isEqualTo("Streamed");
        assertThat(streamed.get("count").getAsInt()).isEqualTo(50);
        assertThat(streamed.get("size").getAsInt()).isEqualTo(100_000);
        assertThat(streamed.has("messagesPerSecond")).as("a rate of so few").isFalse();
        JsonObject roundTrip = streamed.getAsJsonObject("roundTrip");
        assertThat(roundTrip.get("p50").getAsDouble()).isPositive()
                .isLessThanOrEqualTo(roundTrip.get("max").getAsDouble());
    }

    @Test
    void childJarAndChildJavaMayBeAnywhere() throws IOException {
        Path folder = Files.createDirectory(sandbox.directory().resolve("it's another place"));
        Path jar = Files.copy(Apps.CHILD_JAR, folder.resolve("a child.jar"));
        Path java = Files.createSymbolicLink(folder.resolve("the java"), Path.of(Apps.JAVA));

        Program parent = sandbox.start(Apps.parent("--child-jar", jar.toString(), "--child-java",
                java.toString(), "hi")).expectExit(0);

        assertThat(parent.out()).contains(REPLY + "hi");
    }

    @Test
    void helpNamesEveryOptionAndExitCode() {
        Program parent = sandbox.start(Apps.parent("--help")).expectExit(0);

        assertThat(parent.out().replaceAll("\\s+", " ")).contains("--message", "--interactive",
                "--count", "--size",
                "--no-spawn", "--timeout", "--json", "--child-jar", "--child-java", "--as-child",
                "--version",
                "0 done", "2 wrong usage", "3 child failed", "4 timeout", "5 child lost",
                "6 protocol", "7 output cannot be written");
        assertThat(parent.err()).isEmpty();
    }

    @Test
    void versionIsThatOfTheBuild() {
        Program parent = sandbox.start(Apps.parent("--version")).expectExit(0);

        assertThat(parent.out()).matches("parent-app \\d+\\.\\d+\\.\\d+\\S*\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hi", "--json", "--help", "--interactive"})
    void outputThatCannotBeWrittenIsAnError(String argument) {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh"));
        command.addAll(Apps.parent(argument));

        Program parent = sandbox.start(command).expectExit(7);

        assertThat(parent.expectSentence()).contains("standard output cannot be written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hi", "--json", "--help", "--as-child --help"})
    void readerThatHasHadEnoughIsNothingToComplainOf(String line) {
        String fifo = sandbox.directory().resolve("fifo").toString();
        // A reader that exists only until the writer does.
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "mkfifo '" + fifo + "'; exec 3<>'"
                        + fifo + "' 4>'" + fifo + "' 3>&-; exec \"$@\" >&4 4>&-", "sh"));
        command.addAll(Apps.parent(line.split(" ", -1)));

        Program parent = sandbox.start(command).expectExit(141);

        assertThat(parent.err()).isEmpty();
    }

    @Test
    void jarThatIsAloneIsItsOwnChild() throws IOException {
        Path folder = Files.createDirectories(sandbox.directory().resolve("it's alone"));
        Path jar = Files.copy(Apps.PARENT_JAR, folder.resolve("a parent.jar"));

        Program parent = sandbox.start(List.of(Apps.JAVA, "-jar", jar.toString())).expectExit(0);

        assertThat(withoutNameAndPid(parent)).isEqualTo(EXAMPLE);
        assertThat(parent.err()).isEmpty();
    }

    @Test
    void controlCharactersOfAMessageAreShownAsEscapes() {
        Program parent = sandbox.start(Apps.parent("a\33[31m\nb")).expectExit(0);

        assertThat(parent.out()).contains(REPLY + "a\\u001b[31m\\u000ab\n")
                .doesNotContain("\33");
    }

    @Test
    void messageThatTheLocaleCannotReadIsRefused() {
        Program parent = sandbox.with("LC_ALL", "C.UTF-8").start(List.of("sh", "-c",
                "LC_ALL=C exec \"$@\" \"$(printf '\\303\\244')\"", "sh", Apps.JAVA, "-jar",
                Apps.PARENT_JAR.toString())).expectExit(2);

        assertThat(parent.expectSentence()).contains("set LC_ALL=C.UTF-8");
    }

    @Test
    void messageThatIsNotInTheLettersOfTheLocaleIsRefused() {
        Program parent = sandbox.with("LC_ALL", "C.UTF-8").start(List.of("sh", "-c",
                "exec \"$@\" \"$(printf '\\377\\376 hi')\"", "sh", Apps.JAVA, "-jar",
                Apps.PARENT_JAR.toString())).expectExit(2);

        assertThat(parent.expectSentence()).isEqualTo("parent-app: a message has bytes that are no"
                + " letters in UTF-8: write it in UTF-8");
    }

    @Test
    void wrongUsageIsOneSentence() {
        Program parent = sandbox.start(Apps.parent("--count", "many")).expectExit(2);

        assertThat(parent.expectSentence()).isEqualTo("parent-app: "
                + "--count must be a whole number from 1 to 1000000000: count=many");
        assertThat(parent.out()).isEmpty();
    }

    private static List<String> onATerminal(String... arguments) {
        return List.of("script", "--quiet", "--return", "--command",
                "'" + String.join("' '", Apps.parent(arguments)) + "'", "/dev/null");
    }

    private static String withoutNameAndPid(Program parent) {
        String name = parent.valueOf("One Shot Server name - Parent: ");
        String pid = parent.valueOf("Child process ID: ");
        return parent.out().replace(name, "NAME").replaceFirst("ID: " + pid, "ID: PID");
    }

    private static List<JsonObject> events(Program parent) {
        return parent.outLines().stream().map(line -> JsonParser.parseString(line)
                .getAsJsonObject()).toList();
    }
}
