package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.FirstEndChild;
import dev.ipcchannel.testing.children.ShortOfFilesChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Opens of a name that lack a resource: the refusal has the resource, its amount, and the way to
/// have more.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamesShortageIT {

    private static final int MOST = 96;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void processThatMayOpenNoMoreFilesGetsTheLimitAtEachStepAndRecovers() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        Path directory = Files.createDirectory(children.directory().resolve("names"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ChildJvm child = children.command().environment("IPC_CHANNEL_DIR", directory.toString())
                .under("prlimit", "--nofile=" + MOST + ":" + MOST).piped()
                .start(ShortOfFilesChild.class);

        child.awaitExit(0);

        List<String> lines = child.captured().lines();
        assertThat(lines).hasSizeGreaterThan(3).last().isEqualTo("0 " + ShortOfFilesChild.DONE);
        assertThat(lines.subList(0, lines.size() - 1)).allSatisfy(
                line -> assertThat(line).contains("EMFILE").contains("ulimit -n"));
        assertThat(lines).filteredOn(line -> line.startsWith("processes cannot meet in "
                + directory + " (IPC_CHANNEL_DIR): ")).hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(line -> assertThat(line).endsWith(": this process may open no more"
                        + " files: at most=" + MOST + ": close what is not needed, or raise the"
                        + " limit (ulimit -n)"));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"receiver", "signal", "broadcast"})
    void firstEndOfProcessThatLacksFilesForItIsRefusedAsAnyOther(String kind) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        ChildJvm child = children.command().under("prlimit", "--nofile=" + MOST + ":" + MOST)
                .piped().start(FirstEndChild.class, kind);

        child.awaitExit(0);

        assertThat(child.captured().lines()).singleElement().asString().matches("refused [1-9].*");
    }
}
