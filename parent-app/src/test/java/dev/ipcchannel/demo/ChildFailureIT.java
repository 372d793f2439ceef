package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of the parent's sentences about a child that fails. Scripts replace its java.
@Timeout(120)
class ChildFailureIT {

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void childThatExitsBeforeConnectingIsReportedWithItsExitCodeAndLastErrorLines()
            throws IOException {
        String java = sandbox.script("java", "echo first words >&2", "echo last words >&2",
                "exit 7");

        Program parent = sandbox.start(Apps.parent("--child-java", java)).expectExit(3);

        assertThat(parent.err().lines()).hasSize(3).first().asString()
                .startsWith("parent-app: the child ended before it connected: exit=7");
        assertThat(parent.err()).endsWith("    first words\n    last words\n");
    }

    @ParameterizedTest
    @CsvSource({"-XX:+NoSuchFlag, Unrecognized VM option", "-Xmx1, Too small maximum heap",
        "--no-such-option, Unrecognized option"})
    void jvmThatCannotStartIsReportedInItsOwnWords(String flag, String words) throws IOException {
        String java = sandbox.script("java", "exec '" + Apps.JAVA + "' " + flag + " \"$@\"");

        Program parent = sandbox.start(Apps.parent("--child-java", java)).expectExit(3);

        assertThat(parent.err())
                .startsWith("parent-app: the child ended before it connected: exit=1, ")
                .contains(words);
    }

    @Test
    void childThatNeverConnectsIsKilledAtTheDeadline() throws IOException {
        String java = sandbox.script("java", "exec sleep 1000");

        Program parent = sandbox.start(Apps.parent("--child-java", java, "--timeout", "0.5"))
                .expectExit(4);

        assertThat(parent.expectSentence()).contains(
                "pid=" + parent.valueOf("Child process ID: "), "timeout=500 ms");
    }

    @Test
    void childWithoutDescriptorsIsReportedWithItsOwnSentence() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is not installed");
        String java = sandbox.script("java",
                "exec prlimit --nofile=16:16 '" + Apps.JAVA + "' \"$@\"");

        Program parent = sandbox.start(Apps.parent("--child-java", java)).expectExit(3);

        assertThat(parent.err()).contains("exit=2", "child-app: out of resources", "ulimit -n");
    }

    @Test
    void parentWithoutDescriptorsSaysSo() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is not installed");
        List<String> java = List.of("prlimit", "--nofile=16:16", Apps.JAVA);

        Program parent = sandbox.start(Apps.parentOn(java)).expectExit(3);

        assertThat(parent.expectSentence()).contains("raise ulimit -n", "(Too many open files)");
    }

    @Test
    void itsChildrenAreKilledWithIt() throws IOException {
        String java = sandbox.script("java", "sleep 1000", "exit 1");

        Program parent = sandbox.start(Apps.parent("--child-java", java, "--timeout", "0.5"))
                .expectExit(4);

        assertThat(parent.expectSentence()).contains("timeout=500 ms");
    }

    @Test
    void childThatEndsWithAnErrorAfterQuitIsReported() throws IOException {
        String java =
                sandbox.script("java", "'" + Apps.JAVA + "' \"$@\"", "echo too late >&2", "exit 9");

        Program parent = sandbox.start(Apps.parent("--child-java", java)).expectExit(5);

        assertThat(parent.err()).startsWith("parent-app: the child ended with an error: exit=9, ")
                .endsWith("    too late\n");
        assertThat(parent.out()).endsWith("-----------------------------------------\n");
    }

    @Test
    void missingChildJarIsNamed() {
        Path jar = sandbox.directory().resolve("no.jar");

        Program parent = sandbox.start(Apps.parent("--child-jar", jar.toString())).expectExit(3);

        assertThat(parent.expectSentence()).contains("jar=" + jar, "--child-jar");
    }

    @Test
    void childJarIsExpectedWhereTheBuildPutsItSeenFromTheParentsJar() throws IOException {
        Path target = Files.createDirectories(sandbox.directory().resolve("parent-app/target"));
        Path jar = Files.copy(Apps.PARENT_JAR, target.resolve("parent-app.jar"));
        Path expected = Files.createDirectories(
                sandbox.directory().resolve("child-app/target/child-app.jar"));

        Program parent = sandbox.start(List.of(Apps.JAVA, "-jar", jar.toString())).expectExit(3);

        assertThat(parent.expectSentence()).contains("jar=" + expected);
    }

    @Test
    void javaThatIsNotThereIsNamed() {
        Program parent = sandbox.start(Apps.parent("--child-java", "/no/such/java"))
                .expectExit(3);

        assertThat(parent.expectSentence()).isEqualTo("parent-app: the child's java cannot be"
                + " started: java=/no/such/java: name another one with --child-java"
                + " (it is not there)");
    }

    @Test
    void javaThatIsNoProgramIsNamed() {
        String file = Apps.CHILD_JAR.toString();

        Program parent = sandbox.start(Apps.parent("--child-java", file)).expectExit(3);

        assertThat(parent.expectSentence()).contains("java=" + file, "(it may not be executed)");
    }

    @Test
    void messageOfManyLettersIsAnswered() {
        String message = "x".repeat(100_000); // more than a ring has

        Program parent = sandbox.start(Apps.parent(message)).expectExit(0);

        assertThat(parent.out()).contains("Received from child: Child received: " + message);
    }
}
