package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The file of arguments that `java` reads. [ChildJvmIT] has it read.
@Timeout(30)
class ArgumentFileTest {

    @Test
    void longCommandLinesNeedOne() {
        String half = "x".repeat(ArgumentFile.LONG / 2);

        assertThat(ArgumentFile.isNeeded(List.of(half, half))).isFalse();
        assertThat(ArgumentFile.isNeeded(List.of(half, half, "x"))).isTrue();
        assertThat(ArgumentFile.isNeeded(List.of())).isFalse();
    }

    @Test
    void eachWordIsALineBetweenQuotes() throws Exception {
        ArgumentFile file = ArgumentFile.write(
                List.of("-cp", "a b:c", "", "say \"hi\"", "back\\slash", "two\nlines\r", "#x",
                        "ü"));
        try {
            assertThat(file.path()).hasContent("""
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
    void fileIsForThisUserAloneAndGoesWithItsChild() throws Exception {
        ArgumentFile file = ArgumentFile.write(List.of("secret"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");

        file.delete();
        assertThat(file.path()).doesNotExist();
        file.delete(); // nothing to do
    }
}
