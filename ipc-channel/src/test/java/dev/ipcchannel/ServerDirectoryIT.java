package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.LateServer;
import dev.ipcchannel.testing.children.ServerChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The directory of a server's socket: its owner, and its removal.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerDirectoryIT {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void directoryIsItsUsersAlone() throws IOException {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            Path directory = Path.of(server.name()).getParent();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void directoryIsGoneAfterTheClose() {
        OneShotServer<String> server = OneShotServer.open(String.class);
        server.close();

        assertThat(Path.of(server.name()).getParent()).doesNotExist();
    }

    @Test
    void directoryIsGoneAfterTheAccept() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
            client.send("hello");
            server.accept(Children.PATIENCE);

            assertThat(Path.of(server.name()).getParent()).doesNotExist();
        }
    }

    @Test
    void directoryIsGoneAfterTheEndOfTheJvm() throws Exception {
        ChildJvm owner = children.command().piped().start(ServerChild.class);
        Path directory = directoryOf(owner);
        assertThat(directory).isDirectory();

        owner.cue();
        owner.awaitExit(0);

        assertThat(directory).doesNotExist();
    }

    /// The check for leftovers comes after each test.
    @Test
    void serversWorkInAShutdownHookAndTheirDirectoriesAreGoneAfterTheEndOfTheJvm()
            throws Exception {
        ChildJvm owner = children.command().piped().start(LateServer.class);

        owner.awaitExit(0);

        assertThat(owner.captured().lines()).containsExactly("served", "served", "true");
    }

    @Test
    void directoryOfAKilledOwnerIsSweptByTheNextServerAndThatOfALivingOneIsNot() throws Exception {
        ChildJvm killed = children.command().piped().start(ServerChild.class);
        ChildJvm living = children.command().piped().start(ServerChild.class);
        ChildJvm stopped = children.command().piped().start(ServerChild.class);
        Path stale = directoryOf(killed);
        Path used = directoryOf(living);
        Path still = directoryOf(stopped);
        stopped.signal("STOP");
        killed.kill();
        assertThat(stale).isDirectory();

        ChildJvm next = children.command().piped().start(ServerChild.class);
        Path own = directoryOf(next);

        assertThat(stale).doesNotExist();
        assertThat(used.resolve("server")).exists();
        assertThat(still.resolve("server")).exists();
        assertThat(own.resolve("server")).exists();
        stopped.signal("CONT");
        for (ChildJvm owner : new ChildJvm[]{living, stopped, next}) {
            owner.cue();
            owner.awaitExit(0);
        }
    }

    @Test
    void serverNeedsADirectoryThatItCanWriteTo() throws Exception {
        ChildJvm child = children.command().piped()
                .environment("XDG_RUNTIME_DIR", "/proc/nowhere")
                .flags("-Djava.io.tmpdir=/proc/nothing").start(ServerChild.class);

        child.awaitExit(ServerChild.REFUSED);

        assertThat(child.captured().lines()).singleElement().asString()
                .startsWith("ResourceExhausted: ")
                .contains("/proc/nowhere", "/proc/nothing", "set XDG_RUNTIME_DIR");
    }

    @Test
    void runtimeDirectoryThatOthersMayEnterIsPassedOver() throws Exception {
        Path open = Files.createDirectory(children.directory().resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path temporary = Files.createDirectory(children.directory().resolve("tmp"));

        ChildJvm owner = children.command().piped()
                .environment("XDG_RUNTIME_DIR", open.toString())
                .flags("-Djava.io.tmpdir=" + temporary).start(ServerChild.class);

        assertThat(directoryOf(owner)).hasParent(temporary);
        owner.cue();
        owner.awaitExit(0);
    }

    @Test
    void runtimeDirectoryWithATooLongPathIsPassedOver() throws Exception {
        Path deep = Files.createDirectory(children.directory().resolve("d".repeat(80)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path temporary = Files.createDirectory(children.directory().resolve("tmp"));

        ChildJvm owner = children.command().piped()
                .environment("XDG_RUNTIME_DIR", deep.toString())
                .flags("-Djava.io.tmpdir=" + temporary).start(ServerChild.class);

        assertThat(directoryOf(owner)).hasParent(temporary);
        owner.cue();
        owner.awaitExit(0);
    }

    @Test
    void runtimeDirectoryThatTheLocaleHasNoNameForIsPassedOver() throws Exception {
        Path temporary = Files.createDirectory(children.directory().resolve("tmp"));
        String unnameable = "XDG_RUNTIME_DIR=$(printf '/tmp/\\303\\274') exec \"$@\"";

        ChildJvm owner = children.command().under("sh", "-c", unnameable, "sh").piped()
                .environment("LC_ALL", "C")
                .flags("-Djava.io.tmpdir=" + temporary).start(ServerChild.class);

        assertThat(directoryOf(owner)).hasParent(temporary);
        owner.cue();
        owner.awaitExit(0);
    }

    @Test
    void clientOfAKilledServerFindsNoServer() throws Exception {
        ChildJvm owner = children.command().piped().start(ServerChild.class);
        String name = directoryOf(owner).resolve("server").toString();
        owner.kill();

        assertThatThrownBy(() -> OneShotServer.connect(name, String.class))
                .isInstanceOf(Disconnected.class).hasMessageContaining(name);
        OneShotServer.open(String.class).close(); // sweeps
    }

    private static Path directoryOf(ChildJvm owner) throws InterruptedException {
        String name = owner.captured().readLine(Children.PATIENCE);
        assertThat(name).as("name of the server in %s", owner).isNotNull().startsWith("/");
        return Objects.requireNonNull(Path.of(String.valueOf(name)).getParent());
    }
}
