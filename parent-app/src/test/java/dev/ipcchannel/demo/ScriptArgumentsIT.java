package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/// Arguments that make no sense are refused by all scripts before a build of minutes.
@Timeout(120)
class ScriptArgumentsIT {

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
    @FieldSource("dev.ipcchannel.demo.Scripts#NAMES")
    void optionThatThereIsNotIsRefusedBeforeABuild(String name) {
        for (String option : List.of("--nonsense", "--hel", "--helpme", "--nonsense=1",
                "-x", "-x=1")) {
            Program script = start(name, option).expectExit(2);

            assertThat(script.err()).isEqualTo("%s: there is no option %s: see scripts/%s --help\n"
                    .formatted(name, option.replace("=1", ""), name));
            assertNothingWasBuilt();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bench | one section is needed, and nothing else: given=[]: see scripts/bench
            bench quick types | one section is needed, and nothing else: given=[quick, types]
            bench -r 3 wokers | there is no section wokers: did you mean workers? The sections are
            bench nosuch | there is no section nosuch: the sections are full, quick, roundtrip,
            bench -x quick | there is no option -x: see scripts/bench --help
            bench -r3 -x=1 quick | there is no option -x: see scripts/bench --help
            torture | the name of a storm is needed, or all, or list: see scripts/torture
            torture -m 3 | the name of a storm is needed, or all, or list: see scripts/torture
            torture kils | there is no storm kils: did you mean kills? The storms are kills, jobs,
            torture jobs nosuch | there is no storm nosuch: the storms are kills, jobs, carrier,
            torture all kills | all is every storm, no other name goes with it: given=[all, kills]
            torture list kills | list shows all storms, nothing else goes with it: leave the rest
            torture -q kills | there is no option -q: see scripts/torture --help
            torture --short -q kills | there is no option -q: see scripts/torture --help
            install now | this takes no arguments: arguments=1: leave them out
            demo plugins Greeter | plugins takes no arguments: arguments=1: leave them out
            demo worker-host 1 2 | worker-host takes no arguments: arguments=2: leave them out
            demo workers --count 3 | this demo has no option --count: see scripts/demo --help
            demo workers -m hi | this demo has no option -m: see scripts/demo --help
            demo --kill=3 | this demo has no option --kill: see scripts/demo --help
            demo --json --kill 3 | this demo has no option --kill: see scripts/demo --help
            demo --json --nonsense | there is no option --nonsense: see scripts/demo --help
            demo hi -w 3 | this demo has no option -w: see scripts/demo --help
            demo hi -w3 | this demo has no option -w: see scripts/demo --help
            demo wrkers -w 3 | there is no demo wrkers: scripts/demo workers runs workers
            demo workers -w 3 /no/such | there is no such folder: path=/no/such
            """)
    void wrongArgumentsAreRefusedBeforeABuild(String line, String sentence) {
        String[] words = line.split(" ", -1);

        Program script = start(words).expectExit(2);

        assertThat(script.err().lines()).singleElement().asString()
                .startsWith(words[0] + ": " + sentence);
        assertNothingWasBuilt();
    }

    @Test
    void listOfTheStormsIsAllThatIsDone() {
        sandbox.with("JAVA_HOME", "/no/java/here");

        Program list = start("torture", "list").expectExit(0);

        assertThat(list.outLines()).first().isEqualTo("Storms:");
        assertThat(list.outLines()).hasSizeGreaterThan(8);
        assertNothingWasBuilt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "workes", "workerss", "wrokers", "Workers", "plugin",
        "worker-hosts"})
    void wordThatIsAlmostADemoIsNoMessage(String word) {
        Program demo = start("demo", word).expectExit(2);

        assertThat(demo.err().lines()).singleElement().asString()
                .startsWith("demo: there is no demo " + word + ": ")
                .contains("scripts/demo --message " + word);
        assertNothingWasBuilt();
    }

    @ParameterizedTest
    @MethodSource
    void allElseIsAMessage(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("demo"));
        command.addAll(arguments);

        start(command.toArray(String[]::new)).expectExit(1);

        assertThat(built).exists(); // for the parent, which gets them
    }

    static Stream<Arguments> allElseIsAMessage() {
        return Stream.of(List.of("work"), List.of("hello"), List.of(""), List.of("worker bee"),
                List.of("worker", "bee"), List.of("--message", "worker"), List.of("-m", "--other"),
                List.of("-m", "-x"), List.of("-mx"), List.of("-"), List.of("--", "--help"),
                List.of("--as-child", "--channel_name", "a", "--quiet"))
                .map(words -> arguments(words));
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
}
