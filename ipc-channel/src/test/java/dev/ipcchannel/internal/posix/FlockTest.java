package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Locks that say whether a file has an owner.
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FlockTest {

    @TempDir
    Path folder;

    /// At one moment: the first has not closed the file yet.
    @Test
    void noneWhoAsksTakesAnotherForTheOwner() throws Exception {
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
}
