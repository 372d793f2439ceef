package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.NamesChild;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Directories of names on a file system without locks, or without sockets: refused by a sentence
/// that says which, and what to set.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusingFileSystemIT {

    @RegisterExtension
    final Children children = new Children();

    private ChildJvm start(String refused) throws Exception {
        assumeTrue(OtherUser.command().length > 0); // mounting needs root
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "there is no python3");
        Path script = children.directory().resolve("refusing_fs.py");
        try (InputStream text = Objects.requireNonNull(
                RefusingFileSystemIT.class.getResourceAsStream("refusing_fs.py"))) {
            long _ = Files.copy(text, script);
        }
        ChildJvm child = children.command().environment("IPC_CHANNEL_DIR", directory().toString())
                .piped().under("python3", script.toString(), refused, directory().toString())
                .start(NamesChild.class);
        String first = child.answer();
        boolean isMounted = !first.startsWith("no FUSE");
        if (!isMounted) {
            child.awaitExit(77);
        }
        assumeTrue(isMounted, first);
        assertThat(first).isEqualTo("up");
        return child;
    }

    private Path directory() throws IOException {
        Path names = children.directory().resolve("names");
        return Files.exists(names) ? names : Files.createDirectory(names, PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private String refusal(String what, String call) throws IOException {
        return "HandshakeFailed: processes cannot meet in %s (IPC_CHANNEL_DIR): its file system has"
                .formatted(directory()) + " no %s: %s".formatted(what, call);
    }

    private static void assertAdvised(String sentence) {
        assertThat(sentence)
                .endsWith(": set IPC_CHANNEL_DIR to a directory of this user's alone in a"
                        + " file system that has, such as /dev/shm");
    }

    @Test
    void oneThatRefusesLocksIsNamed() throws Exception {
        ChildJvm child = start("locks");
        String sentence = child.ask("receiver words");
        assertThat(sentence).startsWith(refusal("locks", "flock failed: ENOSYS (38), path="));
        assertAdvised(sentence);
        assertThat(child.ask("list")).isEqualTo("[]");
        child.end();
    }

    @Test
    void oneThatRefusesSocketsIsNamed() throws Exception {
        ChildJvm child = start("sockets");
        String sentence = child.ask("receiver words");
        assertThat(sentence).startsWith(refusal("sockets", "bind failed: EPERM (1), path="));
        assertAdvised(sentence);
        assertThat(child.ask("list")).isEqualTo("[]");
        child.end();
    }

    /// So the other refusals are not caused by this test's file system.
    @Test
    void oneThatRefusesNothingIsUsed() throws Exception {
        ChildJvm child = start("nothing");
        assertThat(child.ask("receiver words")).isEqualTo("opened");
        assertThat(child.ask("sender words")).isEqualTo("opened");
        assertThat(child.ask("list")).contains("receiver").contains("sender");
        child.end();
    }
}
