package dev.ipcchannel.demo.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ChildCommandTest {

    @TempDir
    Path folder;

    @Test
    void plainWordsAreNotQuoted() throws IOException {
        Path jar = Files.createFile(folder.resolve("child.jar"));

        assertThat(new ChildCommand("/bin/sh", jar, false).shellCommand("/tmp/a/server"))
                .isEqualTo("/bin/sh --enable-native-access=ALL-UNNAMED -jar " + jar
                        + " channel_name:/tmp/a/server");
    }

    @Test
    void wordsThatAShellWouldChangeAreQuoted() throws IOException {
        Path jar = Files.createFile(folder.resolve("it's a $child.jar"));

        assertThat(new ChildCommand("java", jar, true).shellCommand("/tmp/a b/server"))
                .isEqualTo("java --enable-native-access=ALL-UNNAMED -jar '" + folder
                        + "/it'\\''s a $child.jar' 'channel_name:/tmp/a b/server' --quiet");
    }

    @Test
    void directoryIsNoJar() {
        assertThatThrownBy(() -> new ChildCommand("java", folder, false).start("name"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the child's jar is a folder: jar=" + folder);
    }

    @Test
    void javaThatIsNotThereIsNoCommandEither() throws IOException {
        Path jar = Files.createFile(folder.resolve("child.jar"));

        assertThatThrownBy(() -> new ChildCommand("/no/java", jar, false).shellCommand("name"))
                .isInstanceOf(IOException.class).hasMessageContaining("java=/no/java");
    }

    @Test
    void homeOfAJdkInThePlaceOfItsJavaIsReportedWithTheProgramInIt() throws IOException {
        Path jar = Files.createFile(folder.resolve("child.jar"));
        Path home = Path.of(System.getProperty("java.home"));
        String sentence = "the child's java is a folder: java=" + home
                + ": give --child-java the program in it, " + home + "/bin/java";

        assertThatThrownBy(() -> new ChildCommand(home.toString(), jar, false).start("name"))
                .isInstanceOf(IOException.class).hasMessage(sentence);
        assertThatThrownBy(() -> new ChildCommand(home.toString(), jar, false)
                .shellCommand("name")).isInstanceOf(IOException.class).hasMessage(sentence);
        assertThatThrownBy(() -> new ChildCommand(folder.toString(), jar, false).start("name"))
                .isInstanceOf(IOException.class).hasMessage("the child's java is a folder: java="
                        + folder + ": give --child-java a program, bin/java of a JDK");
    }

    @Test
    void javaThatMayNotBeExecutedIsNotReportedToBeMissing() throws IOException {
        Path jar = Files.createFile(folder.resolve("child.jar"));
        Path java = Files.createFile(folder.resolve("java"));

        assertThatThrownBy(() -> new ChildCommand(java.toString(), jar, false)
                .shellCommand("name")).isInstanceOf(IOException.class)
                .hasMessageContaining("(it may not be executed)");
    }
}
