package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file in the folder of a name, locked by a process of the same user, that is no entry of the
/// name: it keeps no member from the name.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrayFilesTest {

    private static final String STRAY = "00000000000000aa";

    @RegisterExtension
    final Children children = new Children();

    private RuntimeDirectory directory = new RuntimeDirectory(Path.of(""), "a test");

    @BeforeEach
    void directoryIsOurs() throws Exception {
        Path path = Files.createDirectory(children.directory().resolve("names"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(RuntimeDirectory.PROPERTY, path.toString());
        directory = new RuntimeDirectory(path, "a test");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        System.clearProperty(RuntimeDirectory.PROPERTY);
        try (Stream<Path> files = Files.list(directory.path())) {
            assertThat(files).isEmpty();
        }
    }

    private NameFolder words() {
        return NameFolder.of(directory, NameKind.CHANNEL, "words");
    }

    private static Member open(Role role) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", "String", "String", "test", role);
    }

    private static String entry(String name, String type) {
        return new Entry(NameKind.CHANNEL, name, "sender", type, 4711, "stray").toText();
    }

    /// A file or socket in the folder of the name, until it is closed.
    private final class Stray implements AutoCloseable {

        private final Path file = words().path().resolve(STRAY);
        private final Descriptor lock;
        private final boolean isForeign; // a sweep leaves it

        Stray(String text) throws Exception {
            isForeign = Entry.of(text) == null && !Entry.isOfAnotherVersion(text);
            Path _ = Files.createDirectories(words().path(), PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            lock = Objects.requireNonNull(Flock.createLocked(file.toString()));
            Path _ = Files.writeString(file, text);
        }

        Path socket() {
            return Path.of(file + NameLock.SOCKET);
        }

        @Override
        public void close() throws IOException {
            lock.close();
            if (isForeign) {
                Files.delete(file);
            }
            assertThat(words().sweep()).as("swept").isTrue();
        }
    }

    private static void assertTwoMeet() throws Exception {
        PlainRole receiver = PlainRole.receiver();
        try (Member _ = open(receiver); Member _ = open(PlainRole.sender())) {
            await().atMost(Children.PATIENCE)
                    .untilAsserted(() -> assertThat(receiver.there()).isEqualTo(1));
        }
    }

    private static List<String> lines(CaughtLog log, String of) {
        return log.lines().stream().filter(line -> line.contains(of)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no entry", "ipc-channel name 1\nkind tree\n",
        "ipc-channel name x\n", "ipc-channel name 2"})
    void fileThatIsNoEntryIsPassedOverAndNamed(String text) throws Exception {
        try (CaughtLog log = CaughtLog.listen(); Stray stray = new Stray(text)) {
            assertTwoMeet();
            assertThat(NameList.of(directory)).isEmpty();
            assertThat(lines(log, "is locked and no entry, and is passed over: path=" + stray.file))
                    .hasSize(1);
        }
    }

    @Test
    void entryOfAnotherVersionIsNamedAsOne() throws Exception {
        try (Stray _ = new Stray("ipc-channel name 2\nkind tree\n")) {
            assertThatThrownBy(() -> open(PlainRole.receiver()))
                    .isInstanceOf(MeetingException.class).hasMessageContaining(
                            "another version of ipc-channel: name=words: use the same version");
        }
    }

    @Test
    void socketOfAnotherTypeIsNotMetAndNamed() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); Stray stray = new Stray(entry("words", "String"));
                ServerSocketChannel stream =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ServerSocketChannel _ = stream.bind(UnixDomainSocketAddress.of(stray.socket()));
            try (Member member = open(PlainRole.receiver())) {
                assertThat(member.counterparts()).isEmpty();
            }
            assertTwoMeet();
            assertThat(lines(log, "is not met: name=words, pid=4711 (stray): connect failed:"))
                    .isNotEmpty();
        }
    }

    @Test
    void fileInASocketsPlaceHindersNoMember() throws Exception {
        try (Stray stray = new Stray(entry("words", "String"))) {
            Path _ = Files.createDirectory(stray.socket());
            assertTwoMeet();
            Files.delete(stray.socket());
        }
    }

    /// The folder is named by 64 bits of a digest, which two names may have in common.
    @Test
    void entryOfAnotherNameInTheFolderIsNotMetAndKeepsItsSocket() throws Exception {
        try (Stray stray = new Stray(entry("others", "Integer"))) {
            Descriptor listener = Sockets.listen(stray.socket().toString());
            try {
                PlainRole receiver = PlainRole.receiver();
                try (Member member = open(receiver)) {
                    assertThat(member.counterparts()).isEmpty();
                    assertThat(Sockets.accept(listener)).as("a connection").isNull();
                }
                assertThat(stray.socket()).exists();
                assertThat(NameList.of(directory)).isEmpty();
            } finally {
                Sockets.endListener(listener);
            }
        }
    }
}
