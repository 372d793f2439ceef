package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The shortest program, in each of the ways in which it may be started: the child is found where
/// the parent is.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreeLinesIT {

    private static final String TWO = """
            import dev.ipcchannel.child.ChildJvm;

            class Two {
                public static void main(String[] arguments) throws Exception {
                    ChildJvm.of(Child.class).start(String.class, String.class).close();
                }
            }

            class Child {}
            """;
    private static final String MODULE = "module echo { requires dev.ipcchannel; }";

    @RegisterExtension
    final Children children = new Children();

    private Path directory;
    private Workshop workshop;
    private Path library;
    private Path libraryJar;
    private Path source;
    private Path classes;

    @BeforeAll
    void make(@TempDir Path folder) throws IOException {
        directory = folder;
        workshop = new Workshop(directory);
        library = workshop.library();
        libraryJar = workshop.jar(library, "");
        source = workshop.write("Echo.java", Workshop.ECHO);
        classes = workshop.compile("echo", List.of("-cp", library.toString()), source);
    }

    @Test
    void fromASourceFile() throws Exception {
        Workshop.assertSays(java("--enable-native-access=ALL-UNNAMED", "--class-path",
                libraryJar + ":" + Workshop.gson(), "Echo.java"));
    }

    @Test
    void fromTheClassPath() throws Exception {
        Workshop.assertSays(java("--enable-native-access=ALL-UNNAMED", "-cp",
                "echo:library:" + Workshop.gson(), "Echo")); // relative to the parent's directory
    }

    @Test
    void fromTheClassPathBesideAModularLibrary() throws Exception {
        Workshop.assertSays(java("--enable-native-access=dev.ipcchannel", "--module-path",
                "library:" + Workshop.gson(), "--add-modules", "dev.ipcchannel", "-cp", "echo",
                "Echo"));
    }

    @Test
    void fromTheModulePath() throws Exception {
        Path folder = workshop.compile("module",
                List.of("--module-path", library + ":" + Workshop.gson()),
                workshop.write("src/module-info.java", MODULE),
                workshop.write("src/echo/Echo.java", "package echo;\n" + Workshop.ECHO));

        Workshop.assertSays(java("--enable-native-access=dev.ipcchannel", "--module-path",
                libraryJar + ":" + folder + ":" + Workshop.gson(), "-m", "echo/echo.Echo"));
    }

    @Test
    void fromAJar() throws Exception {
        Path jar = workshop.jar(classes, "Echo", libraryJar, Workshop.gson());

        Workshop.assertSays(java("--enable-native-access=ALL-UNNAMED", "-jar", "echo.jar"));

        try (ChildLink<String, String> child = ChildJvm.ofJar(jar).noClassArchive()
                .start(String.class, String.class)) {
            child.send("hello");
            assertThat(child.receive(Children.PATIENCE)).isEqualTo(Workshop.ANSWER);
        }
    }

    @Test
    void childFurtherDownInASourceFileIsRefused() throws Exception {
        workshop.write("Two.java", TWO);

        ChildOutput two = java("--enable-native-access=ALL-UNNAMED", "-cp",
                library + ":" + Workshop.gson(), "Two.java");

        assertThat(two.process().exitValue()).isOne();
        assertThat(two.errorLines().getFirst()).contains("IllegalArgumentException: a source file"
                + " runs by one class alone: file=", "that class=Two, asked for=Child");
    }

    private ChildOutput java(String... words) throws IOException, InterruptedException {
        return workshop.java(words);
    }
}
