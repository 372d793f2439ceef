package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ObedientChild;
import dev.ipcchannel.testing.children.PrintingParent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The destinations of a child's output, which has no messages of the JVM itself.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildOutputModesIT {

    private static final int LINES = 200_000; // of 8 characters: more than are kept

    @RegisterExtension
    final Children children = new Children();

    @Test
    void outputGoesToItsDestination() throws Exception {
        Path file = children.directory().resolve("child.txt");
        var parent = children.command().piped().start(PrintingParent.class, file.toString());

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).containsExactly(
                "inherited", "seen of inherited: [] [] [] 3",
                "seen of captured: [captured] [captured error] [captured error] 3",
                "child> teed", "seen of teed: [teed] [teed error] [teed error] 3",
                "seen of filed: [] [] [] 3", "seen of filed as well: [] [] [] 3");
        // Inherited output comes another way, and has whole lines only by chance.
        assertThat(String.join("\n", parent.captured().errorLines()))
                .isEqualTo("inherited errorchild> teed error");
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrder("filed",
                "filed errorfiled as well", "filed as well error");
    }

    @Test
    void outputIsKeptUpToABound() throws Exception {
        try (ChildProcess child = ChildJvm.ofCommand("sh", "-c", "seq 1000001 1200000")
                .output(Output.capture()).start()) {

            assertThat(child.awaitExit(Children.PATIENCE)).isZero();

            assertThat(child.output().lines()).hasSizeLessThan(LINES).endsWith("1200000");
        }
    }

    @Test
    void wordsOfTheJvmAreErrors() throws Exception {
        try (ChildProcess child = ChildJvm.of(ObedientChild.class).output(Output.capture())
                .errors(Output.capture())
                .jvmOptions("-Xverify:none", "-XX:+UseLargePages")
                .start()) {

            assertThat(child.awaitExit(Children.PATIENCE)).isOne();

            assertThat(child.output().lines()).isEmpty();
            assertThat(child.output().errorLines())
                    .anyMatch(line -> line.contains("-Xverify:none"))
                    .anyMatch(line -> line.contains("UseLargePages"))
                    .anyMatch(line -> line.contains("Socket environment variable not set"));
        }
    }

    @Test
    void lettersOfAllLanguagesComeThrough() throws Exception {
        String text = "grün 緑 🟩";
        try (ChildLink<String, String> child = ChildJvm.of(ObedientChild.class)
                .environment("LC_ALL", "C").output(Output.capture()).errors(Output.capture())
                .start(String.class, String.class)) {
            for (String order : List.of("print ", "complain ")) {
                child.send(order + text);
                child.receive(Children.PATIENCE);
            }

            child.link().close();

            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
            assertThat(child.process().output().lines()).containsExactly(text, "the end");
            assertThat(child.process().report().errorLines()).containsExactly(text);
        }
    }
}
