package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
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

/// Tests that all scripts refuse arguments that make no sense before a build of minutes.
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
            torture jobs nosuch | there is no storm nosuch: the storms are kills, jobs, streams,
            torture all kills | all is every storm, no other name goes with it: given=[all, kills]
            torture list kills | list shows all storms, nothing else goes with it: leave the rest
            torture -q kills | there is no option -q: see scripts/torture --help
            torture --short -q kills | there is no option -q: see scripts/torture --help
            stress NoSuch | no race has NoSuch in its name: leave it out for all
            stress -m 4 | --minutes must be a whole number from 5 to 100000: minutes=4
            stress --short -m 5 | --short and --minutes exclude each other: pass one of them
            stress Guard -q | there is no option -q: see scripts/stress --help
            install now | this takes no arguments: arguments=1: leave them out
            demo plugins Greeter | plugins takes no arguments: arguments=1: leave them out
            demo worker-host 1 2 | worker-host takes no arguments: arguments=2: leave them out
            demo names | names needs one word, receiver or sender: arguments=0: see \
            scripts/demo --help
            demo names sendr | there is no program sendr: did you mean sender? The programs are
            demo broadcast | broadcast needs the name of a program: see scripts/demo --help
            demo broadcast -s | broadcast needs the name of a program: see scripts/demo --help
            demo broadcast recieve | there is no program recieve: did you mean receive?
            demo broadcast hello | there is no program hello: the programs are hello-sender,
            demo broadcast producer --pause | --pause needs its MILLISECONDS: see scripts/demo
            demo broadcast producer -p x | --pause must be a whole number from 0 to 60000: pause=x
            demo broadcast receive --patience 0 | --patience must be a whole number from 1 to \
            600000: patience=0
            demo broadcast errors --kill 3 | this demo has no option --kill: see scripts/demo --help
            demo broadcast send -m hi | this demo has no option -m: see scripts/demo --help
            demo broadcsat | there is no demo broadcsat: scripts/demo broadcast runs broadcast
            demo hi --strict | this demo has no option --strict: see scripts/demo --help
            demo workers -p 3 | this demo has no option -p: see scripts/demo --help
            demo nmes | there is no demo nmes: scripts/demo names runs names
            run_event_demo.sh recever | there is no program recever: did you mean receiver?
            run_event_demo.sh receiver sender | one word is taken at most, receiver or sender
            run_event_demo.sh receiver -p 3 | --pause is for the sender: leave it out
            run_event_demo.sh sender -p x | --pause must be a whole number from 0 to 60000: pause=x
            demo workers --count 3 | this demo has no option --count: see scripts/demo --help
            demo workers -m hi | this demo has no option -m: see scripts/demo --help
            demo --kill=3 | this demo has no option --kill: see scripts/demo --help
            demo --json --kill 3 | this demo has no option --kill: see scripts/demo --help
            demo --json --nonsense | there is no option --nonsense: see scripts/demo --help
            demo hi -w 3 | this demo has no option -w: see scripts/demo --help
            demo hi -w3 | this demo has no option -w: see scripts/demo --help
            demo wrkers -w 3 | there is no demo wrkers: scripts/demo workers runs workers
            demo workers -w 3 /no/such | there is no such folder: path=/no/such
            demo workers /dev/null | this is a file, name the folder that it is in: path=/dev/null
            demo workers --kill | --kill needs its N: see scripts/demo --help
            demo workers -k --workers 3 | --kill needs its N: see scripts/demo --help
            demo workers --kill=many | --kill must be a whole number from 0 to 1000: kill=many
            demo workers -k 1001 | --kill must be a whole number from 0 to 1000: kill=1001
            demo workers -k -1 | --kill must be a whole number from 0 to 1000: kill=-1
            demo workers --memory 64 | --memory must be a size with k, m or g, from 64m to \
            1024m: memory=64
            demo workers --memory 63m | --memory must be a size with k, m or g, from 64m to \
            1024m: memory=63m
            demo workers --memory=2g | --memory must be a size with k, m or g, from 64m to \
            1024m: memory=2g
            demo hi --memory 64m | this demo has no option --memory: see scripts/demo --help
            demo workers -w0 | --workers must be a whole number from 1 to 64: workers=0
            demo workers --workers 65 | --workers must be a whole number from 1 to 64: workers=65
            demo workers -k 1 --kill=2 | --kill is given more than once: values=[1, 2]: pass one
            demo cluster --memory 64m | this demo has no option --memory: see scripts/demo --help
            demo cluster --json | this demo has no option --json: see scripts/demo --help
            demo cluster -k -1 | --kill must be a whole number from 0 to 1000: kill=-1
            demo cluster /no/such | there is no such folder: path=/no/such
            demo cluster --url | --url needs its URL: see scripts/demo --help
            demo cluster --url localhost | --url must be nats:// or tls:// and an address: \
            url=localhost
            demo cluster --url nats://a:1 --kill 1 | --workers and --kill are for nodes of its \
            own, and --url for others: pass either
            demo cluster --set words | --set, --replicas and --ack-wait are for the nodes of other \
            servers: pass --url as well
            demo cluster --url nats://a:1 --set a.b | --set must be 1 to 64 letters, digits, - \
            and _: set=a.b
            demo cluster --url nats://a:1 --replicas 2 | --replicas must be 1, 3 or 5: replicas=2
            demo workers --url nats://a:1 | this demo has no option --url: see scripts/demo --help
            demo hi --replicas 3 | this demo has no option --replicas: see scripts/demo --help
            demo clutser | there is no demo clutser: scripts/demo cluster runs cluster
            node | one URL of the servers is needed, and nothing else: given=[]: see scripts/node
            node nats://a:1 nats://b:1 | one URL of the servers is needed, and nothing else: \
            given=[nats://a:1, nats://b:1]: see scripts/node
            node a:4222 | the URL of a server begins with nats:// or tls://: url=a:4222
            node nats://a:1, | the URL of a server begins with nats:// or tls://: url=nats://a:1,
            node --set a.b nats://a:1 | --set must be 1 to 64 letters, digits, - and _: set=a.b
            node --replicas 4 nats://a:1 | --replicas must be 1, 3 or 5: replicas=4
            node --replicas 7 nats://a:1 | --replicas must be a whole number from 1 to 5: \
            replicas=7
            node -w 0 nats://a:1 | --workers must be a whole number from 1 to 64: workers=0
            node --patience x nats://a:1 | --patience must be a whole number from 1 to 86400: \
            patience=x
            node --pause | --pause needs its MILLISECONDS: see scripts/node --help
            demo --as-child | the name of the parent's server is missing: pass channel_name:NAME
            bench quick -r | --rounds needs its N: see scripts/bench --help
            bench quick -r 0 | --rounds must be a whole number from 1 to 10000: rounds=0
            bench quick --slice=600001 | --slice must be a whole number from 1 to 600000: \
            slice=600001
            bench quick -c 5000 | --capacity must be a power of two from 4096 to 1073741824: \
            capacity=5000
            bench quick -n many | --count must be a whole number from 1 to 10000000: count=many
            bench quick -w 1 -w 2 | --warm-up is given more than once: values=[1, 2]: pass one
            torture kills --minutes | --minutes needs its N: see scripts/torture --help
            torture kills -m 1.5 | --minutes must be a whole number from 1 to 100000: minutes=1.5
            torture all --short=1 | --short takes no value: short=1: leave it out
            torture all --short -m 3 | --short and --minutes exclude each other: pass one of them
            """)
    void wrongArgumentsAreRefusedBeforeABuild(String line, String sentence) {
        String[] words = line.split(" ", -1);

        Program script = start(words).expectExit(2);

        assertThat(script.err().lines()).singleElement().asString()
                .startsWith(words[0] + ": " + sentence);
        assertNothingWasBuilt();
    }

    /// The scripts refuse what the parent would refuse after a build, in the same words.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --count             | 2 | --count needs its N: see scripts/demo --help
            --count --json      | 2 | --count needs its N: see scripts/demo --help
            -m                  | 2 | --message needs its TEXT: see scripts/demo --help
            --child-jar=        | 2 | --child-jar needs its PATH, not an empty one: see \
            scripts/demo --help
            --count many        | 2 | --count must be a whole number from 1 to 1000000000: \
            count=many
            --count 0           | 2 | --count must be a whole number from 1 to 1000000000: count=0
            --count=1000000001  | 2 | --count must be a whole number from 1 to 1000000000: \
            count=1000000001
            --count -9223372036854775809 | 2 | --count must be a whole number from 1 to \
            1000000000: count=-9223372036854775809
            --count 1 --size -1 | 2 | --size must be a whole number from 0 to 16777216: size=-1
            --count 1 --size 16777217 | 2 | --size must be a whole number from 0 to 16777216: \
            size=16777217
            --count 1 --count 2 | 2 | --count is given more than once: values=[1, 2]: pass one
            --timeout soon      | 2 | --timeout must be a number of seconds above 0, at most \
            86400: timeout=soon
            --timeout 0.0       | 2 | --timeout must be a number of seconds above 0, at most \
            86400: timeout=0.0
            --timeout -1        | 2 | --timeout must be a number of seconds above 0, at most \
            86400: timeout=-1
            --timeout 86400.5   | 2 | --timeout must be a number of seconds above 0, at most \
            86400: timeout=86400.5
            --json=1            | 2 | --json takes no value: json=1: leave it out
            --size 5            | 2 | --size is for a stream: pass --count as well
            hi --interactive    | 2 | messages, --interactive and --count exclude each other: pass \
            one of them
            -i --count 1        | 2 | messages, --interactive and --count exclude each other: pass \
            one of them
            hi --as-child       | 2 | --as-child is not the first argument: put it there
            hi quit             | 2 | "quit" ends the child and has no reply: leave it out, it is \
            sent at the end
            -m quit             | 2 | "quit" ends the child and has no reply: leave it out, it is \
            sent at the end
            --child-jar /no.jar | 3 | the child's jar is not there: jar=/no.jar: name another one \
            with --child-jar
            --child-java=       | 2 | --child-java needs its PATH, not an empty one: see \
            scripts/demo --help
            --child-java nosuch | 3 | the child's java cannot be started: java=nosuch: name \
            another one with --child-java (it is not on the PATH)
            --child-java /no/java | 3 | the child's java cannot be started: java=/no/java: name \
            another one with --child-java (it is not there)
            --child-java /dev/null | 3 | the child's java cannot be started: java=/dev/null: name \
            another one with --child-java (it may not be executed)
            --child-java /dev   | 3 | the child's java is a folder: java=/dev: give --child-java a \
            program, bin/java of a JDK
            --child-jar /dev    | 3 | the child's jar is a folder: jar=/dev: name the file in it \
            with --child-jar
            """)
    void demoRefusesWhatItsProgramRefusesInTheSameWords(String line, int exitCode,
            String sentence) {
        List<String> words = Arrays.asList(line.split(" ", -1));
        List<String> ofScript = new ArrayList<>(List.of("demo"));
        ofScript.addAll(words);

        Program script = start(ofScript.toArray(String[]::new)).expectExit(exitCode);
        Program program = sandbox.start(Apps.parentOn(
                List.of(Apps.JAVA, "-Ddev.ipcchannel.script=demo"), words.toArray(String[]::new)))
                .expectExit(exitCode);

        assertThat(script.err()).isEqualTo(program.err())
                .isEqualTo("demo: " + sentence + "\n");
        assertNothingWasBuilt();
    }

    /// The sentence shortens long words and masks what a terminal would obey.
    @ParameterizedTest
    @MethodSource
    void wordsAreShownShortAndHarmless(List<String> words, String sentence) {
        List<String> ofScript = new ArrayList<>(List.of("demo"));
        ofScript.addAll(words);

        Program script = start(ofScript.toArray(String[]::new)).expectExit(2);
        Program program = sandbox.start(Apps.parentOn(
                List.of(Apps.JAVA, "-Ddev.ipcchannel.script=demo"), words.toArray(String[]::new)))
                .expectExit(2);

        assertThat(script.err()).isEqualTo(program.err()).isEqualTo("demo: " + sentence + "\n");
        assertNothingWasBuilt();
    }

    static Stream<Arguments> wordsAreShownShortAndHarmless() {
        String nines = "9".repeat(5000);
        String shown = "9".repeat(200) + "... (5000 letters)";
        return Stream.of(
                arguments(List.of("--timeout", nines), "--timeout must be a number of seconds"
                        + " above 0, at most 86400: timeout=" + shown),
                arguments(List.of("--count", nines), "--count must be a whole number from 1 to"
                        + " 1000000000: count=" + shown),
                arguments(List.of("--count=1", "--count=\33[31m2"), "--count is given more than"
                        + " once: values=[1, \\u001b[31m2]: pass one"),
                arguments(List.of("--json=\n1"), "--json takes no value: json=\\u000a1: leave it"
                        + " out"),
                arguments(List.of("--no\33[31mnsense"),
                        "there is no option --no\\u001b[31mnsense: see scripts/demo --help"));
    }

    @ParameterizedTest
    @CsvSource({"bench, 'there is no section '", "torture, 'there is no storm '",
        "demo workers, there is no such folder: path=", "test, 'no test class has the name '"})
    void longWordIsCutByEveryScript(String line, String sentence) {
        List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
        words.add("\33" + "x".repeat(20_000));

        Program script = start(words.toArray(String[]::new)).expectExit(2);

        assertThat(script.err().lines()).singleElement().asString().startsWith(
                words.getFirst() + ": " + sentence + "\\u001b" + "x".repeat(199)
                        + "... (20001 letters)");
        assertNothingWasBuilt();
    }

    @Test
    void foldersWithoutATextAreRefusedBeforeABuild() throws IOException {
        Path empty = Files.createDirectory(sandbox.directory().resolve("empty"));

        Program demo = start("demo", "workers", empty.toString(), empty.toString()).expectExit(2);

        assertThat(demo.err()).isEqualTo("demo: there is no *.java, *.md or *.txt file in these"
                + " folders: folders=[" + empty + ", " + empty + "]: name another one\n");
        assertNothingWasBuilt();
    }

    @Test
    void clusterWithoutAServerIsRefusedBeforeABuild() throws IOException {
        sandbox.with("NATS_SERVER", "/no/nats-server");

        assertThat(start("demo", "cluster").expectExit(2).err()).isEqualTo("demo: NATS_SERVER does"
                + " not name a program: path=/no/nats-server: name nats-server, or leave it out\n");
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
                List.of("--", "--json"), List.of("-m", "-1"), List.of("--message=--json"),
                List.of("--count", "+7", "--size", "007", "--timeout", "1e1"),
                List.of("--timeout", ".5"), List.of("--timeout", "86400"),
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
