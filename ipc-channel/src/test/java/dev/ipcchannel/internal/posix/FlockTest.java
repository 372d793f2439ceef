package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Locks that show whether a file has an owner.
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FlockTest {

    @TempDir
    Path folder;

    /// At one moment the first process has not closed the file yet.
    @Test
    void noProcessTakesAnotherThatLooksForTheOwner() throws Exception {
        String path = Files.createFile(folder.resolve("dead")).toString();
        try (Descriptor one = Flock.open(path); Descriptor other = Flock.open(path)) {
            assertThat(one).isNotNull();
            assertThat(other).isNotNull();
            assertThat(Flock.isOwned(one, path)).isFalse();

            assertThat(Flock.isOwned(other, path)).isFalse();
        }
    }

    @Test
    void ownerIsSeenByAll() {
        String path = folder.resolve("owned").toString();
        try (Descriptor owner = Flock.createLocked(path); Descriptor one = Flock.open(path);
                Descriptor other = Flock.open(path)) {
            assertThat(owner).isNotNull();
            assertThat(one).isNotNull();
            assertThat(other).isNotNull();

            assertThat(Flock.isOwned(one, path)).isTrue();
            assertThat(Flock.isOwned(other, path)).isTrue();
        }
    }

    @Test
    void fileOfTheSameNumberInAnotherFileSystemIsAnother() {
        Path proc = Path.of("/proc");
        Path sys = Path.of("/sys");
        FileState one = Objects.requireNonNull(FileState.at(proc));
        FileState other = Objects.requireNonNull(FileState.at(sys));
        assertThat(one.inode()).as("roots of file systems").isEqualTo(other.inode());

        try (Descriptor open = Objects.requireNonNull(Flock.open("/proc"))) {
            assertThat(Flock.isAt(proc, open)).isTrue();
            assertThat(Flock.isAt(sys, open)).isFalse();
        }
        assertThat(one.nameOfLock()).isNotEqualTo(other.nameOfLock());
    }

    @Test
    void kernelListsALockByItsName() throws Exception {
        try (Descriptor locked = Objects.requireNonNull(Flock.openLocked(folder.toString()))) {
            String name = FileState.of(locked).nameOfLock();
            assertThat(Files.readAllLines(Path.of("/proc/locks")))
                    .anyMatch(line -> line.contains(" " + name + " "));
        }
    }
}
