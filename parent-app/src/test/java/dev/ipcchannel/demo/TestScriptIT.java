package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests that `scripts/test` reports how it has ended, and leaves no process running in any case.
@Timeout(120)
class TestScriptIT {

    private static final String UNIT_TESTS =
            "echo '[INFO] --- surefire:3.6.1:test (default-test) @ ipc-channel ---'";
    private static final String CHECKS =
            "echo '[INFO] --- spotless:3.0.0:check (default) @ ipc-channel ---'";
    private static final String A_PART_IS_WORTH_A_LINE = "sleep 0.6";
    private static final String HANG = "sleep 1000 & sleep 1000"; // with a process of its own

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private Scripts scripts;
    private String script = "";
    private Path log = Path.of("");

    @BeforeEach
    void copyTheScripts() throws IOException {
        scripts = new Scripts(sandbox);
        script = scripts.script("test");
        log = scripts.log("test");
        scripts.testClass("SomeTest", "class SomeTest { @Test void fact() {} }");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "INT, 130"})
    void scriptThatIsEndedBySignalSaysSoAndEndsWhatItHasStarted(String signal, int exitCode)
            throws Exception {
        Path started = sandbox.directory().resolve("started");
        scripts.maven(UNIT_TESTS, "touch '" + started + "'", HANG);
        // A shell cannot trap a signal that was ignored when it started, as under nohup.
        Program test = sandbox.start(List.of("env", "--default-signal=" + signal,
                script, "SomeTest"));
        await().atMost(Program.PATIENCE).until(() -> Files.exists(started));

        Program kill = sandbox.start(
                List.of("kill", "-s", signal, Long.toString(test.process().pid())));

        kill.expectExit(0);
        test.expectExit(exitCode);
        assertThat(test.err().lines()).hasSize(2).last().asString()
                .startsWith("test: ended by SIG" + signal + " before all was done: ")
                .endsWith(log.toString());
        sandbox.awaitNoProcess();
    }

    @ParameterizedTest
    @CsvSource({"NoSuchTest, 'no test class has the name NoSuchTest, or a name with that in it'",
        "Ome#fact, 'no test class has the name Ome, or a name with that in it'",
        "SomeTest#other, no test in SomeTest has the name other",
        "Some#other, no test in Some has the name other",
        "'', 'the name of a test class is missing: name=: name one, or leave it out for all'",
        "#fact, 'the name of a test class is missing: name=#fact: name one, or leave it out for"
                + " all'",
        "Some#, 'the name of a method is missing after the #: name=Some#: name one, or leave the #"
                + " out'"})
    void nameThatNoTestHasIsRefusedBeforeTheBuild(String name, String sentence) throws Exception {
        Path started = sandbox.directory().resolve("started");
        scripts.maven("touch '" + started + "'");

        Program test = sandbox.start(List.of(script, "SomeTest", name)).expectExit(2);

        assertThat(test.err()).isEqualTo("test: " + sentence + "\n");
        assertThat(started).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"SomeTest, '-Dtest=none,SomeTest'", "Some, '-Dtest=none,*Some*Test'",
        "some.SomeTest#fact, '-Dtest=none,some.SomeTest#fact'",
        "Some#fact, '-Dtest=none,*Some*Test#fact'"})
    void nameOfATestIsHandedToMaven(String name, String option) throws Exception {
        Path arguments = sandbox.directory().resolve("arguments");
        scripts.maven("printf '%s\\n' \"$@\" > '" + arguments + "'");

        sandbox.start(List.of(script, name)).expectExit(1); // as no test has run

        assertThat(arguments).content().contains(option + "\n");
    }

    @Test
    void scriptWhoseLinesAreNoLongerReadEndsAndLogsIt() throws Exception {
        scripts.maven(UNIT_TESTS, A_PART_IS_WORTH_A_LINE, CHECKS, HANG);

        Program shell = sandbox.start(List.of("bash", "-c",
                "'" + script + "' SomeTest 2>&1 > /dev/null | true; exit ${PIPESTATUS[0]}"));

        shell.expectExit(141);
        assertThat(Files.readString(log)).contains("test: ended by a closed pipe");
        sandbox.awaitNoProcess();
    }

    @Test
    void scriptWhoseSummaryIsNotReadLogsIt() throws Exception {
        scripts.maven(A_PART_IS_WORTH_A_LINE);

        Program shell = sandbox.start(List.of("bash", "-c",
                "'" + script + "' SomeTest | true; exit ${PIPESTATUS[0]}"));

        shell.expectExit(141);
        assertThat(shell.err()).contains("test: ended by a closed pipe");
    }

    @ParameterizedTest
    @CsvSource({"0, '', 0, '1 passed, 0 failed, 0 skipped'",
        "0, <failure message=\"red\"/>, 1, '0 passed, 1 failed, 0 skipped'",
        "1, '', 1, '1 passed, 0 failed, 0 skipped'"})
    void scriptEndsAsTheBuildAndTheTestsDo(int build, String outcome, int exitCode, String numbers)
            throws Exception {
        report(outcome, build);

        Program test = sandbox.start(List.of(script, "SomeTest")).expectExit(exitCode);

        assertThat(test.outLines()).last().isEqualTo(numbers);
        assertThat(test.err()).doesNotContain("ended by");
    }

    @Test
    void longFailureIsShownWithItsBeginningAndItsEnd() throws Exception {
        String message = "Expecting " + "x".repeat(2000) + " but others were not expected: y";
        report("<failure message=\"" + message + "\"/>", 0);

        Program test = sandbox.start(List.of(script, "SomeTest")).expectExit(1);

        assertThat(test.outLines()).first().asString()
                .startsWith("failed: SomeTest.fact: Expecting xxx").contains("xxx … xxx")
                .endsWith("xxx but others were not expected: y").hasSizeBetween(1000, 1100);
    }

    /// Makes Maven leave a report of one test with that outcome, and end with that exit code.
    private void report(String outcome, int exitCode) throws IOException {
        String reports = scripts.project().resolve("part/target/surefire-reports").toString();
        scripts.maven("mkdir -p '" + reports + "'", "cat > '" + reports + "/TEST-a.xml' << END",
                "  <testcase name=\"fact\" classname=\"some.SomeTest\">", outcome, "  </testcase>",
                "END", "exit " + exitCode);
    }
}
