package dev.ipcchannel.child;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ObedientChild;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Children that run as their plan says.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildJvmIT {

    private static final long HEAP = 48L << 20;
    private static final String HANDSHAKE = "JDWP-Handshake";
    private static final List<String> ODD_WORDS = List.of("two words", "", "say \"hi\"",
            "back\\slash",
            "two\nlines", "two\rlines", "a\ttab", "#not a comment", "@no file", "grün", "'", "*");

    @RegisterExtension
    final Children children = new Children();

    /// The JDK keeps one of its own for ever.
    @BeforeAll
    static void openSocket() throws IOException {
        new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
    }

    /// The parent's own input is not affected.
    @Test
    void standardInputOfAChildIsWhatItsParentWrites() throws Exception {
        try (ChildLink<String, String> child = ChildJvm.of(ObedientChild.class).shortLived()
                .output(Output.capture()).start(String.class, String.class)) {
            child.send("read a line");
            OutputStream input = child.process().process().getOutputStream();
            input.write("of its parent\n".getBytes(US_ASCII));
            input.flush();

            assertThat(child.receive(Children.PATIENCE)).isEqualTo("of its parent");
        }
    }

    @ParameterizedTest(name = "long command line: {0}")
    @ValueSource(booleans = {false, true})
    void childRunsAsPlannedByACommandLineOfAnyLength(boolean isLong) throws Exception {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < ODD_WORDS.size(); i++) {
            options.add("-Dodd" + i + "=" + ODD_WORDS.get(i));
        }
        Stream.generate(() -> "-Dlong=" + "x".repeat(1000)).limit(isLong ? 200 : 1)
                .forEach(options::add);
        ChildJvm configured = ChildJvm.of(ObedientChild.class).output(Output.capture()).heap(HEAP)
                .directory(children.directory())
                .arguments(ODD_WORDS.toArray(String[]::new)).environment("GREETING", "hello")
                .jvmOptions(options.toArray(String[]::new)).shortLived();

        try (ChildLink<String, String> child = configured.start(String.class, String.class)) {
            for (int i = 0; i < ODD_WORDS.size(); i++) {
                assertThat(ask(child, "argument " + i)).isEqualTo(ODD_WORDS.get(i));
                assertThat(ask(child, "property odd" + i)).isEqualTo(ODD_WORDS.get(i));
            }
            assertThat(ask(child, "variable GREETING")).isEqualTo("hello");
            assertThat(ask(child, "variable PATH")).isEqualTo(System.getenv("PATH"));
            assertThat(ask(child, "show directory")).isEqualTo(children.directory().toString());
            assertThat(Long.parseLong(ask(child, "show heap"))).isBetween(HEAP / 2, HEAP);
            assertThat(ask(child, "show collectors")).contains("MarkSweepCompact");
            assertThat(ask(child, "show flags")).contains("--enable-native-access=ALL-UNNAMED",
                    "-XX:-CreateCoredumpOnCrash", "-XX:TieredStopAtLevel=1");
            assertThat(ask(child, "show command").contains(" @")).isEqualTo(isLong);
            child.link().close();
            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
        }
        assertThat(children.directory()).isEmptyDirectory(); // the file of arguments was in it
    }

    @Test
    void whatIsSetChangesACopy() throws Exception {
        ChildJvm origin = ChildJvm.ofCommand("sh", "-c", "echo \"$0 $GREETING\"", "word")
                .output(Output.capture());
        ChildJvm other = origin.environment("GREETING", "hello").arguments("more");

        assertThat(origin).hasToString("ChildJvm[sh -c echo \"$0 $GREETING\" word]");
        assertThat(other).hasToString("ChildJvm[sh -c echo \"$0 $GREETING\" word more]");
        assertThat(outputOf(origin)).containsExactly("word ");
        assertThat(outputOf(other)).containsExactly("word hello");
    }

    @Test
    void programInPythonIsAChildLikeOthers() throws Exception {
        Path script = Files.writeString(children.directory().resolve("child.py"), """
                import os, sys
                print(os.getcwd(), sys.argv[1], 'IPC_CHANNEL_CHILD' in os.environ)
                """);

        assertThat(outputOf(ChildJvm.ofCommand("python3", script.toString()).arguments("two words")
                .directory(children.directory()).output(Output.capture())))
                .containsExactly(children.directory() + " two words False");
        Files.delete(script);
    }

    @Test
    void childOfAChildIsNotTakenForItsParentsSibling() throws Exception {
        try (ChildLink<String, String> child = ChildJvm.of(ObedientChild.class)
                .output(Output.capture()).start(String.class, String.class)) {
            assertThat(ask(child, "property IPC_CHANNEL_CHILD")).isEqualTo("shm");

            assertThat(ask(child, "script echo [$IPC_CHANNEL_CHILD$IPC2_SOCKET_PATH]"))
                    .isEqualTo("0 [[]] []");
        }
    }

    @Test
    void debuggerFindsThePortThatIsPrinted() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream errors = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (ChildLink<String, String> child = ChildJvm.of(ObedientChild.class).debug()
                .output(Output.capture()).start(String.class, String.class)) {
            int port = child.process().debugPort().orElseThrow();

            assertThat(said.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly("ipc-channel: a debugger can attach to child "
                            + child.process().pid() + " at 127.0.0.1:" + port);
            try (Socket debugger = new Socket(InetAddress.getLoopbackAddress(), port)) {
                debugger.getOutputStream().write(HANDSHAKE.getBytes(US_ASCII));
                assertThat(debugger.getInputStream().readNBytes(HANDSHAKE.length()))
                        .asString(US_ASCII).isEqualTo(HANDSHAKE);
            }
            assertThat(child.process().output().lines()).isEmpty();
        } finally {
            System.setErr(errors);
        }
    }

    @Test
    void childWithoutADebuggerHasNoPort() {
        try (ChildProcess child = ChildJvm.ofCommand("sleep", "1000").debug().start()) {
            assertThat(child.debugPort()).isEmpty();
        }
    }

    @Test
    void crashLeavesItsFileInTheReportAndNoCoreDump() throws Exception {
        try (ChildLink<String, String> child = ChildJvm.of(ObedientChild.class)
                .directory(children.directory()).jvmOptions("-XX:ErrorFile=hs_err_pid%p.log")
                .output(Output.capture())
                .errors(Output.capture()).start(String.class, String.class)) {
            assertThat(new ProcessBuilder("kill", "-SEGV", Long.toString(child.process().pid()))
                    .start().waitFor()).isZero();

            // HotSpot's exit code without a core dump
            assertThat(child.process().awaitExit(Children.PATIENCE)).isOne();

            Path crash = child.process().report().crashFile();
            assertThat(crash).hasParentRaw(children.directory()).exists();
            assertThat(child.process().report().toString())
                    .contains(", exit=1: its JVM crashed, crash=" + crash);
            Files.delete(crash);
            assertThat(children.directory()).isEmptyDirectory();
        }
    }

    @Test
    void childIsAsOldAsItsReportSays() throws Exception {
        try (ChildProcess child = ChildJvm.ofCommand("sh", "-c", "exit 3").start()) {
            assertThat(child.onExit().get()).isSameAs(child);
            await("the moment of its end is known").atMost(Children.PATIENCE)
                    .until(() -> child.report().uptime().equals(child.report().uptime()));

            assertThat(child.report().exitCode()).hasValue(3);
            assertThat(child.report().uptime()).isPositive();
        }
    }

    private static List<String> outputOf(ChildJvm configured) throws InterruptedException {
        try (ChildProcess child = configured.start()) {
            assertThat(child.awaitExit(Children.PATIENCE)).isZero();
            return child.output().lines();
        }
    }

    private static String ask(ChildLink<String, String> child, String order)
            throws InterruptedException {
        child.send(order);
        return child.receive(Children.PATIENCE);
    }
}
