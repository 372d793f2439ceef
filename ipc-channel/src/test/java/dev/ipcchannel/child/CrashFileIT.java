package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.CrashingHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The file of a worker's crash, in the library's folder or where the user wants it.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashFileIT {

    private static final List<String> OWN_FOLDER = List.of("its own folder", "named");
    private static final List<String> WORKING_DIRECTORY = List.of("working directory", "named");

    @RegisterExtension
    final Children children = new Children();

    @TempDir
    Path directory;

    private Path work;
    private Path state;

    @BeforeEach
    void makeFolders() throws IOException {
        work = Files.createDirectory(directory.resolve("work"));
        state = Files.createDirectory(directory.resolve("state"));
    }

    @Test
    void crashFileLiesInAFolderOfItsOwnAndIsNamed() throws Exception {
        assertThat(crash("", "C.UTF-8")).isEqualTo(OWN_FOLDER);

        assertThat(work).isEmptyDirectory();
        assertThat(contents(state.resolve("ipc-channel/crashes"))).singleElement().asString()
                .matches("hs_err_pid\\d+-[0-9a-f]{16}\\.log");
        assertThat(Files.getPosixFilePermissions(state.resolve("ipc-channel/crashes")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    /// The child's locale may lack its letters.
    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C"})
    void folderHasAnyLetters(String locale) throws Exception {
        assertThat(crash("/50%p $(printf 'gr\\303\\274n')", locale)).isEqualTo(OWN_FOLDER);

        assertThat(work).isEmptyDirectory();
    }

    @Test
    void usersWordOnTheFileCounts() throws Exception {
        String own = "-XX:ErrorFile=" + directory.resolve("own.log");

        assertThat(crash("", "C", own)).containsExactly("nowhere");
        assertThat(directory.resolve("own.log")).isNotEmptyFile();
        Files.delete(directory.resolve("own.log"));

        assertThat(crash("\" JAVA_TOOL_OPTIONS=\"" + own, "C")).containsExactly("nowhere");
        assertThat(directory.resolve("own.log")).isNotEmptyFile();

        assertThat(crash("", "C", "-XX:+ErrorFileToStderr")).containsExactly("nowhere");
        assertThat(state).isEmptyDirectory();
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void folderThatOthersMayEnterIsNotUsed() throws Exception {
        Path crashes = Files.createDirectories(state.resolve("ipc-channel/crashes"));
        Files.setPosixFilePermissions(crashes, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(crash("", "C")).isEqualTo(WORKING_DIRECTORY);

        assertThat(crashes).isEmptyDirectory();
    }

    @Test
    void folderWithTooLongANameIsNotUsed() throws Exception {
        // HotSpot has room for 2,000 bytes; each part of a name has at most 255.
        assertThat(crash(("/" + "x".repeat(250)).repeat(8), "C")).isEqualTo(WORKING_DIRECTORY);
    }

    /// @param below the folder's name below this test's, to be expanded by a shell
    private List<String> crash(String below, String locale, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(work.toString(), locale));
        arguments.addAll(List.of(options));
        var host = children.command().under("sh", "-c",
                "export XDG_STATE_HOME=\"$0" + below + "\"; exec \"$@\"", state.toString())
                .piped().environment("LC_ALL", "C.UTF-8")
                .start(CrashingHost.class, arguments.toArray(String[]::new));
        host.awaitExit(0);
        return host.captured().lines();
    }

    private static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::getFileName).toList();
        }
    }
}
