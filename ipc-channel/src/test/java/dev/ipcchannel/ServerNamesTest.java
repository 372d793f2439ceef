package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The failures of `connect` for invalid names.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerNamesTest {

    private static final String DIRECTORY = "ipc-channel-0123456789abcdef0123456789abcdef";

    @RegisterExtension
    final Children children = new Children();

    @BeforeAll
    static void warmUp() throws IOException {
        // The JDK keeps a pair of sockets from its first close on.
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "server", "/", "/tmp", "/tmp/server", "channel_name:NAME",
        "/tmp/" + DIRECTORY, "/tmp/" + DIRECTORY + "/other", "/tmp/" + DIRECTORY + "/server/",
        "tmp/" + DIRECTORY + "/server", "/tmp/ipc-channel-0123/server",
        "/tmp/ipc-channel-0123456789ABCDEF0123456789ABCDEF/server",
        "/tmp/x" + DIRECTORY + "/server", "/tmp/" + DIRECTORY + "/server\n",
        "/tmp\0/" + DIRECTORY + "/server", "\ud800"})
    void malformedNameIsTheCallersMistake(String name) {
        assertThatThrownBy(() -> OneShotServer.connect(name, String.class))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void malformedNameIsRefusedWithTheFormOfAValidOne() {
        assertThatThrownBy(() -> OneShotServer.connect("nonsense", String.class))
                .hasMessageContaining("name=nonsense").hasMessageContaining("/ipc-channel-");
    }

    @Test
    void controlCharactersOfANameAreShownAsEscapes() {
        assertThatThrownBy(() -> OneShotServer.connect("\33[31m\n", String.class))
                .hasMessageContaining("name=\\u001b[31m\\u000a:");
    }

    @Test
    void nameLongerThanASocketPathMayBeIsRefusedWithTheLimit() {
        String name = "/" + "x".repeat(100) + "/" + DIRECTORY + "/server";

        assertThatThrownBy(() -> OneShotServer.connect(name, String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("107").hasMessageContaining("length=" + name.length());
    }

    @Test
    void nameOfAClosedServerFindsNoServer() {
        OneShotServer<String> server = OneShotServer.open(String.class);
        server.close();

        assertThatThrownBy(() -> OneShotServer.connect(server.name(), String.class))
                .isInstanceOf(Disconnected.class).hasMessageContaining(server.name());
    }

    @Test
    void socketWithoutAListenerFindsNoServer() throws IOException {
        Path path = ownDirectory().resolve("server");
        Sockets.listen(path.toString()).close(); // the file remains, as after a kill

        assertThatThrownBy(() -> OneShotServer.connect(path.toString(), String.class))
                .isInstanceOf(Disconnected.class);
        Files.delete(path);
        Files.delete(path.getParent());
    }

    @Test
    void socketOfAnotherKindIsRefused() throws IOException {
        Path path = ownDirectory().resolve("server");
        try (ServerSocketChannel channel =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));

            assertThatThrownBy(() -> OneShotServer.connect(path.toString(), String.class))
                    .isInstanceOf(HandshakeFailed.class).hasMessageContaining(path.toString());
        }
        Files.delete(path);
        Files.delete(path.getParent());
    }

    @Test
    void plainFileIsRefusedOrFindsNoServer() throws IOException {
        Path path = Files.createFile(ownDirectory().resolve("server"));

        assertThatThrownBy(() -> OneShotServer.connect(path.toString(), String.class))
                .isInstanceOf(IpcException.class);
        Files.delete(path);
        Files.delete(path.getParent());
    }

    @Test
    void directoryThatOthersMayEnterIsRefused() throws IOException {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            Path directory = Path.of(server.name()).getParent();
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

            assertThatThrownBy(() -> OneShotServer.connect(server.name(), String.class))
                    .isInstanceOf(HandshakeFailed.class)
                    .hasMessageContaining("not this user's alone");
        }
    }

    @Test
    void linkToADirectoryIsRefused() throws IOException {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            Path link = Files.createSymbolicLink(children.directory().resolve(DIRECTORY),
                    Path.of(server.name()).getParent());

            assertThatThrownBy(() -> OneShotServer.connect(link + "/server", String.class))
                    .isInstanceOf(HandshakeFailed.class);
            Files.delete(link);
        }
    }

    private Path ownDirectory() throws IOException {
        return Files.createDirectory(children.directory().resolve(DIRECTORY),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
