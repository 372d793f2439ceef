package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of the sentences that the programs print where they cannot run: rights, directories, other
/// users.
@Timeout(120)
class SurroundingsIT {

    private static final String FLAG = "--enable-native-access=ALL-UNNAMED";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void theJarsMayCallNativeCodeWhereOthersMayNot() {
        List<String> java = List.of(Apps.JAVA, "--illegal-native-access=deny");

        Program parent = sandbox.start(Apps.parentOn(java)).expectExit(0);

        assertThat(parent.err()).isEmpty();
    }

    @Test
    void parentWithoutNativeAccessNamesTheFlag() {
        Program parent = sandbox.start(Apps.parentWithoutNativeAccess()).expectExit(2);

        assertThat(parent.expectSentence()).contains("native access denied", FLAG);
    }

    @Test
    void childWithoutNativeAccessNamesTheFlagAndItsParentReportsIt() throws IOException {
        String command = String.join("' '", Apps.childWithoutNativeAccess());
        String java = sandbox.script("java", "for name; do :; done", // the last argument
                "exec '" + command + "' \"$name\"");

        Program parent = sandbox.start(Apps.parent("--child-java", java)).expectExit(3);

        assertThat(parent.err()).contains("exit=2", "child-app: ", "native access denied", FLAG);
    }

    @Test
    void withoutAWritableDirectoryBothTriedAreNamed() {
        // root may write everywhere else
        List<String> java = List.of(Apps.JAVA, "-Djava.io.tmpdir=/proc");

        Program parent = sandbox.with("XDG_RUNTIME_DIR", "/no/such/directory")
                .start(Apps.parentOn(java)).expectExit(2);

        assertThat(parent.expectSentence()).contains("/no/such/directory", "/proc",
                "set XDG_RUNTIME_DIR");
    }

    @Test
    void theTemporaryDirectoryServesWhereTheRuntimeDirectoryIsAFile() throws IOException {
        Path file = Files.createFile(sandbox.directory().resolve("file"));
        List<String> java =
                List.of(Apps.JAVA, "-Djava.io.tmpdir=" + sandbox.runtimeDirectory());

        Program parent = sandbox.with("XDG_RUNTIME_DIR", file.toString())
                .start(Apps.parentOn(java)).expectExit(0);

        assertThat(parent.valueOf("One Shot Server name - Parent: "))
                .startsWith(sandbox.runtimeDirectory().toString());
    }

    @Test
    void childOfAnotherUserCannotConnect() throws IOException {
        List<String> nobody = asNobody();
        Path jar = Files.copy(Apps.CHILD_JAR, sandbox.directory().resolve("child-app.jar"));
        Program parent = sandbox.start(Apps.parent("--no-spawn", "hi"));
        String name = parent.valueOf("One Shot Server name - Parent: ");

        nobody.addAll(List.of(Apps.JAVA, "-jar", jar.toString(), "channel_name:" + name));
        Program stranger = sandbox.start(nobody).expectExit(6);

        assertThat(stranger.expectSentence()).contains("this user may not connect", name);
        sandbox.start(Apps.child("channel_name:" + name)).expectExit(0);
        parent.expectExit(0);
    }

    @Test
    void parentOfAnotherUserIsNotTrusted() throws IOException {
        List<String> nobody = asNobody();
        Path jar = Files.copy(Apps.PARENT_JAR, sandbox.directory().resolve("parent-app.jar"));
        Path shared = Files.createDirectory(sandbox.directory().resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        nobody.addAll(List.of(Apps.JAVA, "-Djava.io.tmpdir=" + shared, "-jar", jar.toString(),
                "--no-spawn", "--child-jar", jar.toString()));
        Program stranger = sandbox.start(nobody);
        String name = stranger.valueOf("One Shot Server name - Parent: ");

        Program child = sandbox.start(Apps.child("channel_name:" + name)).expectExit(6);

        assertThat(child.expectSentence()).contains(name, "not this user's alone");
        stranger.terminate();
        stranger.expectExit(128 + 15);
        assertThat(shared).isEmptyDirectory();
    }

    private static List<String> asNobody() {
        assumeTrue(System.getProperty("user.name").equals("root"),
                "only root can run a process as another user");
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
        return new ArrayList<>(List.of("setpriv", "--reuid", "65534", "--regid", "65534",
                "--clear-groups"));
    }
}
