package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.KinChild;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The answer whether a process is a child: yes if its parent started it as one, by whatever
/// wrappers; no for processes that it starts itself.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildDetectionIT {

    private static final int MANY = 12; // more processes in between than in practice

    @RegisterExtension
    final Children children = new Children();

    static Stream<Transport> transports() {
        return Stream.of(Transport.shm(), Transport.unix());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void childInAPidNamespaceOfItsOwnIsOne(Transport transport) throws Exception {
        assumeTrue(new ProcessBuilder("unshare", "-rpf", "true").start().waitFor() == 0,
                "this user may not make a pid namespace (unshare -rpf)");

        assertIsChild(kin("asking").transport(transport).java(wrapper("exec unshare -rpf ")));
    }

    @Test
    void childStartedByManyShellsIsAChild() throws Exception {
        String shells = Stream.generate(() -> "sh -c '\"$0\" \"$@\"; exit $?' ").limit(MANY)
                .collect(Collectors.joining());

        assertIsChild(kin("asking").java(wrapper(shells)));
    }

    @Test
    void childWithAnEmptyEnvironmentIsOne() throws Exception {
        assertIsChild(kin("asking").java(wrapper("exec env -i ")));
    }

    @Test
    void childWithALongCommandLineIsOne() throws Exception {
        assertIsChild(kin("asking").jvmOptions("-Dlong=" + "x".repeat(ArgumentFile.LONG)));
    }

    @Test
    void childThatConnectsFirstIsOne() throws Exception {
        assertIsChild(kin("connecting"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"asking", "connecting"})
    void childOfACommandIsOne(String mode) throws Exception {
        assertIsChild(command(mode));
    }

    @Test
    void childOfACommandOverAnotherTransportIsOne() throws Exception {
        assertIsChild(command("abroad")
                .transport(new KinChild.Abroad(Transport.shm())));
    }

    /// The main program has connected and ended; later commands inherit its whole environment.
    @ParameterizedTest
    @ValueSource(strings = {"shm", "abroad"})
    void whatAScriptRunsAfterTheChildIsNone(String transport) throws Exception {
        boolean isOurs = transport.equals("shm");
        String script = quoted(KinChild.command(isOurs ? "asking" : "abroad")) + "; echo $?; "
                + quoted(KinChild.command("asking"));
        ChildJvm command = ChildJvm.ofCommand("sh", "-c", script).output(Output.capture());
        try (ChildLink<String, String> child = command
                .transport(isOurs ? Transport.shm() : new KinChild.Abroad(Transport.shm()))
                .start(String.class, String.class)) {
            child.link().close();

            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
            assertThat(child.process().output().lines())
                    .containsExactly("the end", "0", KinChild.STRANGER);
        }
    }

    @Test
    void childWithoutAConversationIsNone() throws Exception {
        assertIsStranger(kin("asking"));
        assertIsStranger(command("asking"));
    }

    @Test
    void nothingOfAJvmsMarksIsInItsEnvironment() throws Exception {
        try (ChildLink<String, String> child = start(kin("asking"))) {
            for (String name : List.of("IPC_CHANNEL_CHILD", "IPC2_SOCKET_PATH", "IPC_CHANNEL_JOBS",
                    "IPC_CHANNEL_AWAITED", "IPC_CHANNEL_EXIT_SIGN", "IPC_CHANNEL_PARENT")) {
                assertThat(ask(child, name)).as(name).isEqualTo("null");
            }
            assertThat(ask(child, "JAVA_TOOL_OPTIONS"))
                    .isEqualTo(String.valueOf(System.getenv("JAVA_TOOL_OPTIONS")));
        }
    }

    @Test
    void addressOfAnotherTransportIsOnNoCommandLine() throws Exception {
        ChildJvm abroad = kin("abroad").transport(new KinChild.Abroad(Transport.shm()));

        try (ChildLink<String, String> child = start(abroad)) {
            assertThat(ask(child, "command")).contains(" @").doesNotContain("IPC2_SOCKET_PATH");
            assertThat(ask(child, "main")).isEqualTo("true");
        }
    }

    private static void assertIsChild(ChildJvm configured) throws InterruptedException {
        try (ChildLink<String, String> child = start(configured)) {
            assertThat(ask(child, "loader")).isEqualTo("true"); // first: it has not asked yet
            assertThat(ask(child, "main")).isEqualTo("true");
            assertThat(ask(child, "thread")).isEqualTo("true");
            assertThat(ask(child, "tool")).isEqualTo(KinChild.STRANGER);
        }
    }

    private static void assertIsStranger(ChildJvm configured) throws InterruptedException {
        try (ChildProcess child = configured.output(Output.capture()).start()) {
            assertThat(child.awaitExit(Children.PATIENCE)).isZero();
            assertThat(child.output().lines()).containsExactly(KinChild.STRANGER);
        }
    }

    private static ChildLink<String, String> start(ChildJvm configured)
            throws InterruptedException {
        return configured.output(Output.capture()).start(String.class, String.class);
    }

    private static String ask(ChildLink<String, String> child, String question)
            throws InterruptedException {
        child.send(question);
        return child.receive(Children.PATIENCE);
    }

    private static ChildJvm kin(String... arguments) {
        return ChildJvm.of(KinChild.class).shortLived().arguments(arguments);
    }

    private static ChildJvm command(String... arguments) {
        return ChildJvm.ofCommand(KinChild.command(arguments).toArray(String[]::new));
    }

    /// A script in place of a `java`.
    private Path wrapper(String before) throws IOException {
        Path script = children.directory().resolve("java");
        Files.writeString(script, "#!/bin/sh\n" + before + JavaRuntime.own().java() + " \"$@\"\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
