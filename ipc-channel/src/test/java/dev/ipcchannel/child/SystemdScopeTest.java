package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The trial of a systemd scope, with a program in the place of `systemd-run`.
@Timeout(60)
class SystemdScopeTest {

    @TempDir
    private Path folder;

    private SystemdScope scope(String script) throws IOException {
        Path program = folder.resolve("systemd-run");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(folder.resolve("run/systemd"));
        Files.writeString(folder.resolve("run/systemd/private"), "");
        return new SystemdScope(program, folder.resolve("run"));
    }

    @Test
    void scopeThatShowsItsLimitHolds() throws IOException {
        assertThat(scope("echo 67108864").works()).isTrue();
    }

    @Test
    void scopeWithoutTheLimitDoesNot() throws IOException {
        assertThat(scope("echo max").works()).isFalse();
        assertThat(scope("exit 1").works()).isFalse();
        assertThat(scope("echo 67108864; exit 1").works()).isFalse();
    }

    @Test
    void userWithoutASystemdIsNotAsked() throws IOException {
        SystemdScope there = scope("echo 67108864; touch " + folder.resolve("asked"));

        assertThat(new SystemdScope(there.program(), null).works()).isFalse();
        assertThat(new SystemdScope(there.program(), folder).works()).isFalse();
        assertThat(new SystemdScope(folder.resolve("none"), there.runtime()).works()).isFalse();
        assertThat(folder.resolve("asked")).doesNotExist();
    }

    @Test
    void commandIsHeldByAProperty() throws IOException {
        assertThat(scope("").words(5_000_000)).contains("--user", "--scope",
                "--property=MemoryMax=5000000", "--property=MemorySwapMax=0").endsWith("--");
    }
}
