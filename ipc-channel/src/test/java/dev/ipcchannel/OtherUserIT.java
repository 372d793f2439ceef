package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.ListenerChild;
import dev.ipcchannel.testing.children.RefusedChild;
import dev.ipcchannel.testing.children.ServerChild;
import dev.ipcchannel.testing.children.Strangeness;
import dev.ipcchannel.testing.children.StrangerChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The barriers against another user, each tested with those before it open.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherUserIT {

    private static final String DIRECTORY = "ipc-channel-0123456789abcdef0123456789abcdef";

    @RegisterExtension
    final Children children = new Children();

    @Test
    void anotherUsersProcessMayNotConnect() throws Exception {
        String[] otherUser = OtherUser.command();
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            ChildJvm child = children.command().under(otherUser).piped()
                    .start(RefusedChild.class, server.name());
            child.awaitExit(0);

            assertThat(child.captured().lines()).singleElement().asString()
                    .startsWith("HandshakeFailed: ").contains(server.name());
            assertThatThrownBy(() -> server.accept(Duration.ZERO)).isInstanceOf(TimedOut.class);
            assertThat(server.rejectedPeers()).isZero();
        }
    }

    @Test
    void anotherUsersProcessThatGetsThroughTheDirectoryIsTurnedAway() throws Exception {
        String[] otherUser = OtherUser.command();
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            open(children.directory());
            open(Objects.requireNonNull(Path.of(server.name()).getParent()));
            open(Path.of(server.name()));
            ChildJvm stranger = children.command().under(otherUser).piped()
                    .start(StrangerChild.class, server.name(), Strangeness.NOTHING.name());
            assertThat(stranger.captured().readLine(Children.PATIENCE)).isEqualTo("shown");

            assertThatThrownBy(() -> server.accept(Duration.ZERO)).isInstanceOf(TimedOut.class);

            assertThat(server.rejectedPeers()).isEqualTo(1);
            stranger.cue();
            stranger.awaitExit(0);
        }
    }

    @Test
    void serverOfAnotherUserIsRefused() throws Exception {
        String[] otherUser = OtherUser.command();
        open(children.directory());
        Path theirs = Files.createDirectory(children.directory().resolve("theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OtherUser.own(theirs, OtherUser.NUMBER);
        ChildJvm owner = children.command().under(otherUser).piped()
                .environment("XDG_RUNTIME_DIR", theirs.toString()).start(ServerChild.class);
        String name = String.valueOf(owner.captured().readLine(Children.PATIENCE));

        assertThatThrownBy(() -> OneShotServer.connect(name, String.class))
                .isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining("not this user's alone");

        owner.cue();
        owner.awaitExit(0);
        assertThat(Path.of(name)).doesNotExist();
    }

    @Test
    void serverOfAnotherUserInADirectoryOfOursIsRefused() throws Exception {
        String[] otherUser = OtherUser.command();
        open(children.directory());
        Path directory = Files.createDirectory(children.directory().resolve(DIRECTORY),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OtherUser.own(directory, OtherUser.NUMBER);
        Path name = directory.resolve("server");
        ChildJvm listener = children.command().under(otherUser).piped()
                .start(ListenerChild.class, name.toString());
        assertThat(listener.captured().readLine(Children.PATIENCE)).isEqualTo("listening");
        OtherUser.own(directory, 0);

        assertThatThrownBy(() -> OneShotServer.connect(name.toString(), String.class))
                .isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining("uid=" + OtherUser.NUMBER);

        listener.cue();
        listener.awaitExit(0);
        Files.delete(name);
        Files.delete(directory);
    }

    @Test
    void staleDirectoryOfAnotherUserIsNotSwept() throws Exception {
        OtherUser.command();
        Path theirs = Files.createDirectory(children.directory().resolve(DIRECTORY),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OtherUser.own(theirs, OtherUser.NUMBER);

        OneShotServer.open(String.class).close();

        assertThat(theirs).exists();
        Files.delete(theirs);
    }

    @Test
    void staleDirectoryThatItsUserMayNotOpenDoesNotKeepTheNextServerFromOpening() throws Exception {
        String[] otherUser = OtherUser.command(); // root may open everything
        open(children.directory());
        Path theirs = Files.createDirectory(children.directory().resolve("theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path stale = Files.createDirectory(theirs.resolve(DIRECTORY),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        OtherUser.own(stale, OtherUser.NUMBER);
        OtherUser.own(theirs, OtherUser.NUMBER);

        ChildJvm owner = children.command().under(otherUser).piped()
                .environment("XDG_RUNTIME_DIR", theirs.toString()).start(ServerChild.class);

        assertThat(owner.captured().readLine(Children.PATIENCE)).startsWith(theirs.toString());
        owner.cue();
        owner.awaitExit(0);
        assertThat(stale).exists();
    }

    private static void open(Path path) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
