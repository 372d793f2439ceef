package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The directory of a user: all the user's processes find the same one, and one that cannot be used
/// is never passed over.
@Timeout(30)
class RuntimeDirectoryTest {

    private static final String UID = Integer.toUnsignedString(Users.effective());

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void systemHasBothFolders() throws Exception {
        Path _ = Files.createDirectories(folder.resolve("run"));
        Path _ = Files.createDirectories(folder.resolve("tmp"));
    }

    private RuntimeDirectory find(@Nullable String property) {
        return RuntimeDirectory.find(property, variables::get, folder.resolve("run"),
                folder.resolve("tmp"));
    }

    private Path made(String name) throws Exception {
        return Files.createDirectory(folder.resolve(name), PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void firstThatIsReportedCounts() throws Exception {
        Path runtime = made("runtime");
        assertThat(find(null).path()).isEqualTo(folder.resolve("tmp/ipc-channel-" + UID));
        Path _ = made("run/" + UID);
        assertThat(find(null).path()).isEqualTo(folder.resolve("run/" + UID + "/ipc-channel"));
        variables.put("XDG_RUNTIME_DIR", runtime.toString());
        assertThat(find(null).path()).isEqualTo(runtime.resolve("ipc-channel"));
        variables.put("IPC_CHANNEL_DIR", folder.resolve("variable").toString());
        assertThat(find(null).path()).isEqualTo(folder.resolve("variable"));
        assertThat(find(folder.resolve("property").toString()).path())
                .isEqualTo(folder.resolve("property"));
    }

    @Test
    void emptyOneIsNotReported() {
        variables.put("IPC_CHANNEL_DIR", folder.resolve("variable").toString());

        assertThat(find("").path()).isEqualTo(folder.resolve("variable"));
        variables.put("IPC_CHANNEL_DIR", "");
        assertThat(find("").path()).isEqualTo(folder.resolve("tmp/ipc-channel-" + UID));
    }

    @Test
    void itIsThisUsersAlone() {
        assertThat(Users.ownAlone(find(null).path())).isTrue();
        assertThat(find(null)).isEqualTo(find(null));
    }

    @Test
    void runtimeDirectoryThatIsMissingIsNone() {
        variables.put("XDG_RUNTIME_DIR", folder.resolve("missing").toString());

        assertThat(find(null).path()).isEqualTo(folder.resolve("tmp/ipc-channel-" + UID));
        assertThat(find(null).source())
                .isEqualTo("the default, since XDG_RUNTIME_DIR is no directory");
    }

    @Test
    void oneThatOthersMayEnterIsRefused() throws Exception {
        Path planted = Files.createDirectory(folder.resolve("tmp/ipc-channel-" + UID));
        Path _ = Files.setPosixFilePermissions(planted,
                PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> find(null)).isInstanceOf(MeetingException.class)
                .hasMessage(
                        ("processes cannot meet in %s (the default): others may enter it: mode=755:"
                                + " chmod 700 it, or set IPC_CHANNEL_DIR to a directory of this"
                                + " user's alone")
                                .formatted(planted));
    }

    /// The directory may belong to any user, such as `/tmp`: closing it would shut others out.
    @ParameterizedTest
    @ValueSource(ints = {01777, 0755})
    void oneThatIsSetAndOpenToOthersIsNotToBeClosed(int mode) throws Exception {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Path _ = Files.setAttribute(shared, "unix:mode", mode);

        assertThatThrownBy(() -> find(shared.toString())).isInstanceOf(MeetingException.class)
                .hasMessage("processes cannot meet in %s (ipc.directory): others may enter it:"
                        .formatted(shared)
                        + " mode=%o: set ipc.directory to a directory of this"
                                .formatted(mode)
                        + " user's alone (mkdir -m 700 %s/ipc-channel-%s)".formatted(shared, UID));
    }

    @Test
    void linkIsRefused() throws Exception {
        Path _ = Files.createSymbolicLink(folder.resolve("tmp/ipc-channel-" + UID), made("other"));

        assertThatThrownBy(() -> find(null)).isInstanceOf(MeetingException.class)
                .hasMessageEndingWith(
                        ": it is a link: set IPC_CHANNEL_DIR to the directory itself");
    }

    @Test
    void fileIsRefused() throws Exception {
        Path _ = Files.createFile(folder.resolve("tmp/ipc-channel-" + UID));

        assertThatThrownBy(() -> find(null)).isInstanceOf(MeetingException.class)
                .hasMessageEndingWith(": it is a file, and no directory: set IPC_CHANNEL_DIR to a"
                        + " directory of this user's alone");
    }

    @Test
    void oneThatIsSetAndCannotBeMadeIsRefused() {
        String said = folder.resolve("no/such/folder").toString();

        assertThatThrownBy(() -> find(said)).isInstanceOf(MeetingException.class)
                .hasMessage("processes cannot meet in %s (ipc.directory): the folder in which it is"
                        .formatted(said) + " to be made does not exist: make "
                        + folder.resolve("no/such") + " first");
    }

    @Test
    void oneWhosePathIsTooLongForSocketsIsRefusedWithWhatIsLeft() {
        String longest = "/tmp/" + "d".repeat(RuntimeDirectory.MAX_LENGTH - "/tmp/".length());
        String longer = longest + "d";

        assertThat(NameFolder.of(new RuntimeDirectory(Path.of(longest), "a test"),
                NameKind.BROADCAST, "words").socket("0123456789abcdef").toString())
                .hasSize(Sockets.MAX_PATH);
        assertThatThrownBy(() -> find(longer)).isInstanceOf(MeetingException.class)
                .hasMessage(
                        "processes cannot meet in %s (ipc.directory): its path is too long for the"
                                .formatted(longer) + " sockets in it: bytes=62, at most=61: set"
                                + " ipc.directory to a shorter path");
    }

    @Test
    void oneThatIsAFileOfTheSystemsIsRefused() {
        assertThatThrownBy(() -> find("/proc/ipc-channel")).isInstanceOf(MeetingException.class)
                .hasMessage("processes cannot meet in /proc/ipc-channel (ipc.directory): it cannot"
                        + " be made: its file system takes no folders: set"
                        + " ipc.directory to a directory of this user's alone");
    }
}
