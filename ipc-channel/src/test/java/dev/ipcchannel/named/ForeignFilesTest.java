package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.OwnNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A user's own files in a directory of names: whatever their names and folders, they are kept, and
/// only files of dead members are removed.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignFilesTest {

    private static final String DIGITS = "0123456789abcdef";
    private static final List<String> KINDS = List.of("channel", "service", "signal", "broadcast");

    @RegisterExtension
    final OwnNames names = OwnNames.swept();

    private Path folder(String name, String rights) throws IOException {
        Path folder = Files.createDirectories(names.directory().resolve(name));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
    }

    private static void fill(Path folder) throws IOException {
        for (String name : List.of("main.c", "todo", "x.lock", DIGITS, DIGITS + ".s", "." + DIGITS,
                DIGITS.toUpperCase(Locale.ROOT), DIGITS + "0", ".hidden", "a.s")) {
            Path _ = Files.writeString(folder.resolve(name), "a user's\n");
        }
        Path below = Files.createDirectories(folder.resolve("service-" + DIGITS));
        Path _ = Files.writeString(below.resolve(DIGITS), "a user's\n");
        Path _ = Files.createFile(folder.resolve("empty"));
        Path _ = Files.createSymbolicLink(folder.resolve("link"), Path.of("main.c"));
        Path _ = Files.createSymbolicLink(folder.resolve("1123456789abcdef"), Path.of("main.c"));
    }

    /// Each path with its contents.
    private Map<String, String> all() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(names.directory())) {
            for (Path path : paths.toList()) {
                String text = Files.isSymbolicLink(path) ? "-> " + Files.readSymbolicLink(path)
                        : Files.isRegularFile(path) ? Files.readString(path) : "a folder";
                String _ = all.put(path.toString(), text);
            }
        }
        return all;
    }

    private static void useAllKinds() throws Exception {
        NamedReceiver.open("words", String.class).close();
        NamedService.serve("words", String.class, String.class, (word, _) -> word).close();
        NamedSignal.open("words").close();
        IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.RECEIVER).close();
        int _ = IpcChannel.clearStorage("words");
        assertThat(NamedDirectory.list()).isEmpty();
    }

    @Test
    void listAndOpenRemoveNothingOfAUsersFiles() throws Exception {
        fill(names.directory());
        for (String kind : KINDS) {
            fill(folder(kind + "-api", "rwx------"));
            fill(folder(kind + "-" + DIGITS, "rwx------"));
            Path _ = folder(kind + "-", "rwx------");
            Path _ = folder(kind + "-empty", "rwx------");
            Path _ = folder(kind + "-" + DIGITS + "0", "rwx------");
            Path _ = folder(kind + "-1123456789abcdef", "rwxr-xr-x"); // ours are private
        }
        Map<String, String> before = all();

        assertThat(NamedDirectory.list()).isEmpty();
        assertThat(all()).as("after a look").isEqualTo(before);

        useAllKinds();
        assertThat(all()).as("after names were open").isEqualTo(before);
    }

    @Test
    void filesInTheFolderOfAnOpenNameStay() throws Exception {
        Map<String, String> before;
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            try (Stream<Path> folders = Files.list(names.directory())) {
                fill(folders.findFirst().orElseThrow());
            }
            before = all();

            try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
                sender.send("still met");
                assertThat(receiver.receive()).isEqualTo("still met");
                assertThat(NamedDirectory.list()).hasSize(2);
            }
            assertThat(all()).as("while it is open").isEqualTo(before);
        }
        before.entrySet().removeIf(file -> file.getValue().startsWith("ipc-channel name 1")
                || isSocket(Path.of(file.getKey())));
        assertThat(NamedDirectory.list()).isEmpty();
        assertThat(all()).as("after its close").isEqualTo(before);
    }

    /// A path that is gone by now was the member's.
    private static boolean isSocket(Path path) {
        return !Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && path.toString().endsWith(".s");
    }
}
