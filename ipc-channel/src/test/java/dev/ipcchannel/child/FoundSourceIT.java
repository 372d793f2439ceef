package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Children that run a source file as their parent does, whatever its name; a source that is in no
/// file is refused in one sentence.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FoundSourceIT {

    private static final String JAVA = Workshop.tool("java");
    private static final String ACCESS = "--enable-native-access=ALL-UNNAMED";

    @RegisterExtension
    final Children children = new Children();

    private Workshop workshop;
    private String path;

    @BeforeAll
    void make(@TempDir Path folder) throws IOException {
        workshop = new Workshop(folder);
        path = workshop.jar(workshop.library(), "") + ":" + Workshop.gson();
        workshop.write("Echo.java", Workshop.ECHO);
    }

    @Test
    void inAScript() throws Exception {
        Path script = workshop.write("echo", "#!" + JAVA + " --source 25\n" + Workshop.ECHO);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

        Workshop.assertSays(workshop.command("sh", "-c", "CLASSPATH=" + path
                + " JDK_JAVA_OPTIONS= JAVA_TOOL_OPTIONS= exec ./echo 2>script.txt"));
    }

    @Test
    void ofAnotherReleaseWithoutASuffix() throws Exception {
        workshop.write("older", Workshop.ECHO);

        Workshop.assertSays(workshop.java(ACCESS, "--source", "21", "-cp", path, "older"));
    }

    @Test
    void withFeaturesInPreview() throws Exception {
        workshop.write("Preview.java", Workshop.ECHO.replace("Echo", "Preview")
                .replace("public static", """
                        static boolean isOne(Object it) {
                            return it instanceof int one && one == 1; // in preview
                        }

                        public static"""));

        ChildOutput parent = workshop.java(ACCESS, "--enable-preview", "-cp", path,
                "Preview.java");

        assertThat(parent.lines()).containsExactly(Workshop.ANSWER);
    }

    @Test
    void inAnotherPackage() throws Exception {
        workshop.write("src/shop/work/Echo.java", "package shop.work;\n" + Workshop.ECHO);
        workshop.write("src/shop/Main.java", """
                package shop;

                import dev.ipcchannel.child.ChildJvm;
                import shop.work.Echo;

                class Main {
                    public static void main(String[] arguments) throws Exception {
                        var echo = ChildJvm.of(Echo.class);
                        try (var child = echo.start(String.class, String.class)) {
                            child.send("hello");
                            System.out.println(child.receive());
                        }
                    }
                }
                """);

        Workshop.assertSays(workshop.java(ACCESS, "-cp", path, "src/shop/Main.java"));
    }

    @Test
    void thatCameByAPipe() throws Exception {
        ChildOutput parent = workshop.command("sh", "-c", "cat Echo.java | " + JAVA + " " + ACCESS
                + " -cp " + path + " --source 25 /dev/stdin");

        assertThat(String.join("\n", parent.errorLines())).contains("IllegalArgumentException:"
                + " a source that came by a pipe is gone once it is read: file=/dev/stdin,"
                + " class=Echo: write it to a file and start that");
    }

    @Test
    void typedIntoJShell() throws Exception {
        workshop.write("typed.jsh", """
                import dev.ipcchannel.child.ChildJvm;
                class Typed { public static void main(String[] arguments) {} }
                try { ChildJvm.of(Typed.class); } catch (Exception e) { System.out.println(e); }
                /exit
                """);

        assertThat(jshell("typed.jsh", path).lines().getFirst()).contains(
                "IllegalArgumentException: a"
                        + " child cannot find a class whose file is in no folder and no jar:"
                        + " class=REPL.$",
                "loader=jdk.jshell.", "ChildJvm.ofJar");
    }

    @Test
    void ofAClassThatJShellHasBeenGiven() throws Exception {
        workshop.compile("given", List.of("-cp", path), workshop.write("src/given/Echo.java",
                "package given;\n" + Workshop.ECHO));
        workshop.write("given.jsh", """
                given.Echo.main(new String[0]);
                /exit
                """);

        assertThat(jshell("given.jsh", "given:" + path).lines()).contains(Workshop.ANSWER);
    }

    private ChildOutput jshell(String script, String classPath)
            throws IOException, InterruptedException {
        return workshop.command(Workshop.tool("jshell"),
                "-J-Djava.util.prefs.userRoot=" + workshop.folder(), "-R" + ACCESS, "--class-path",
                classPath, "-s", script);
    }
}
