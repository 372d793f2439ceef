package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of the examples as `scripts/demo` starts them.
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class DemoScriptIT {

    @RegisterExtension
    final Programs programs = new Programs();

    /// No build inside a build: what the script runs exists already.
    @BeforeEach
    void forbidBuilds() throws IOException {
        programs.replaceCommand("mvn", "echo 'a jar is older than its sources'", "exit 1");
        for (String name : List.of("words", "plugins", "worker-host", "names", "broadcast",
                "zipc", "cluster")) {
            // Maven does not rewrite a jar whose content would not change, even if a source is
            // newer.
            Path jar = Path.of(Programs.jar(name));
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
        }
    }

    @Test
    void workersSurviveTheirKillsOnTheProjectsOwnSources() throws Exception {
        Programs.Result words = programs.run(Programs.demo("workers", "--kill", "3"))
                .expectExit(0);

        assertThat(words.err()).isEmpty();
        assertThat(words.lines())
                .contains("Workers: 4 at once, 3 killed, 3 died, 3 replaced");
        assertThat(words.out())
                .containsPattern("Files: (\\d{3,}) found = \\1 counted \\+ 0 not counted\n");
    }

    @Test
    void workersCountOtherFoldersOnRequest() throws Exception {
        Files.writeString(programs.directory().resolve("a.txt"), "one");

        Programs.Result words = programs.with("LC_ALL", "C")
                .run(Programs.demo("workers", "--workers", "2", "--kill", "1", ".")).expectExit(0);

        assertThat(words.lines()).contains("Workers: 2 at once, 1 killed, 1 died, 1 replaced",
                "Files: 1 found = 1 counted + 0 not counted");
    }

    @Test
    void clusterSurvivesItsKillsOnTheProjectsOwnSources() throws Exception {
        Programs.Result count = programs.run(Programs.demo("cluster")).expectExit(0);

        assertThat(count.err()).isEmpty();
        assertThat(count.out())
                .containsPattern(
                        "Jobs: \\d+ done, 0 failed, \\d+ given once more, 3 nodes killed\n")
                .containsPattern("Files: (\\d{3,}) found = \\1 counted \\+ 0 not counted\n");
    }

    @Test
    void fileThatIsNotCountedIsReportedByTheCommandTyped() throws Exception {
        Path broken = Files.createSymbolicLink(programs.directory().resolve("b.md"),
                Path.of("nowhere"));

        for (String demo : List.of("workers", "cluster")) {
            Programs.Result words = programs.run(Programs.demo(demo, ".")).expectExit(1);

            assertThat(words.err()).startsWith("demo: ")
                    .contains(broken.getFileName() + " is not counted");
        }
    }

    @Test
    void pluginsAreStarted() throws Exception { // all that they print, PluginsIT says
        Programs.Result plugins = programs.run(Programs.demo("plugins")).expectExit(0);

        assertThat(plugins.lines()).last().asString().startsWith("The host is fine:");
        assertThat(plugins.err()).isEmpty();
    }

    @Test
    void workerHostPrintsTheResult() throws Exception {
        Programs.Result host = programs.run(Programs.demo("worker-host")).expectExit(0);

        assertThat(host.out()).isEqualTo("Result -> 13\n");
        assertThat(host.err()).isEmpty();
    }

    @Test
    void broadcastRunsTheProgramThatIsNamedWithItsOptions() throws Exception {
        programs.with("IPC_CHANNEL_DIR", programs.directory().resolve("names").toString());

        Programs.Result selfTest = programs
                .run(Programs.demo("broadcast", "self-test", "--pause", "5", "--patience", "60000"))
                .expectExit(0);

        assertThat(selfTest.lines()).contains("Sent: Hello 4", "Received: Hello 4")
                .endsWith("Test completed!");
        assertThat(selfTest.err()).isEmpty();
        assertThat(programs.run(Programs.demo("broadcast", "errors", "--pause", "5"))
                .expectSentence(2)).isEqualTo("demo: --pause is for producer and self-test, and"
                        + " not for errors: leave it out");
    }

    @Test
    void zipcRunsTheProgramThatIsNamed() throws Exception {
        Programs.Result program = programs.run(Programs.demo("zipc", "one-process"))
                .expectExit(0);

        assertThat(program.out()).isEqualTo("Received: Hello, IPC!\n");
        assertThat(program.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo workers .", "demo plugins", "demo worker-host",
        "demo workers --help", "torture --help", "stress --help", "bench --help"})
    void readerThatHasHadEnoughIsNothingToComplainOf(String line) throws Exception {
        Files.writeString(programs.directory().resolve("a.txt"), "one");
        // A reader that exists only until the writer does.
        Programs.Result program = programs.run(List.of("sh", "-c",
                "mkfifo fifo; exec 3<>fifo 4>fifo 3>&-; exec '" + Programs.ROOT + "/scripts/'"
                        + line + " >&4 4>&-"))
                .expectExit(141);

        assertThat(program.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"worker-host, 1", "plugins, 1", "workers ., 4"})
    void outputThatCannotBeWrittenIsAnErrorOfTheCommandTyped(String line, int exitCode)
            throws Exception {
        Files.writeString(programs.directory().resolve("a.txt"), "one");

        Programs.Result program = programs.run(List.of("sh", "-c",
                "exec '" + Programs.ROOT + "/scripts/demo' " + line + " > /dev/full"));

        assertThat(program.expectSentence(exitCode)).isEqualTo(
                "demo: standard output cannot be written: see that its device has room");
    }
}
