package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.DeepHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that start themselves without asking whether they are the child: the library stops that
/// after one level, however the program was started.
///
/// Each process starts at most one more, and the third below the first none: without a refusal by
/// the library there would be four.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgottenGuardIT {

    /// A program. Its arguments: the file to which each process adds a line, the way in which it
    /// starts itself, and what it needs for that.
    private static final String SELF = """
            import dev.ipcchannel.child.*;
            import dev.ipcchannel.worker.*;
            import java.io.File;
            import java.net.*;
            import java.nio.file.*;
            import java.time.Duration;
            import java.util.Arrays;

            public class Self {
                public static void main(String[] arguments) throws Exception {
                    Files.writeString(Path.of(arguments[0]), "here\\n",
                            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    String marks = System.getenv("IPC_CHANNEL_TREE");
                    if (marks != null && marks.split("/").length > 2) {
                        return; // a limit, in case the library fails
                    }
                    boolean isFirst = marks == null;
                    switch (arguments[1]) {
                        case "asking" -> ChildJvm.isChild();
                        case "asking elsewhere" -> askInAnotherLoader();
                        case "connected" -> {
                            if (!isFirst) {
                                ChildJvm.parent(String.class, String.class);
                            }
                        }
                        default -> { }
                    }
                    switch (arguments[1]) {
                        case "set" -> WorkerSet.builder(String.class, String.class)
                                .worker(child(arguments)).workerCount(1).start().close();
                        case "alone" -> {
                            if (isFirst) {
                                child(arguments).start(String.class, String.class).close();
                            } else {
                                child(arguments).start().awaitExit(Duration.ofMinutes(1));
                            }
                        }
                        case "connected" -> System.exit(child(arguments)
                                .start(String.class, String.class).process()
                                .awaitExit(Duration.ofMinutes(1)));
                        default -> child(arguments).start(String.class, String.class).close();
                    }
                }

                private static void askInAnotherLoader() throws Exception {
                    String[] path = System.getProperty("java.class.path").split(":");
                    URL[] places = new URL[path.length];
                    for (int i = 0; i < path.length; i++) {
                        places[i] = new File(path[i]).toURI().toURL();
                    }
                    try (URLClassLoader other = new URLClassLoader(places,
                            ClassLoader.getPlatformClassLoader())) {
                        other.loadClass(ChildJvm.class.getName()).getMethod("isChild")
                                .invoke(null);
                    }
                }

                private static ChildJvm child(String... arguments) {
                    return switch (arguments[1]) {
                        case "name" -> ChildJvm.of("Self").arguments(arguments);
                        case "jar" -> ChildJvm.ofJar(Path.of(arguments[2])).arguments(arguments);
                        case "main" -> System.getProperty("IPC_CHANNEL_CHILD") == null
                                ? ChildJvm.ofJar(Path.of(arguments[2])).arguments(arguments)
                                : ChildJvm.of(Self.class).arguments(arguments);
                        case "command" -> ChildJvm.ofCommand(arguments[2]).arguments(arguments);
                        default -> ChildJvm.of(Self.class).arguments(arguments);
                    };
                }
            }
            """;
    private static final String MODULE = "module self { requires dev.ipcchannel; }";
    private static final String REFUSAL = "IllegalStateException: a child starts its own program,"
            + " which would start it again and again: program=";

    @RegisterExtension
    final Children children = new Children();

    private Path folder;
    private Workshop workshop;
    private Path library;
    private Path source;
    private Path classes;
    private String errors = ""; // of the first process, including those of its child

    @BeforeAll
    void make(@TempDir Path directory) throws IOException {
        folder = directory;
        workshop = new Workshop(folder);
        library = workshop.library();
        source = workshop.write("Self.java", SELF);
        classes = workshop.compile("self", List.of("-cp", library.toString()), source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"class", "name", "set", "alone"})
    void fromTheClassPath(String way) throws Exception {
        assertStartsOnce("program=Self", way,
                List.of("-cp", classes + ":" + library + ":" + Workshop.gson(), "Self"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"asking", "asking elsewhere", "connected"})
    void childThatHasAskedOrConnectedMayStartItsOwnProgram(String way) throws Exception {
        assertThat(processes(way,
                List.of("-cp", classes + ":" + library + ":" + Workshop.gson(), "Self")))
                .hasSize(4);
    }

    @Test
    void fromASourceFile() throws Exception {
        assertStartsOnce("program=" + source, "class",
                List.of("-cp", library + ":" + Workshop.gson(), source.toString()));
    }

    @Test
    void fromTheModulePath() throws Exception {
        Path module = workshop.compile("module",
                List.of("--module-path", library + ":" + Workshop.gson()),
                workshop.write("src/module-info.java", MODULE),
                workshop.write("src/own/Self.java", "package own;\n" + SELF));

        assertStartsOnce("program=self/own.Self", "class", List.of("--module-path",
                module + ":" + library + ":" + Workshop.gson(), "-m", "self/own.Self"));
    }

    @Test
    void fromAJar() throws Exception {
        Path jar = workshop.jar(classes, "Self", library, Workshop.gson());

        assertStartsOnce("program=-jar " + jar, "jar", List.of("-jar", jar.toString()),
                jar.toString());
    }

    @Test
    void fromAJarByItsMainClass() throws Exception {
        Path jar = workshop.jar(classes, "Self", library, Workshop.gson());

        assertStartsOnce("program=Self", "main", List.of("-jar", jar.toString()), jar.toString());
    }

    @Test
    void fromACommand() throws Exception {
        Path script = workshop.write("self.sh", "#!/bin/sh\nexec " + JavaRuntime.own().java()
                + " --enable-native-access=ALL-UNNAMED -cp " + classes + ":" + library + ":"
                + Workshop.gson() + " Self \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        assertStartsOnce("program=" + script, "command",
                List.of("-cp", classes + ":" + library + ":" + Workshop.gson(), "Self"),
                script.toString());
    }

    @Test
    void programsThatStartEachOtherEndOnTheEighthLevel() throws Exception {
        assertThat(startedOnLevel(8)).containsExactly("started");
        assertThat(startedOnLevel(9))
                .containsExactly("processes start each other too deep: level=9,"
                        + " limit=8, child=true: see that this comes to an end, then raise"
                        + " ChildJvm.maxLevels");
        assertThat(startedOnLevel(9, "9")).containsExactly("started");
    }

    @Test
    void noChildIsAboveTheFirstLevel() {
        ChildJvm child = ChildJvm.ofCommand("true");

        assertThatThrownBy(() -> child.maxLevels(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a child is on level 1 at least: levels=0, limit=1");
    }

    private List<String> startedOnLevel(int level, String... arguments) throws Exception {
        String marks = String.join("/", Stream.generate(() -> "mark").limit(level - 1).toList());
        var host = children.command().piped().environment("IPC_CHANNEL_TREE", marks)
                .start(DeepHost.class, arguments);
        host.awaitExit(0);
        return host.captured().lines();
    }

    private void assertStartsOnce(String program, String way, List<String> java, String... more)
            throws IOException, InterruptedException {
        assertThat(processes(way, java, more)).as("the first process and its child").hasSize(2);
        assertThat(errors).contains(REFUSAL, program + ": ask ChildJvm.isChild() before");
    }

    /// Runs the program to its end.
    ///
    /// @param more the needs of that way
    /// @return a line for each process
    private List<String> processes(String way, List<String> java, String... more)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile(folder, "processes", ".txt");
        List<String> command = new ArrayList<>(List.of(JavaRuntime.own().java().toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED,dev.ipcchannel"));
        command.addAll(java);
        command.addAll(List.of(file.toString(), way));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_CACHE_HOME", folder.toString());
        builder.environment().remove("IPC_CHANNEL_TREE");
        try (ChildOutput first = ChildOutput.capture(builder.start())) {
            assertThat(first.awaitExit(Children.PATIENCE)).isOne();
            errors = String.join("\n", first.errorLines());
        }
        return Files.readAllLines(file);
    }
}
