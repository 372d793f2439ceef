package dev.ipcchannel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.benchmarks.worker.DigestHost;
import dev.ipcchannel.benchmarks.worker.FileDigest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The files that are digested, and what is expected of them.
@Timeout(60)
class DigestFolderTest {

    private static final int COUNT = DigestHost.A_FOLDER + 1; // two folders

    @Test
    void expectedIsTheDigestOfTheFilesDigestsInTheirOrder() {
        try (DigestFolder files = DigestFolder.make(COUNT)) {
            assertThat(digestOf(files, false)).isEqualTo(files.expected());
            assertThat(digestOf(files, true)).isNotEqualTo(files.expected());
        }
    }

    @Test
    void closeLeavesNothing() {
        DigestFolder files = DigestFolder.make(COUNT);
        Path last = DigestHost.path(files.path(), COUNT - 1);
        assertThat(last).isRegularFile();

        files.close();

        assertThat(files.path()).doesNotExist();
    }

    private static String digestOf(DigestFolder files, boolean isBackwards) {
        MessageDigest all = FileDigest.sha256();
        IntStream.range(0, COUNT).map(number -> isBackwards ? COUNT - 1 - number : number)
                .mapToObj(number -> FileDigest
                        .of(DigestHost.path(files.path(), number).toString()))
                .forEach(digest -> all.update(digest.getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(all.digest());
    }
}
