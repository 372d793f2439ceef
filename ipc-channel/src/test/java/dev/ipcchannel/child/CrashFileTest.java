package dev.ipcchannel.child;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The folder of crash files and its limit. In [CrashFileIT] JVMs crash.
@Timeout(30)
class CrashFileTest {

    private static final int NOBODY = 2_000_000_000; // beyond the kernel's limit of pids

    @TempDir
    Path directory;

    private Path folder;

    @BeforeEach
    void nameFolder() {
        folder = directory.resolve("state").resolve("crashes");
    }

    @Test
    void oldestBeyondTheNumberGo() throws IOException {
        CrashFile own = file();
        List<Path> files = IntStream.range(0, CrashFile.MAX_FILES + 3)
                .mapToObj(i -> crash(NOBODY, Duration.ofHours(1000 - i), 10)).toList();

        own.sweep();

        assertThat(crashes()).containsExactlyInAnyOrderElementsOf(files.subList(3, files.size()));
    }

    @Test
    void oldestBeyondTheBytesGo() throws IOException {
        CrashFile own = file();
        List<Path> files = IntStream.range(0, 5).mapToObj(
                i -> crash(NOBODY, Duration.ofHours(1000 - i), CrashFile.MAX_FOLDER_BYTES / 3))
                .toList();

        own.sweep();

        assertThat(crashes()).containsExactlyInAnyOrderElementsOf(files.subList(2, 5));
    }

    @Test
    void startSweeps() throws IOException {
        CrashFile _ = file();
        Path old = crash(NOBODY, Duration.ofHours(2), CrashFile.MAX_FOLDER_BYTES);
        Path fresh = crash(NOBODY, Duration.ofHours(1), 1);

        CrashFile _ = file();

        assertThat(crashes()).containsExactly(fresh).doesNotContain(old);
    }

    @Test
    void youngAndThoseOfRunningJvmsStay() throws IOException {
        CrashFile own = file();
        long tooLong = CrashFile.MAX_FOLDER_BYTES + 1;
        long here = ProcessHandle.current().pid();
        Path young = crash(NOBODY, Duration.ofSeconds(1), tooLong);
        Path running = crash(here, Duration.ofHours(1), 1);
        Path reused = crash(here, Duration.ofDays(3), 1);
        Path dead = crash(NOBODY, Duration.ofMinutes(2), 1);
        Path ahead = crash(NOBODY, Duration.ofDays(-1), tooLong); // the clock was set back

        own.sweep();

        assertThat(crashes()).containsExactlyInAnyOrder(young, running)
                .doesNotContain(reused, dead, ahead);
    }

    @Test
    void whatIsNoneOfOursStays() throws IOException {
        CrashFile own = file();
        Path notes = Files.writeString(folder.resolve("notes"), "mine");
        Path plain = Files.writeString(folder.resolve("hs_err_pid1.log"), "mine");
        Path target = Files.writeString(directory.resolve("target"), "mine");
        Path link = Files.createSymbolicLink(name(NOBODY), target);
        Path inside = Files.createDirectory(name(NOBODY));
        for (Path old : List.of(notes, plain, target, inside)) {
            age(old, Duration.ofDays(900));
        }
        Path crash = crash(NOBODY, Duration.ofHours(1), CrashFile.MAX_FOLDER_BYTES + 1);

        own.sweep();

        assertThat(crash).doesNotExist();
        assertThat(List.of(notes, plain, target, link, inside)).allMatch(Files::exists);
    }

    @Test
    void crowdOfSweepersDeletesNoMoreThanOne() throws Exception {
        int crowd = 8;
        CrashFile own = file();
        List<Path> files = IntStream.range(0, 3 * CrashFile.MAX_FILES)
                .mapToObj(i -> crash(NOBODY, Duration.ofHours(1000 - i), 10)).toList();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(crowd)) {
            List<Future<?>> sweepers = new ArrayList<>();
            for (int i = 0; i < crowd; i++) {
                sweepers.add(threads.submit(() -> {
                    start.await();
                    own.sweep();
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> sweeper : sweepers) {
                assertThat(sweeper.get()).isNull();
            }
        }

        assertThat(crashes()).containsExactlyInAnyOrderElementsOf(
                files.subList(2 * CrashFile.MAX_FILES, files.size()));
    }

    @Test
    void eachChildFindsItsOwn() throws IOException {
        CrashFile one = file();
        CrashFile other = file();
        assertThat(one.find()).isNull();
        Path crash = Path.of(new String(one.option(), StandardCharsets.UTF_8)
                .replace("-XX:ErrorFile=", "").replace("%p", "7"));
        Files.writeString(crash, "# A fatal error");

        assertThat(one.find()).isEqualTo(crash);
        assertThat(other.find()).isNull();
    }

    @Test
    void folderIsItsUsersAlone() throws IOException {
        CrashFile _ = file();
        assertThat(Files.getPosixFilePermissions(folder))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(CrashFile.in(folder)).isNull();

        Path own = directory.resolve("own");
        assertThat(CrashFile.in(own)).isNotNull();
        Path link = Files.createSymbolicLink(directory.resolve("link"), own);
        assertThat(CrashFile.in(link)).isNull();
        assertThat(CrashFile.in(Path.of("/proc/crashes"))).isNull();
        assertThat(CrashFile.in(Files.createFile(directory.resolve("file")))).isNull();
    }

    @Test
    void folderGoneIsNoError() throws IOException {
        CrashFile own = file();
        Files.delete(folder);

        own.sweep();

        assertThat(own.find()).isNull();
    }

    @Test
    void placeIsThatOfTheUser() {
        assertThat(UserFolder.of("/state", "/home/me", ".local/state"))
                .isEqualTo(Path.of("/state/ipc-channel"));
        assertThat(UserFolder.of("relative", directory.toString(), ".local/state"))
                .isEqualTo(directory.resolve(".local/state/ipc-channel"));
        assertThat(UserFolder.of("/a\0b", directory.toString(), ".local/state")).isNull();
    }

    @Test
    void nothingIsMadeWhereThereIsNoHome() throws IOException {
        Path missing = directory.resolve("missing");
        Path file = Files.createFile(directory.resolve("file"));

        for (String none : List.of("?", "", "relative", missing.toString(), file.toString(),
                "/a\0b")) {
            assertThat(UserFolder.of(null, none, ".local/state")).as(none).isNull();
        }
        assertThat(missing).doesNotExist();
    }

    private CrashFile file() {
        return requireNonNull(CrashFile.in(folder));
    }

    private Path name(long pid) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return folder.resolve("hs_err_pid%d-%016x.log".formatted(pid, files.count()));
        }
    }

    private Path crash(long pid, Duration age, long length) {
        try {
            Path file = Files.createFile(name(pid));
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(length); // a hole
            }
            age(file, age);
            return file;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private List<Path> crashes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log")).toList();
        }
    }
}
