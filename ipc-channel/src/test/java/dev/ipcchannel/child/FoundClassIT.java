package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Children that find the named class, whatever class loader the parent has it from; or one
/// sentence names the loader and the remedy.
///
/// Longer than other files: it has the sources of the parents.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FoundClassIT {

    private static final String ACCESS = "--enable-native-access=ALL-UNNAMED";

    /// A program that runs a class by its own class loader, as the exec plugin does. Its arguments:
    /// folders and jars, then the class.
    private static final String LOADING = """
            import java.net.URL;
            import java.net.URLClassLoader;
            import java.nio.file.Path;

            public class Loading {
                public static void main(String[] words) throws Exception {
                    URL[] urls = new URL[words.length - 1];
                    for (int i = 0; i < urls.length; i++) {
                        urls[i] = Path.of(words[i]).toUri().toURL();
                    }
                    var above = ClassLoader.getPlatformClassLoader();
                    try (var loader = new URLClassLoader(urls, above)) {
                        loader.loadClass(words[words.length - 1])
                                .getMethod("main", String[].class).invoke(null, (Object) words);
                    }
                }
            }
            """;

    /// The same by an unknown kind of loader, below that of the class path.
    private static final String HIDING = """
            import java.io.InputStream;
            import java.net.URL;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Hiding extends ClassLoader {
                private final Path folder;

                Hiding(Path folder) {
                    super(ClassLoader.getSystemClassLoader());
                    this.folder = folder;
                }

                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    try {
                        byte[] bytes = Files.readAllBytes(folder.resolve(name + ".class"));
                        return defineClass(name, bytes, 0, bytes.length);
                    } catch (Exception failure) {
                        throw new ClassNotFoundException(name, failure);
                    }
                }

                public static void main(String[] words) throws Exception {
                    new Hiding(Path.of(words[0])).loadClass("Echo")
                            .getMethod("main", String[].class).invoke(null, (Object) words);
                }
            }

            class Showing extends Hiding {
                private final Path folder;

                Showing(Path folder) {
                    super(folder);
                    this.folder = folder;
                }

                @Override
                protected URL findResource(String name) {
                    try {
                        return folder.resolve(name).toUri().toURL();
                    } catch (Exception failure) {
                        throw new AssertionError(failure);
                    }
                }

                public static void main(String[] words) throws Exception {
                    new Showing(Path.of(words[0])).loadClass("Echo")
                            .getMethod("main", String[].class).invoke(null, (Object) words);
                }
            }
            """;

    /// An agent that has the program in its jar.
    private static final String AGENT = """
            import java.lang.instrument.Instrumentation;
            import java.util.jar.JarFile;

            public class Agent {
                public static void premain(String jar, Instrumentation instrumentation)
                        throws Exception {
                    instrumentation.appendToSystemClassLoaderSearch(new JarFile(jar));
                }

                public static void main(String[] words) throws Exception {
                    Class.forName("Echo").getMethod("main", String[].class)
                            .invoke(null, (Object) words);
                }
            }
            """;

    /// A system class loader of the user, in place of the JDK's.
    private static final String SYSTEM = """
            import java.net.URL;
            import java.net.URLClassLoader;
            import java.nio.file.Path;

            public class Own extends ClassLoader {
                public Own(ClassLoader parent) {
                    super(parent);
                }

                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    try {
                        byte[] bytes = Files.read(Path.of(System.getProperty("own"))
                                .resolve(name + ".class"));
                        return defineClass(name, bytes, 0, bytes.length);
                    } catch (java.io.IOException failure) {
                        throw new ClassNotFoundException(name, failure);
                    }
                }

                @Override
                protected URL findResource(String name) {
                    try {
                        return Path.of(System.getProperty("own")).resolve(name).toUri().toURL();
                    } catch (java.net.MalformedURLException failure) {
                        throw new AssertionError(failure);
                    }
                }

                static class Files {
                    static byte[] read(Path path) throws java.io.IOException {
                        return java.nio.file.Files.readAllBytes(path);
                    }
                }
            }
            """;

    /// A program that leaves its child running.
    private static final String LEAVING = """
            import dev.ipcchannel.child.ChildJvm;
            import dev.ipcchannel.transport.Transport;
            import java.util.List;

            public class Leaving {
                public static void main(String[] words) throws Exception {
                    if (ChildJvm.isChild()) {
                        ChildJvm.parent(String.class, String.class).receive();
                    }
                    List<String> all = List.of(words);
                    ChildJvm child = ChildJvm.of(Leaving.class).transport(all.contains("unix")
                            ? Transport.unix() : Transport.shm());
                    System.out.println(all.contains("silent")
                            ? ChildJvm.ofCommand("sleep", "1000").start().pid()
                            : child.start(String.class, String.class).process().pid());
                }
            }
            """;

    @RegisterExtension
    final Children children = new Children();

    private Path directory;
    private Workshop workshop;
    private Path library;
    private Path libraryJar;
    private Path echo;
    private Path loaders;

    @BeforeAll
    void make(@TempDir Path folder) throws IOException {
        directory = folder;
        workshop = new Workshop(directory);
        library = workshop.library();
        libraryJar = workshop.jar(library, "");
        echo = workshop.compile("echo", List.of("-cp", library.toString()),
                workshop.write("Echo.java", Workshop.ECHO));
        loaders = workshop.compile("loaders", List.of(),
                workshop.write("Loading.java", LOADING), workshop.write("Hiding.java", HIDING),
                workshop.write("Agent.java", AGENT), workshop.write("Own.java", SYSTEM));
    }

    @Test
    void byALoaderThatCanBeListed() throws Exception {
        Workshop.assertSays(workshop.java(ACCESS, "-cp", "loaders", "Loading", "echo/",
                libraryJar.toString(), Workshop.gson().toString(), "Echo"));
    }

    @Test
    void byItsNameInALoaderThatCanBeListed() throws Exception {
        Path named = workshop.compile("named", List.of("-cp", library.toString()), workshop.write(
                "src/named/Echo.java", Workshop.ECHO.replace("(Echo.class)", "(\"Echo\")")));

        Workshop.assertSays(workshop.java(ACCESS, "-cp", "loaders", "Loading", named + "/",
                libraryJar.toString(), Workshop.gson().toString(), "Echo"));
    }

    @Test
    void inAFolderWhoseNameIsNoUrl() throws Exception {
        Path odd = Files.createDirectories(directory.resolve("a b%20c#d+ü"));
        Files.copy(echo.resolve("Echo.class"), odd.resolve("Echo.class"));

        Workshop.assertSays(workshop.java(ACCESS, "-cp", "loaders", "Loading", odd + "/",
                libraryJar.toString(), Workshop.gson().toString(), "Echo"));
    }

    @Test
    void inAFolderThatNoClassPathCanHave() throws Exception {
        Path odd = Files.createDirectories(directory.resolve("a:b"));
        Files.copy(echo.resolve("Echo.class"), odd.resolve("Echo.class"));

        assertRefused(workshop.java(ACCESS, "-cp", "loaders", "Loading", odd + "/",
                libraryJar.toString(), Workshop.gson().toString(), "Echo"),
                "a child cannot find a class in a folder or jar with a ':' in its name",
                "class=Echo, entry=" + odd);
    }

    @Test
    void byALoaderThatMakesTheClass() throws Exception {
        assertRefused(workshop.java(ACCESS, "-cp", "loaders:" + libraryJar + ":" + Workshop.gson(),
                "Hiding", "echo"),
                "a child cannot find a class of which there is no file: class=Echo, loader=Hiding:"
                        + " build it into a jar and name that by ChildJvm.ofJar");
    }

    @Test
    void byALoaderThatDoesNotSayWhereItReads() throws Exception {
        assertRefused(workshop.java(ACCESS, "-cp", "loaders:" + libraryJar + ":" + Workshop.gson(),
                "Showing", "echo"),
                "a child cannot find a class whose class loader does not say where it reads:"
                        + " class=Echo, loader=Showing:");
    }

    @Test
    void byALoaderThatReadsTheClassPath() throws Exception {
        // The class path has it as well, and the child looks only there: here the loader comes
        // first.
        Path later = Files.createDirectories(directory.resolve("later"));
        String own = "loaders:" + libraryJar + ":" + Workshop.gson() + ":" + later;

        Files.copy(echo.resolve("Echo.class"), directory.resolve("later.class"));
        Path starting = workshop.compile("starting", List.of("-cp", "" + loaders),
                workshop.write("Starting.java", """
                        import java.nio.file.Files;
                        import java.nio.file.Path;

                        public class Starting {
                            public static void main(String[] words) throws Exception {
                                Path folder = Path.of(words[0]);
                                Files.move(Path.of("later.class"), folder.resolve("Echo.class"));
                                var main = Class.forName("Showing").getDeclaredMethod("main",
                                        String[].class);
                                main.setAccessible(true);
                                main.invoke(null, (Object) words);
                            }
                        }
                        """));

        Workshop.assertSays(workshop.java(ACCESS, "-cp", own + ":" + starting, "Starting",
                later.toString()));
    }

    @Test
    void inAJarThatAnAgentHasAdded() throws Exception {
        Path jar = workshop.jar(echo, "");
        workshop.write("agent.txt", "Premain-Class: Agent\n");
        assertThat(workshop
                .command(Workshop.tool("jar"), "--create", "--file", "agent.jar", "--manifest",
                        "agent.txt", "-C", "loaders", "Agent.class")
                .process().exitValue()).isZero();

        Workshop.assertSays(workshop.java(ACCESS, "-javaagent:agent.jar=" + jar, "-cp",
                "agent.jar:" + libraryJar + ":" + Workshop.gson(), "Agent"));
    }

    @Test
    void bySystemLoaderOfTheUsers() throws Exception {
        Workshop.assertSays(workshop.java(ACCESS, "-Xlog:cds=off", "-Djava.system.class.loader=Own",
                "-Down=" + echo,
                "-cp", "loaders:" + libraryJar + ":" + Workshop.gson(), "Echo"));
    }

    @Test
    void onTheBootClassPath() throws Exception {
        assertRefused(workshop.java(ACCESS, "-Xbootclasspath/a:" + echo + ":" + libraryJar + ":"
                + Workshop.gson(), "-cp", "loaders", "Echo"),
                "a child cannot find a class whose class loader does not say where it reads:"
                        + " class=Echo, loader=that of the boot class path:");
    }

    @Test
    void byWildcards() throws Exception {
        Path lib = Files.createDirectories(directory.resolve("lib"));
        Files.copy(libraryJar, lib.resolve("library.jar"));
        Files.copy(Workshop.gson(), lib.resolve("gson.jar"));

        Workshop.assertSays(workshop.java(ACCESS, "-cp", "echo:lib/*", "Echo"));
    }

    @Test
    void inTheWorkingDirectoryByAnEmptyClassPath() throws Exception {
        Path all = Files.createDirectories(directory.resolve("all"));
        for (String word : List.of("-xf " + libraryJar, "-xf " + Workshop.gson())) {
            assertThat(workshop.command("sh", "-c", "cd all && " + Workshop.tool("jar") + " "
                    + word).process().exitValue())
                    .isZero();
        }
        Files.delete(all.resolve("module-info.class"));
        Files.copy(echo.resolve("Echo.class"), all.resolve("Echo.class"));

        // In the child, which runs in another directory, the variable must not replace the class
        // path.
        Workshop.assertSays(workshop.command("sh", "-c", "cd all && CLASSPATH=/nowhere exec "
                + Workshop.tool("java") + " " + ACCESS + " -cp '' Echo"));
    }

    @Test
    void byARelativeJava() throws Exception {
        Path jdk = Files.createSymbolicLink(directory.resolve("jdk"),
                Path.of(System.getProperty("java.home")));
        Path relative = workshop.compile("relative", List.of("-cp", library.toString()),
                workshop.write("src/relative/Echo.java", Workshop.ECHO.replace(
                        ".directory(", ".java(Path.of(\"jdk/bin/java\")).directory(")));

        Workshop.assertSays(workshop.java(ACCESS, "-cp",
                relative + ":" + libraryJar + ":" + Workshop.gson(), "Echo"));
        Files.delete(jdk);
    }

    /// The exec plugin closes its loader, with the library in it, before the JVM exits.
    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix", "silent"})
    void byALoaderThatIsClosedBeforeTheJvmGoesDown(String child) throws Exception {
        Path leaving = workshop.compile("leaving", List.of("-cp", library.toString()),
                workshop.write("Leaving.java", LEAVING));

        ChildOutput parent = workshop.java(ACCESS, "-cp", "loaders", "Loading", leaving + "/",
                libraryJar.toString(), Workshop.gson().toString(), child, "Leaving");

        assertThat(parent.errorLines()).isEmpty();
        long pid = Long.parseLong(parent.lines().getFirst());
        await("the child has ended").atMost(Children.PATIENCE)
                .until(() -> ProcessHandle.of(pid).isEmpty());
    }

    private static void assertRefused(ChildOutput parent, String... words) {
        assertThat(parent.process().exitValue()).isOne();
        assertThat(String.join("\n", parent.errorLines()))
                .contains("IllegalArgumentException").contains(words);
    }
}
