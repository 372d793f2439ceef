package dev.ipcchannel.child;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.internal.launch.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The writer of a class archive, and the archive's fate. In [ClassArchiveIT] JVMs write and read
/// archives.
@Timeout(30)
class ClassArchiveTest {

    private static final byte[] MAGIC = HexFormat.of().parseHex("a8ab0bf0");
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");
    private static final JavaRuntime JAVA = new JavaRuntime(Path.of("/jdk/bin/java"), "25+1", 25);

    @TempDir
    Path directory;

    private Path folder;
    private Path jar;

    @BeforeEach
    void makeJar() throws IOException {
        folder = directory.resolve("cache").resolve("ipc-channel");
        jar = Files.writeString(directory.resolve("app.jar"), "classes");
    }

    @Test
    void firstChildWritesAndTheNextReads() throws IOException {
        ClassArchive first = archive();
        Path written = file(first);
        assertThat(written).hasParentRaw(folder).doesNotExist();
        Files.write(written, MAGIC);

        first.ended(0, false);

        ClassArchive second = archive();
        assertThat(file(second)).isNotEqualTo(written).exists();
        assertThat(second.options()).singleElement(STRING)
                .startsWith("-XX:SharedArchiveFile=");
        second.ended(0, false);
        assertThat(file(archive())).exists();
        assertThat(written).doesNotExist();
    }

    @Test
    void othersStartWithoutWhileOneWrites() {
        ClassArchive first = archive();

        assertThat(tryArchive(List.of())).isNull();

        first.release();
        archive().release();
    }

    @Test
    void childThatEndedBadlyHasWrittenNothing() throws IOException {
        ClassArchive killed = archive();
        Files.write(file(killed), MAGIC);
        killed.ended(137, false);

        assertThat(file(killed)).doesNotExist();
        assertThat(archives()).isEmpty();
        archive().release();
    }

    @Test
    void childThatWroteNothingOrSomethingElseIsFollowedByAnother() throws IOException {
        archive().ended(0, false);
        ClassArchive second = archive();
        Files.writeString(file(second), "something else");
        second.ended(0, false);

        assertThat(archives()).isEmpty();
        archive().release();
    }

    @Test
    void archiveIsForOneClassPathOneVmAndOneSetOfFlags() throws IOException {
        ClassArchive archive = archive();
        ClassArchive otherFlags = requireNonNull(tryArchive(List.of("-Xmx1g")));
        ClassArchive otherJava = requireNonNull(ClassArchive.in(folder, List.of(jar),
                new JavaRuntime(JAVA.java(), "25.0.1+1", 25), List.of()));
        Files.setLastModifiedTime(jar, FileTime.from(LONG_AGO));
        ClassArchive otherJar = archive();

        assertThat(Stream.of(archive, otherFlags, otherJava, otherJar).map(ClassArchiveTest::file))
                .doesNotHaveDuplicates();
        Stream.of(archive, otherFlags, otherJava, otherJar).forEach(ClassArchive::release);
    }

    @Test
    void invalidArchiveIsWrittenAnew() throws IOException {
        byte[] longer = Arrays.copyOf(MAGIC, 5000);
        for (byte[] content : List.of(new byte[0], new byte[]{MAGIC[0]}, new byte[5000], longer)) {
            Path place = place();
            Files.write(place, content);

            ClassArchive again = archive();

            assertThat(file(again)).isNotEqualTo(place);
            again.release();
        }
    }

    @Test
    void archiveOfAnotherMomentIsWrittenAnew() throws IOException {
        Path place = place();
        Files.setLastModifiedTime(place, FileTime.from(LONG_AGO));

        ClassArchive again = archive();

        assertThat(file(again)).isNotEqualTo(place);
        again.release();
    }

    @Test
    void archiveUnderWhichAChildHasCrashedIsWrittenAnew() throws IOException {
        Path place = place();
        archive().ended(1, false); // by itself
        assertThat(place).exists();

        ClassArchive crashed = archive();
        crashed.ended(1, true);

        assertThat(place).doesNotExist();
        ClassArchive again = archive();
        Files.write(file(again), MAGIC);
        again.ended(0, false);
        assertThat(file(archive())).isEqualTo(place);
    }

