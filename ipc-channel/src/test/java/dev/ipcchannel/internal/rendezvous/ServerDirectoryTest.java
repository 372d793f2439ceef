package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.ExitFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The folder of a server, as its clients see it.
@Timeout(60)
class ServerDirectoryTest {

    private static final int ROUNDS = 5_000;

    @Test
    void folderThatGoesWhileAClientLooksAtItIsNotTakenForAnothers(@TempDir Path base)
            throws Exception {
        FileAttribute<?> own = PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        AtomicReference<Path> newest = new AtomicReference<>(base.resolve("none yet"));
        CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
            try {
                for (int round = 0; round < ROUNDS; round++) { // no name comes twice
                    Path folder = Files.createDirectory(base.resolve("server-" + round), own);
                    newest.set(folder);
                    Files.delete(folder);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });

        while (!server.isDone()) {
            Path folder = newest.get();
            assertThat(ServerDirectory.isTrustworthy(folder.resolve("server").toString()))
                    .as("%s", folder).isTrue();
        }
        server.get(1, TimeUnit.SECONDS);
    }

    @Test
    void folderThatSomethingHasCleanedUpIsMadeAgain(@TempDir Path base) throws Exception {
        ServerDirectory directory = create(base);
        Path folder = Path.of(directory.path());
        assertThat(directory.restore()).isTrue();
        assertThat(folder).isEmptyDirectory();

        Files.delete(folder);
        assertThat(directory.restore()).isTrue();

        assertThat(folder).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        directory.close();
        assertThat(folder).doesNotExist();
    }

    @Test
    void folderThatIsMadeAgainIsNoDeadProcessesFolder(@TempDir Path base) throws Exception {
        try (ServerDirectory directory = create(base)) {
            Path folder = Path.of(directory.path());
            Files.delete(folder);
            assertThat(directory.restore()).isTrue();

            create(base).close(); // sweeps away what is not locked

            assertThat(folder).isEmptyDirectory();
        }
    }

    /// A shutdown hook of a process that halts meanwhile would make it: nothing would remove it.
    @Test
    void folderThatIsClosedIsNotMadeAgain(@TempDir Path base) {
        ServerDirectory directory = create(base);
        directory.close();

        assertThat(directory.restore()).isFalse();

        assertThat(base).isEmptyDirectory();
    }

    @Test
    void folderThatCannotBeMadeAgainIsNotThere(@TempDir Path base) throws Exception {
        Path gone = Files.createDirectory(base.resolve("gone"));
        try (ServerDirectory directory = create(gone)) {
            Files.delete(Path.of(directory.path()));
            Files.delete(gone);

            assertThat(directory.restore()).isFalse();
        }
    }

    @Test
    void serversLeaveNoName(@TempDir Path base) {
        int before = ExitFiles.count();
        ServerDirectory there = create(base);
        assertThat(ExitFiles.count()).isEqualTo(before + 1);

        for (int server = 0; server < 100; server++) {
            create(base).close();
        }

        assertThat(ExitFiles.count()).isEqualTo(before + 1);
        there.close();
        assertThat(ExitFiles.count()).isEqualTo(before);
    }

    private static ServerDirectory create(Path base) {
        return ServerDirectory.create(List.of(new ServerDirectory.Base(base.toString(), false)));
    }
}
