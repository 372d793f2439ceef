package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A folder and an environment for the processes of one test. When the test is over, no process and
/// nothing that they made may be left. If the test fails, all that they wrote is shown.
///
/// A variable in the environment marks the processes, so that orphans are found as well.
final class Sandbox implements BeforeEachCallback, AfterEachCallback {

    private static final String MARK = "IPC_CHANNEL_SANDBOX";

    private final String mark = UUID.randomUUID().toString();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Program> programs = new ArrayList<>();
    private Path directory = Path.of("");

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("demo");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(runtimeDirectory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        environment.put("XDG_RUNTIME_DIR", runtimeDirectory().toString());
        environment.put("IPC_CHANNEL_DIR", names().toString());
        environment.put(MARK, mark);
    }

    /// The folder for the test's files; other users may read it.
    Path directory() {
        return directory;
    }

    /// The folder of the servers' sockets.
    Path runtimeDirectory() {
        return directory.resolve("runtime");
    }

    /// The folder of the named channels.
    private Path names() {
        return directory.resolve("names");
    }

    /// Sets a variable for the processes started from now on.
    Sandbox with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Program start(List<String> command) {
        return start(new ProcessBuilder(command));
    }

    /// Starts a program whose working directory is [#directory].
    Program startInside(List<String> command) {
        return start(new ProcessBuilder(command).directory(directory.toFile()));
    }

    private Program start(ProcessBuilder builder) {
        // a JVM that finds one of the first two prints a line, which the tests do not expect
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CHANNEL_NAME")
                .forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        Program program = Program.start(builder, directory);
        programs.add(program);
        return program;
    }

    /// Writes a shell script.
    ///
    /// @return its path
    String script(String name, String... lines) throws IOException {
        Path script = directory.resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    /// Waits until no process runs that the test has started, directly or indirectly.
    void awaitNoProcess() {
        await().atMost(Program.PATIENCE).untilAsserted(
                () -> assertThat(processes()).as("processes left").isEmpty());
    }

    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::isMarked).toList();
    }

    List<Path> serverDirectories() {
        try (Stream<Path> files = Files.list(runtimeDirectory())) {
            return files.toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        boolean isClean = false;
        try {
            if (context.getExecutionException().isEmpty()) {
                awaitNoProcess();
                assertThat(serverDirectories()).as("directories left").isEmpty();
                if (Files.exists(names())) {
                    assertThat(names()).isEmptyDirectory();
                }
                isClean = true;
            }
        } finally {
            if (!isClean) {
                programs.forEach(program -> System.err.println("of the failed test: " + program));
            }
            processes().forEach(ProcessHandle::destroyForcibly);
            deleteDirectory();
        }
    }

    private boolean isMarked(ProcessHandle process) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
            return new String(bytes, StandardCharsets.ISO_8859_1).contains(mark);
        } catch (IOException _) { // it has ended, or is another user's
            return false;
        }
    }

    private void deleteDirectory() throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