    @Test
    void archiveThatHasComeInPlaceOfTheOneOfACrashStays() throws IOException {
        Path place = place();
        ClassArchive late = archive();
        archive().ended(1, true);
        ClassArchive writer = archive();
        Files.write(file(writer), Arrays.copyOf(MAGIC, 5000));
        writer.ended(0, false);

        late.ended(1, true);

        assertThat(place).hasSize(5000);
    }

    @Test
    void directoryInThePlaceOfAFileMakesNoStartFail() throws IOException {
        Path place = place();
        for (String name : List.of("", ".new", ".lock")) {
            Path directoryThere = Path.of(place + name);
            Files.deleteIfExists(directoryThere);
            Files.createDirectories(directoryThere.resolve("inner"));
            ClassArchive archive = tryArchive(List.of());
            if (archive != null) {
                archive.release();
            }
            Files.delete(directoryThere.resolve("inner"));
            Files.delete(directoryThere);
        }
        archive().release();
    }

    @Test
    void folderThatCannotBeMadeMeansNoArchive() throws IOException {
        assertThat(ClassArchive.in(Path.of("/proc/ipc-channel"), List.of(jar), JAVA, List.of()))
                .isNull();
        assertThat(ClassArchive.in(jar, List.of(jar), JAVA, List.of())).isNull();
        assertThat(ClassArchive.in(folder, List.of(directory.resolve("missing.jar")), JAVA,
                List.of())).isNull();
    }

    @Test
    void classesInFoldersAndOlderJvmsHaveNone() {
        assertThat(ClassArchive.of(Program.of(ClassArchiveTest.class), JAVA, List.of())).isNull();
        assertThat(ClassArchive.of(new Program.Jar(directory), JAVA, List.of())).isNull();
        assertThat(ClassArchive.of(new Program.Jar(jar), new JavaRuntime(JAVA.java(), "21+1", 21),
                List.of())).isNull();
        assertThat(ClassArchive.of(new Program.Jar(jar), new JavaRuntime(JAVA.java(), "", 0),
                List.of())).isNull();
    }

    @Test
    void archivesUsedLongAgoMakeRoom() throws IOException {
        Files.createDirectories(folder);
        Path oldest = large("oldest.jsa", LONG_AGO);
        Path old = large("old.jsa", LONG_AGO.plus(Duration.ofDays(1)));
        Path fresh = large("fresh.jsa", LONG_AGO.plus(Duration.ofDays(2)));
        Path another = large("another.txt", LONG_AGO);

        archive().release();

        assertThat(oldest).doesNotExist();
        assertThat(old).exists();
        assertThat(fresh).exists();
        assertThat(another).exists();
    }

    @Test
    void whatAKilledWriterHasLeftGoes() throws IOException {
        ClassArchive archive = archive();
        Files.write(file(archive), MAGIC);
        archive.release(); // really done by the kernel

        assertThat(file(archive())).doesNotExist();
    }

    /// An archive with a length of two fifths of the limit, most of it holes.
    private Path large(String name, Instant lastUse) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(ClassArchive.MAX_FOLDER_BYTES / 5 * 2);
        }
        Files.getFileAttributeView(file, BasicFileAttributeView.class)
                .setTimes(FileTime.from(lastUse), FileTime.from(lastUse), null);
        return file;
    }

    /// The place of a finished archive.
    private Path place() throws IOException {
        ClassArchive first = archive();
        Files.write(file(first), MAGIC);
        first.ended(0, false);
        return archives().getFirst();
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    private ClassArchive archive() {
        return requireNonNull(tryArchive(List.of()));
    }

    private @Nullable ClassArchive tryArchive(List<String> flags) {
        return ClassArchive.in(folder, List.of(jar), JAVA, flags);
    }

    private static Path file(ClassArchive archive) {
        return Path.of(archive.options().getLast().replace("-XX:SharedArchiveFile=", ""));
    }
}
