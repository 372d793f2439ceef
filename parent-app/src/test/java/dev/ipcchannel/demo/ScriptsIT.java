package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests of what all scripts have in common: help, the messages of a build, and that they run from
/// any folder.
@Timeout(120)
class ScriptsIT {

    private static final String GOAL =
            "echo '[INFO] --- compiler:3.16.0:compile (default-compile) @ ipc-channel ---'";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private Scripts scripts;
    private Path built = Path.of("");

    @BeforeEach
    void copyTheScripts() throws IOException {
        scripts = new Scripts(sandbox);
        built = sandbox.directory().resolve("built");
        scripts.maven("touch '" + built + "'", "exit 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench --help", "bench quick -h", "demo --help", "demo hi -h",
        "demo workers --help", "demo plugins --help", "demo worker-host -h", "demo names -h",
        "demo broadcast -h", "demo broadcast errors --help",
        "run_event_demo.sh --help", "run_event_demo.sh sender -h", "install --help",
        "test --help", "test RingTest -h", "torture --help", "torture list -h",
        "stress --help", "stress Guard -h", "demo cluster --help", "node --help",
        "node nats://a:1 -h"})
    void helpIsAllThatIsDone(String line) {
        String[] words = line.split(" ", -1);
        sandbox.with("JAVA_HOME", "/no/java/here");

        Program help = start(words).expectExit(0);

        assertThat(help.outLines()).hasSizeGreaterThan(2).noneMatch(text -> text.startsWith("#"))
                .anyMatch(text -> text.contains("scripts/" + words[0]));
        assertThat(help.err()).isEmpty();
        assertNothingWasBuilt();
    }

    @Test
    void automaticBuildStandsOnTheSameScripts() {
        String build = Page.ROOT.resolve(".ci/run").toString();

        assertThat(sandbox.startInside(List.of(build, "--help")).expectExit(0).out())
                .contains("runs scripts/test");
        assertThat(sandbox.startInside(List.of(build, "--nonsense")).expectExit(2).err())
                .isEqualTo("run: there is no option --nonsense: see .ci/run --help\n");
        assertThat(sandbox.startInside(List.of(build, "RingTest")).expectExit(2).err())
                .isEqualTo("run: this takes no arguments: arguments=1: leave them out\n");
    }

    /// A relative CDPATH makes `cd` look elsewhere, and print where it is.
    @ParameterizedTest
    @FieldSource("dev.ipcchannel.demo.Scripts#NAMES")
    void scriptRunsThroughALinkFromAnywhere(String name) throws IOException {
        Path folder = Files.createDirectories(sandbox.directory().resolve("my own/bin"));
        Path spaced = Files.createDirectories(sandbox.directory().resolve("a project of mine"))
                .resolve("scripts");
        Files.move(Path.of(scripts.script(name)).getParent(), spaced);
        Path link = Files.createSymbolicLink(folder.resolve("ipc " + name),
                Path.of("../../a project of mine/scripts").resolve(name));
        sandbox.with("CDPATH", "a project of mine:.");

        Program viaLink = sandbox.startInside(List.of(link.toString(), "--nonsense"));
        Program direct = sandbox.startInside(
                List.of("a project of mine/scripts/" + name, "--nonsense"));
        Program help = sandbox.startInside(List.of("my own/bin/ipc " + name, "--help"));

        for (Program script : List.of(viaLink, direct)) {
            assertThat(script.expectExit(2).err()).isEqualTo(
                    "%s: there is no option --nonsense: see scripts/%s --help\n"
                            .formatted(name, name));
        }
        assertThat(help.expectExit(0).out()).contains("scripts/" + name);
        assertThat(help.err()).isEmpty();
    }

    @Test
    void buildThroughALinkIsThatOfTheProject() throws IOException {
        Path link = Files.createSymbolicLink(sandbox.directory().resolve("link"),
                Path.of(scripts.script("demo")));
        scripts.maven("pwd", "exit 1");

        sandbox.start(List.of(link.toString())).expectExit(1);

        assertThat(scripts.log("build")).content()
                .isEqualTo(scripts.project().toRealPath() + "\n");
    }

    @Test
    void installPrintsTheJavaItHasUsedAndWhereTheJarIs() throws IOException {
        String jar = sandbox.directory() + "/a repository/ipc-channel-0.1.0-SNAPSHOT.jar";
        scripts.installsTo(jar);

        Program install = start("install").expectExit(0);
        Program shell = sandbox.start(List.of("bash", "-c", install.outLines().getLast()
                + "; printf '%s\\n' \"$JAVA_HOME\" \"$LIBRARY\""));

        assertThat(install.outLines()).contains("    <artifactId>ipc-channel</artifactId>")
                .anyMatch(line -> line.startsWith("# The JDK " + Runtime.version().feature()));
        assertThat(shell.expectExit(0).outLines())
                .containsExactly(System.getProperty("java.home"), jar);
    }

