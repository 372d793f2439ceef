package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The programs of one test, which run in a folder made for it. After the test an assertion checks
/// that they have left no process, found by a variable in its environment, and no file except the
/// test's own.
final class Programs implements BeforeEachCallback, AfterEachCallback {

    static final Path ROOT = Path.of(System.getProperty("project.root"));
    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MARK = "IPC_CHANNEL_EXAMPLES";
    // The class archives of all tests, shared because writing one takes a while.
    private static final Path CACHE = ROOT.resolve("examples/tests/target/cache");

    private final String mark = UUID.randomUUID().toString();
    private final Map<String, String> environment = new TreeMap<>();
    private Path directory = Path.of("");

    /// The result of a program.
    ///
    /// @param command the command that started it
    record Result(List<String> command, int exitCode, String out, String err) {

        Result expectExit(int expected) {
            assertThat(exitCode).as("exit code of %s", this).isEqualTo(expected);
            return this;
        }

        /// Checks the exit code, and that the program printed only one sentence, on standard error.
        String expectSentence(int expected) {
            expectExit(expected);
            assertThat(out).isEmpty();
            assertThat(err.lines()).as("%s", this).hasSize(1);
            return err.strip();
        }

        List<String> lines() {
            return out.lines().toList();
        }
    }

    /// The command that runs an example's jar.
    static List<String> example(String name, String... arguments) {
        return command(List.of(JAVA, "-jar", jar(name)), arguments);
    }

    /// The path of an example's jar.
    static String jar(String name) {
        return ROOT.resolve("examples/" + name + "/target/examples-" + name + ".jar").toString();
    }

    /// The command that runs an example by the script.
    static List<String> demo(String... arguments) {
        return command(List.of(ROOT.resolve("scripts/demo").toString()), arguments);
    }

    private static List<String> command(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("examples");
        Files.createDirectory(temporary());
        environment.put("XDG_RUNTIME_DIR", temporary().toString());
        environment.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary());
        environment.put("XDG_CACHE_HOME", CACHE.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put(MARK, mark);
    }

    /// The test's folder, in which its programs run.
    Path directory() {
        return directory;
    }

    /// The folder for the programs' temporary files.
    private Path temporary() {
        return directory.resolve("temporary");
    }

    /// Sets a variable for the programs started from now on.
    Programs with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// Runs a command until it ends.
    Result run(List<String> command) throws IOException, InterruptedException {
        return start(command).awaitEnd();
    }

    /// Starts a command, which runs beside the test.
    RunningProgram start(List<String> command) throws IOException {
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        return new RunningProgram(command, builder.start(), out, err);
    }

    /// Puts a command before all others that programs find on the PATH.
    void replaceCommand(String name, String... lines) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("bin"));
        Path script = Files.writeString(folder.resolve(name),
                "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        with("PATH", folder + ":" + System.getenv("PATH"));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            if (context.getExecutionException().isEmpty()) {
                await("no process left").atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(processes()).isEmpty());
                assertThat(temporary()).as("files left").isEmptyDirectory();
            }
        } finally {
            processes().forEach(ProcessHandle::destroyForcibly);
            delete(directory);
        }
    }

    /// Deletes what a killed program could not.
    void clearTemporary() throws IOException {
        delete(temporary());
        Files.createDirectory(temporary());
    }

    /// The processes of the test that run.
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isMarked).toList();
    }

    private boolean isMarked(ProcessHandle process) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
            return new String(bytes, StandardCharsets.ISO_8859_1).contains(mark);
        } catch (IOException _) { // it has ended, or is another user's
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> tree = Files.walk(folder)) {
            entries = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.deleteIfExists(entry);
        }
    }
}
