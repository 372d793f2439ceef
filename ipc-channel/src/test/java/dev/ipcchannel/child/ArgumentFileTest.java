package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.ExitFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The file of arguments that `java` reads. [ChildJvmIT] has it read.
@Timeout(60)
class ArgumentFileTest {

    @Test
    void longCommandLinesNeedOne() {
        byte[] half = new byte[ArgumentFile.LONG / 2];

        assertThat(ArgumentFile.isLong(List.of(half, half))).isFalse();
        assertThat(ArgumentFile.isLong(List.of(half, half, new byte[1]))).isTrue();
        assertThat(ArgumentFile.isLong(List.of())).isFalse();
    }

    @Test
    void eachWordIsALineBetweenQuotes() throws Exception {
        ArgumentFile file = ArgumentFile.of(Stream.of("-cp", "a b:c", "", "say \"hi\"",
                "back\\slash", "two\nlines\r", "#x", "ü")
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1)).toList());
        try {
            assertThat(file.path()).content(StandardCharsets.ISO_8859_1).isEqualTo("""
                    "-cp"
                    "a b:c"
                    ""
                    "say \\"hi\\""
                    "back\\\\slash"
                    "two\\nlines\\r"
                    "#x"
                    "ü"
                    """);
        } finally {
            file.delete();
        }
    }

    @Test
    void wordsWithAZeroAreRefused() {
        assertThatThrownBy(() -> ArgumentFile.of(List.of(new byte[]{'a', 0})))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("a word has a zero in it");
    }

    @Test
    void fileIsForThisUserAloneAndGoesWithItsChild() throws Exception {
        ArgumentFile file = ArgumentFile.of(List.of(new byte[]{1}));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");

        file.delete();
        assertThat(file.path()).doesNotExist();
        file.delete(); // nothing to do
    }

    @Test
    void startsLeaveNoName() throws Exception {
        int before = ExitFiles.count();
        ArgumentFile there = ArgumentFile.of(List.of(new byte[]{1}));
        assertThat(ExitFiles.count()).isEqualTo(before + 1);

        for (int start = 0; start < 100; start++) {
            ArgumentFile.of(List.of(new byte[]{1})).delete();
        }

        assertThat(ExitFiles.count()).isEqualTo(before + 1);
        there.delete();
        assertThat(ExitFiles.count()).isEqualTo(before);
    }

    /// A path that is not a folder cannot be searched for the file either.
    @Test
    void fileThatCannotBeMadeLeavesNoName() throws Exception {
        Path noFolder = Files.createTempFile("no-folder", "");
        String folder = System.setProperty("java.io.tmpdir", noFolder.toString());
        int before = ExitFiles.count();
        try {
            assertThatThrownBy(() -> ArgumentFile.of(List.of(new byte[]{1})))
                    .isInstanceOf(IOException.class);

            assertThat(ExitFiles.count()).isEqualTo(before);
        } finally {
            System.setProperty("java.io.tmpdir", folder);
            Files.delete(noFolder);
        }
    }

    @Test
    void whatAKilledParentHasLeftGoesOnceNoChildCanBeAboutToReadIt() throws Exception {
        ArgumentFile first = ArgumentFile.of(List.of(new byte[]{1}));
        Path folder = first.path().resolveSibling("");
        String gone = "ipc-channel-" + Integer.MAX_VALUE + "-"; // beyond the kernel's largest pid
        Path old = Files.createTempFile(folder, gone, ".args");
        Path recent = Files.createTempFile(folder, gone, ".args");
        FileTime past = FileTime.from(Files.getLastModifiedTime(recent).toInstant()
                .minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(old, past);
        Files.setLastModifiedTime(first.path(), past);

        ArgumentFile second = ArgumentFile.of(List.of(new byte[]{1}));

        assertThat(old).doesNotExist();
        assertThat(recent).exists(); // may be of a container with other pids
        assertThat(first.path()).exists(); // its owner is alive
        Files.delete(recent);
        first.delete();
        second.delete();
    }
}