    @Test
    void installThatDoesNotFindItsJarSaysSo() throws IOException {
        scripts.installsTo("/another.jar");

        assertThat(start("install").expectExit(1).err()).contains(
                "install: the library is installed, but Maven has not said where: see "
                        + scripts.log("install"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "bench quick", "torture all", "stress", "install"})
    void buildSaysFirstThatItTakesAWhileAndWhereItsLogIs(String line) {
        assumeTrue(!line.startsWith("bench") || isOnThePath("gcc"), "gcc is not installed");

        Program script = start(line.split(" ", -1)).expectExit(1);

        String stage = line.equals("install") ? "install" : "build";
        assertThat(script.err().lines()).first().asString().startsWith("building, which takes a")
                .endsWith(" the log is " + scripts.log(stage));
        assertThat(script.err()).doesNotContain("\r");
        assertThat(built).exists();
    }

    @Test
    void scriptWaitsForTheBuildOfAnotherAndUsesWhatThatHasBuilt() throws IOException {
        Path builds = sandbox.directory().resolve("builds");
        Path goOn = sandbox.directory().resolve("go-on");
        Path jar = scripts.project().resolve("examples/names/target/examples-names.jar");
        scripts.sources("", "ipc-channel", "launcher", "examples", "examples/names");
        scripts.maven("echo build >> '" + builds + "'",
                "while [ ! -e '" + goOn + "' ]; do sleep 0.02; done",
                "mkdir -p '" + jar.getParent() + "' && : > '" + jar + "'");
        scripts.java("echo \"runs $4 $5\"");

        Program receiver = start("run_event_demo.sh", "receiver").awaitErr("building");
        Program sender = start("run_event_demo.sh", "sender").awaitErr("waiting for it to end\n");
        Files.createFile(goOn);

        assertThat(receiver.expectExit(0).outLines()).last().isEqualTo("runs " + jar
                + " event_receiver");
        assertThat(sender.expectExit(0).outLines()).last().isEqualTo("runs " + jar
                + " event_sender");
        assertThat(sender.err()).isEqualTo("another script is building in "
                + scripts.project() + ": waiting for it to end\n");
        assertThat(builds).hasContent("build\n");
    }

    @Test
    void demoOfBroadcastBuildsItsJarAndHandsItTheRest() throws IOException {
        Path jar = scripts.project().resolve("examples/broadcast/target/examples-broadcast.jar");
        scripts.sources("", "ipc-channel", "launcher", "examples", "examples/broadcast");
        scripts.maven("mkdir -p '" + jar.getParent() + "' && : > '" + jar + "'");
        scripts.java("echo \"runs $4 $5 $6 $7\"");

        Program demo = start("demo", "broadcast", "receiver", "1").expectExit(0);

        assertThat(demo.outLines()).last().isEqualTo("runs " + jar + " receiver 1 ");
    }

    @Test
    void failedBuildShowsItsReasonWithoutFramesOfStacks() throws IOException {
        scripts.maven("cat << 'END'", "[ERROR] the reason", "java.lang.Error: words",
                "\tat java.base/java.util.List.of(List.java:1)",
                "    at org.some.Type$1.lambda$main$0(Type.java:7)", "\t... 12 more", "END",
                "exit 1");

        Program demo = start("demo").expectExit(1);

        assertThat(demo.err().lines().skip(2)).containsExactly("[ERROR] the reason",
                "java.lang.Error: words", "the whole log: " + scripts.log("build"));
        assertThat(Files.readAllLines(scripts.log("build"))).hasSize(5);
    }

    /// As in another user's tree; the tests may run as root, which may write everywhere.
    @ParameterizedTest
    @ValueSource(strings = {"demo", "bench quick", "torture all", "stress", "install", "test"})
    void logThatCannotBeWrittenIsReportedBeforeABuild(String line) throws IOException {
        assumeTrue(!line.startsWith("bench") || isOnThePath("gcc"), "gcc is not installed");
        String[] words = line.split(" ", -1);
        String stage = List.of("install", "test").contains(line) ? line : "build";
        Files.createDirectories(scripts.log(stage));

        Program script = start(words).expectExit(2);

        assertThat(script.err()).isEqualTo("%s: its log cannot be written: path=%s:"
                .formatted(words[0], scripts.log(stage)) + " build in a clone of your own\n");
        assertThat(built).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"demo, find, findutils", "demo workers /, find, findutils",
        "test Ring, find, findutils", "install, sed, sed", "install, grep, grep"})
    void programThatIsMissingIsNamed(String line, String program, String packaged)
            throws IOException {
        Path folder = Files.createDirectory(sandbox.directory().resolve("programs"));
        for (String name : List.of("bash", "readlink", "find", "grep", "sed")) {
            if (!name.equals(program)) {
                Files.createSymbolicLink(folder.resolve(name), onThePath(name));
            }
        }
        Files.createSymbolicLink(folder.resolve("mvn"), sandbox.directory().resolve("mvn"));
        Path jar = scripts.project().resolve("child-app/target/child-app.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar); // to be compared with its sources
        sandbox.with("PATH", folder.toString());

        Program script = start(line.split(" ", -1)).expectExit(2);

        assertThat(script.err()).isEqualTo(
                "%s: no %s was found on the PATH (%s): install it (package %s, say).\n"
                        .formatted(line.split(" ", 2)[0], program, folder, packaged));
        assertNothingWasBuilt();
    }

    @Test
    void tooFewDescriptorsForABuildAreReportedBeforeIt() {
        Program demo = sandbox.start(List.of("bash", "-c", "ulimit -n 40; exec \"$0\"",
                scripts.script("demo"))).expectExit(2);

        assertThat(demo.err().lines()).singleElement().asString()
                .contains("no more than 40", "ulimit -n 512");
        assertNothingWasBuilt();
    }

    @Test
    void terminalShowsWhatABuildIsAt() throws IOException {
        assumeTrue(isOnThePath("script"), "script is not installed (package bsdutils)");
        scripts.maven(GOAL, "printf 'the end'", "exit 1");

        Program demo = sandbox.start(List.of("script", "--quiet", "--return", "--command",
                "'" + scripts.script("demo") + "'", "/dev/null")).expectExit(1);

        assertThat(demo.out()).contains("build, ipc-channel: compile\r\033[K");
        assertThat(scripts.log("build")).content()
                .isEqualTo(GOAL.substring(6, GOAL.length() - 1) + "\nthe end");
    }

    /// The help of a script is a comment: this keeps it true.
    @ParameterizedTest
    @MethodSource
    void helpHasEveryOptionOfTheProgram(String name, List<String> options) {
        String help = start(name, "--help").expectExit(0).out();

        assertThat(options).isNotEmpty().allSatisfy(option -> assertThat(help)
                .containsPattern("--" + option + "\\b"));
    }

    static Stream<Arguments> helpHasEveryOptionOfTheProgram() throws IOException {
        return Stream.of(
                arguments("demo", options("parent-app", "demo/parent/ParentOptions")),
                arguments("demo", options("examples/words", "examples/words/WordsOptions")),
                arguments("demo", options("examples/cluster", "examples/cluster/CountOptions")),
                arguments("node", options("examples/cluster", "examples/cluster/NodeOptions")),
                arguments("node", options("examples/cluster", "examples/cluster/Shared")),
                arguments("bench", options("benchmarks", "benchmarks/Bench")),
                arguments("torture", options("torture", "torture/Torture")),
                arguments("stress", options("stress", "stress/Stress")));
    }

    /// The long options that a source declares.
    private static List<String> options(String module, String type) throws IOException {
        String source = Files.readString(Page.ROOT.resolve(module)
                .resolve("src/main/java/dev/ipcchannel").resolve(type + ".java"));
        return Pattern.compile("longOpt\\(\"([a-z-]+)\"\\)|option\\([a-z\"]+, \"([a-z-]+)\"")
                .matcher(source).results()
                .map(match -> match.group(1) != null ? match.group(1) : match.group(2)).toList();
    }

    /// The exit code is that of docs/demo.md, whether the script or its program detects the
    /// mistake.
    @ParameterizedTest
    @CsvSource({"bench --help, 3", "demo --help, 7", "install --help, 1", "install, 1",
        "node --help, 4", "test --help, 1", "torture --help, 3", "torture list, 3",
        "stress --help, 3"})
    void textThatCannotBeWrittenIsAnError(String line, int exitCode) throws IOException {
        scripts.installsTo(sandbox.directory() + "/ipc-channel-0.1.0-SNAPSHOT.jar");
        String name = line.split(" ", 2)[0];

        Program script = sandbox.start(List.of("sh", "-c",
                "exec '" + scripts.script(name) + "'" + line.substring(name.length())
                        + " > /dev/full"))
                .expectExit(exitCode);

        assertThat(script.err().lines()).last().isEqualTo(
                name + ": standard output cannot be written: see that its device has room");
        if (!line.equals("install")) { // which says what it builds
            assertThat(script.err().lines()).hasSize(1);
        }
    }

    private Program start(String... line) {
        List<String> command = new ArrayList<>(List.of(scripts.script(line[0])));
        command.addAll(Arrays.asList(line).subList(1, line.length));
        return sandbox.start(command);
    }

    private void assertNothingWasBuilt() {
        assertThat(built).doesNotExist();
        assertThat(scripts.project()).isDirectoryNotContaining(path -> path.endsWith("target"));
    }

    private static boolean isOnThePath(String program) {
        return places(program).findFirst().isPresent();
    }

    private static Path onThePath(String program) {
        return places(program).findFirst().orElseThrow();
    }

    private static Stream<Path> places(String program) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, program)).filter(Files::isExecutable);
    }
}
