package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.ipcchannel.Channel;
import dev.ipcchannel.testing.children.WarmChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// Jars of the classes that children need, and an archive of the classes that most children load,
/// which a JVM maps instead of reading class by class: a child starts with little more than half
/// the work. The first JVM that starts a child after a compilation makes them for all JVMs of
/// tests.
final class ChildClasses {

    private static final Path LIBRARY = ClassFiles.rootOf(Channel.class);
    private static final Path TESTS = ClassFiles.rootOf(Children.class);
    private static final Path FOLDER = TESTS.resolveSibling("children");
    private static final Path NOTHING = FOLDER.resolve("nothing");
    private static final String SILENCE = "-Xlog:cds*=off,aot*=off";
    private static final ChildClasses MADE = make();

    private final Path library;
    private final Path tests;
    private final Path archive;

    private ChildClasses(String version) {
        this.library = FOLDER.resolve(version + "-library.jar");
        this.tests = FOLDER.resolve(version + "-tests.jar");
        this.archive = FOLDER.resolve(version + ".jsa");
    }

    /// The class path of children. It ends with an empty folder, so that a child that is itself a
    /// parent makes no archive for its own children, as with folders of classes.
    static String classPath() {
        return MADE.path();
    }

    /// The flags by which `java` uses the archive, without a message if a child's other flags do
    /// not fit it.
    static List<String> flags() {
        return List.of("-XX:SharedArchiveFile=" + MADE.archive, SILENCE);
    }

    private String path() {
        return library + ":" + tests + ":" + ClassFiles.rootOf(Gson.class) + ":" + NOTHING;
    }

    private static ChildClasses make() {
        try {
            Files.createDirectories(NOTHING);
            try (FileChannel file = FileChannel.open(FOLDER.resolve("lock"),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) {
                ChildClasses classes = new ChildClasses(version());
                if (!Files.exists(classes.archive)) {
                    classes.write();
                }
                return classes;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /// A version that changes when a class is compiled anew.
    private static String version() throws IOException {
        long hash = 0;
        for (Path source : List.of(LIBRARY, TESTS)) {
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    hash = 31 * hash + file.hashCode();
                    hash = 31 * hash + Files.getLastModifiedTime(file).hashCode();
                }
            }
        }
        return Long.toHexString(hash);
    }

    private void write() throws IOException, InterruptedException {
        removeOlderOnes();
        pack(LIBRARY, library);
        pack(TESTS, tests);
        Path half = Files.createTempFile(FOLDER, "half", ".jsa");
        Process child = new ProcessBuilder(Children.JAVA.toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:ArchiveClassesAtExit=" + half, SILENCE,
                "-cp", path(), WarmChild.class.getName())
                .redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start();
        assertThat(child.waitFor()).as("exit code of %s", child.info()).isZero();
        Files.move(half, archive); // last: it marks completeness
    }

    private static void removeOlderOnes() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(file -> file.toString().matches(".*\\.(jar|jsa)"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private static void pack(Path classes, Path jar) {
        int exitCode = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err,
                "--create", "--no-compress", "--file", jar.toString(), "-C", classes.toString(),
                "dev");
        assertThat(exitCode).as("exit code of jar").isZero();
    }
}
