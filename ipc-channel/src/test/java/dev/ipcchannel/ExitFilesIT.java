package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.child.LateStarter;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ExitFilesChild;
import dev.ipcchannel.testing.children.ExitFilesChild.End;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The files that the exit of a process removes: they exist while hooks run, and are gone after it.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitFilesIT {

    private static final int TERMINATED = 128 + 15;

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource(value = End.class, mode = EnumSource.Mode.EXCLUDE, names = {"HALT", "LATE"})
    void filesAreThereForShutdownHooksAndGoneAfterAnExitInOrder(End end) throws Exception {
        Path folder = Files.createDirectory(children.directory().resolve("files"));
        ChildJvm child = children.command().piped()
                .start(ExitFilesChild.class, folder.toString(), end.name());
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("true");

        if (end == End.TERMINATED) {
            child.signal("TERM");
        }

        child.awaitExit(end == End.TERMINATED ? TERMINATED : 0);
        assertThat(child.captured().lines()).containsExactly("true", "true");
        assertThat(folder).isEmptyDirectory();
    }

    /// A thread that the exit does not wait for.
    @Test
    void filesThatComeAfterTheHooksAreNotTakenIn() throws Exception {
        Path folder = Files.createDirectory(children.directory().resolve("files"));
        ChildJvm child = children.command().piped()
                .flags("--add-opens=java.base/java.lang=ALL-UNNAMED")
                .start(ExitFilesChild.class, folder.toString(), End.LATE.name());

        child.awaitExit(0);

        // a server's directory was not even made, since this JVM may end before it is removed;
        // "file", "full" and "late" existed when the exit began
        assertThat(child.captured().lines()).containsExactly("true", "true",
                "no directory for a server's socket can be made, since this JVM goes down",
                "true", "3");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void argumentFileIsNotEvenMadeAfterTheHooks() throws Exception {
        Path folder = Files.createDirectory(children.directory().resolve("files"));
        ChildJvm child = children.command().piped()
                .flags("--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder)
                .start(LateStarter.class, folder.toString());

        child.awaitExit(0);

        assertThat(child.captured().lines()).containsExactly(
                "the child cannot be started, since this JVM goes down", "true");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void filesOfAProcessThatHaltsStay() throws Exception {
        Path folder = Files.createDirectory(children.directory().resolve("files"));

        children.command().piped()
                .start(ExitFilesChild.class, folder.toString(), End.HALT.name()).awaitExit(0);

        assertThat(folder.resolve("file")).exists();
        assertThat(folder.resolve("full").resolve("inside")).exists();
        assertThat(folder.resolve("gone")).doesNotExist();
    }
}
