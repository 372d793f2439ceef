package dev.ipcchannel.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of a program that continues in a second JVM: it must look, and end, as if there were only
/// one.
@Timeout(60)
@ParameterizedClass
@EnumSource(value = Starter.class, names = {"OLD", "PRETENDING"})
class InnerJvmIT {

    @TempDir
    static Path folder;

    private static Path jar;

    @Parameter
    Starter starter;

    @BeforeAll
    static void writeJar() throws Exception {
        jar = LauncherJar.write(folder.resolve("a program.jar"));
    }

    @Test
    void goesOnWithANewerJavaAndSaysSoInOneLine() throws Exception {
        try (Started started = start(Redirect.PIPE, "feature")) {
            started.assertExit(0);

            assertThat(Integer.parseInt(started.out().strip())).isGreaterThanOrEqualTo(25);
            assertThat(started.err().lines()).singleElement().asString()
                    .startsWith("a program.jar: this is Java ")
                    .contains(", going on with Java 2");
        }
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        try (Started started = start(Redirect.PIPE, "echo", "a b", "", "*", "-Dx=y", "--",
                "\"q\"")) {
            started.assertExit(0);

            assertThat(started.out().strip()).isEqualTo("[a b, , *, -Dx=y, --, \"q\"]");
        }
    }

    @Test
    void argumentThatTheLocaleCannotReadIsRefused() throws Exception {
        String script = "LC_ALL=C exec \"$@\" \"$(printf '\\303\\244')\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(starter.command(jar, "echo"));
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(2);

            assertThat(started.err().lines()).singleElement().asString()
                    .contains("set LC_ALL=C.UTF-8");
        }
    }

    @Test
    void propertiesAndMemoryLimitsArePassedOnAndNativeAccessIsGranted() throws Exception {
        List<String> command = new ArrayList<>(starter.command(jar, "jvm", "-Dnot=mine"));
        command.addAll(1, List.of("-Dsome.property=a b", "-Xmx99m", "-Xshare:auto"));
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(0);

            assertThat(started.out())
                    .contains("-Dsome.property=a b", "-Xmx99m",
                            "--enable-native-access=ALL-UNNAMED")
                    .doesNotContain("-Xshare", "-Dnot=mine");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAParentHasSetIsPassedOnOnce(boolean isInAFile) throws Exception {
        List<String> marks = List.of("-DIPC_CHANNEL_CHILD=shm", "-DIPC2_SOCKET_PATH=/a/server",
                "-DIPC_CHANNEL_JOBS=3", "-DIPC_CHANNEL_EXIT_SIGN=/a/sign");
        Path java = Path.of(starter.java().getFirst()).toRealPath();
        assumeTrue(!isInAFile || Files.exists(java.resolveSibling("../lib/modules")),
                "a Java 8 knows no files of arguments");
        Path file = Files.write(folder.resolve(starter + "-marks"), marks);
        List<String> command = new ArrayList<>(starter.command(jar, "jvm"));
        command.addAll(1, isInAFile ? List.of("@" + file) : marks);
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(0);

            for (String mark : marks) {
                assertThat(started.out().split(Pattern.quote(mark), -1)).as(mark).hasSize(2);
            }
        }
    }

    @Test
    void exitCodeIsThatOfTheProgram() throws Exception {
        try (Started started = start(Redirect.PIPE, "exit", "7")) {
            started.assertExit(7);
        }
    }

    @Test
    void exitCodeOfAKilledProgramIs128PlusTheSignal() throws Exception {
        try (Started started = start(Redirect.PIPE, "die")) {
            started.assertExit(128 + 9);
        }
    }

    @Test
    void typedInputReachesTheProgramUpToItsEnd() throws Exception {
        try (Started started = start(Redirect.PIPE, "cat")) {
            try (OutputStream keyboard = started.process().getOutputStream()) {
                keyboard.write("first\nsecond\n".getBytes(StandardCharsets.UTF_8));
            }
            started.assertExit(0);

            assertThat(started.out()).isEqualTo("first\nsecond\n");
        }
    }

    @Test
    void closedInputIsAnEmptyOne() throws Exception {
        try (Started started = start("closed", starter.command(jar, "cat"))) {
            started.assertExit(0);

            assertThat(started.out()).isEmpty();
        }
    }

    @Test
    void unreadInputIsLeftToTheNextProgram() throws Exception {
        Path text = Files.writeString(folder.resolve("input"), "for the next one\n");
        String script = "{ \"$@\" ; cat ; } <\"$0\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, text.toString()));
        command.addAll(starter.command(jar, "echo"));
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(0);

            assertThat(started.out()).isEqualTo("[]\nfor the next one\n");
        }
    }

    @Test
    void sigtermEndsTheProgramInOrder() throws Exception {
        Path pid = folder.resolve(starter + "-term.pid");
        Path farewell = folder.resolve(starter + "-term.bye");
        try (Started started = start(Redirect.PIPE, "stay", pid.toString(), farewell.toString())) {
            ProcessHandle program = awaitProgram(pid);

            started.kill("TERM");

            started.assertExit(128 + 15);
            awaitEnd(program);
            assertThat(farewell).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "empty", "closed", "file", "terminal"})
    void sigkillEndsTheProgram(String stdin) throws Exception {
        Path pid = folder.resolve(starter + "-kill-" + stdin + ".pid");
        Path farewell = folder.resolve(starter + "-kill-" + stdin + ".bye");
        List<String> command = starter.command(jar, "stay", pid.toString(), farewell.toString());
        try (Started started = start(stdin, command)) {
            ProcessHandle program = awaitProgram(pid);
            ProcessHandle launcher = program.parent().orElseThrow();
            assertThat(launcher.info().command().orElseThrow()).endsWith("/java");

            assertThat(launcher.destroyForcibly()).isTrue();

            awaitEnd(program);
            started.awaitExit();
            assertThat(farewell).doesNotExist();
        }
    }

    private Started start(Redirect stdin, String... args) throws Exception {
        return Started.start(folder, stdin, starter.command(jar, args));
    }

    private static Started start(String stdin, List<String> java) throws Exception {
        return switch (stdin) {
            case "pipe" -> Started.start(folder, Redirect.PIPE, java);
            case "empty" -> Started.start(folder, Redirect.from(Path.of("/dev/null").toFile()),
                    java);
            case "file" -> Started.start(folder, Redirect.from(jar.toFile()), java);
            case "closed" -> {
                List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-",
                        "sh"));
                command.addAll(java);
                yield Started.start(folder, Redirect.PIPE, command);
            }
            case "terminal" -> {
                boolean installed = Files.isExecutable(Path.of("/usr/bin/script"));
                assumeTrue(installed, "no /usr/bin/script (package bsdutils) to make a terminal");
                String quoted = "'" + String.join("' '", java) + "'";
                List<String> command = List.of("/usr/bin/script", "-qec", quoted, "/dev/null");
                yield Started.start(folder, Redirect.PIPE, command);
            }
            default -> throw new IllegalArgumentException(stdin);
        };
    }

    private static ProcessHandle awaitProgram(Path pid) throws Exception {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pid));
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> hasEnded(process));
        } finally {
            process.destroyForcibly();
        }
    }

    /// Whether a process is gone, or dead and not yet reaped: its new parent may reap it late.
    private static boolean hasEnded(ProcessHandle process) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (NoSuchFileException gone) {
            return true;
        }
    }
}
