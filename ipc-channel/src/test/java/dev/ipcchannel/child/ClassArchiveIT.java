package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ObedientChild;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// JVMs that write a class archive once and read it from then on, without visible effects of a
/// failure.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassArchiveIT {

    private static final String HELLO = """
            public class Hello {
                public static void main(String[] arguments) {
                    System.out.println("hello");
                }
            }
            """;
    private static final int HEAD_BYTES = 8192; // and more: what a JVM checks
    private static final String WELL = "0 [hello] []";

    @RegisterExtension
    final Children children = new Children();

    @TempDir
    Path directory;

    private Path jar;
    private Path folder;

    @BeforeEach
    void makeProgram() throws IOException {
        Workshop workshop = new Workshop(directory);
        Path source = workshop.write("Hello.java", HELLO);
        jar = workshop.jar(workshop.compile("hello", List.of(), source), "Hello");
        folder = directory.resolve("ipc-channel");
    }

    @Test
    void archiveIsMadeOnceAndReadFromThenOnWhateverHappensToIt() throws Exception {
        try (ChildLink<String, String> parent = startParent(directory)) {
            assertThat(ask(parent, "run")).isEqualTo(WELL);
            assertThat(isFromArchive()).isFalse();
            Path archive = archive();
            byte[] whole = Files.readAllBytes(archive);

            assertThat(ask(parent, "run")).isEqualTo(WELL);
            assertThat(isFromArchive()).isTrue();
            assertThat(archive()).hasBinaryContent(whole);

            cut(archive, whole.length / 2);
            assertRunsTwice(parent);
            cut(archive, 100);
            assertRunsTwice(parent);
            cut(archive, 0);
            assertRunsTwice(parent);
            Files.writeString(archive, "garbage".repeat(10_000));
            assertRunsTwice(parent);
            Files.delete(archive);
            Files.createDirectories(archive.resolve("directory"));
            assertThat(ask(parent, "run")).isEqualTo(WELL);
            assertThat(archive).isDirectory();
        }
    }

    /// Damaged as by a disk: its length, its time and its beginning are unchanged.
    @Test
    void archiveUnderWhichAChildCrashesIsMadeAnew() throws Exception {
        try (ChildLink<String, String> parent = startParent(directory)) {
            assertThat(ask(parent, "run")).isEqualTo(WELL);
            Path archive = archive();
            FileTime time = Files.getLastModifiedTime(archive);
            byte[] broken = Files.readAllBytes(archive);
            Arrays.fill(broken, HEAD_BYTES, broken.length, (byte) 0);
            Files.write(archive, broken);
            Files.setLastModifiedTime(archive, time);

            assertThat(ask(parent, "run")).startsWith("1 [").contains("SIG");
            assertThat(archive).doesNotExist();

            assertRunsTwice(parent);
        }
    }

    @Test
    void crowdOfFirstChildrenMakesOneArchive() throws Exception {
        try (ChildLink<String, String> parent = startParent(directory);
                ChildLink<String, String> another = startParent(directory)) {
            another.send("crowd " + jar);
            String well = String.join("; ", WELL, WELL, WELL);

            assertThat(ask(parent, "crowd")).isEqualTo(well);
            assertThat(another.receive(Children.PATIENCE)).isEqualTo(well);

            assertThat(ask(parent, "run")).isEqualTo(WELL);
            assertThat(isFromArchive()).isTrue();
            assertThat(archive()).isRegularFile();
            assertThat(folder).isDirectoryNotContaining("glob:**.new");
        }
    }

    @Test
    void folderThatCannotBeWrittenIsDoneWithout() throws Exception {
        try (ChildLink<String, String> parent = startParent(Path.of("/proc"))) {
            assertThat(ask(parent, "run")).isEqualTo(WELL);
        }
    }

    private void assertRunsTwice(ChildLink<String, String> parent) throws Exception {
        assertThat(ask(parent, "run")).isEqualTo(WELL); // and writes a new one as it ends
        assertThat(ask(parent, "run")).isEqualTo(WELL);
        assertThat(isFromArchive()).isTrue();
    }

    private static ChildLink<String, String> startParent(Path cache) throws InterruptedException {
        return ChildJvm.of(ObedientChild.class).environment("XDG_CACHE_HOME", cache.toString())
                .environment("XDG_STATE_HOME", cache.toString())
                .output(Output.capture()).start(String.class, String.class);
    }

    private String ask(ChildLink<String, String> parent, String order)
            throws InterruptedException {
        parent.send(order + " " + jar);
        return parent.receive(Children.PATIENCE);
    }

    private boolean isFromArchive() throws IOException {
        return Files.readString(Path.of(jar + ".log"), StandardCharsets.UTF_8)
                .contains(" Hello source: shared objects file (top)");
    }

    /// The only archive.
    private Path archive() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> archives =
                    files.filter(file -> file.toString().endsWith(".jsa")).toList();
            assertThat(archives).hasSize(1);
            return archives.getFirst();
        }
    }

    private static void cut(Path file, long length) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(length);
        }
    }
}
