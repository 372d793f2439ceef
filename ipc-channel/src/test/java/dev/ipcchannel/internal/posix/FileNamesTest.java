package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The names of files: they are bytes, and text only where the locale has letters for them.
@Timeout(30)
class FileNamesTest {

    @TempDir
    Path folder;

    @Test
    void nameInLettersOfTheLocaleIsItsBytes() {
        assertThat(FileNames.bytes(Path.of("a", "b c"))).asString(StandardCharsets.US_ASCII)
                .isEqualTo("a/b c");
        assertThat(FileNames.text("a b".getBytes(StandardCharsets.US_ASCII))).isEqualTo("a b");
        assertThat(FileNames.canHold("half \ud83d")).isFalse();
    }

    /// The shell makes a file for whose name a JVM with a UTF-8 or C locale has no text.
    @Test
    void nameWithoutLettersIsItsBytesToo() throws Exception {
        assumeTrue(!FileNames.CHARSET.equals(StandardCharsets.ISO_8859_1),
                "this locale has letters for all bytes");
        Process shell = new ProcessBuilder("sh", "-c",
                "cd \"$0\" && mkdir \"$(printf 'a%%b \\377\\203')\"", folder.toString())
                .start();
        assertThat(shell.waitFor()).isZero();
        Path odd = only(folder);

        byte[] bytes = FileNames.bytes(odd);

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .isEqualTo(folder + "/a%b \u00ff\u0083");
        assertThat(FileNames.text(bytes)).isNull();
        assertThat(FileNames.bytes(odd.resolve("c"))).endsWith('/', 'c');
    }

    private static Path only(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            return all.iterator().next();
        }
    }
}
