package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of the example that counts the words of many files by the nodes of a cluster. Each has a
/// server of its own.
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class WordsInClusterIT {

    private static final Pattern SHARE = Pattern.compile("(?m)^Node .*: (\\d+) files counted");
    private static final Pattern URL = Pattern.compile("nats://[^\"]+");

    @RegisterExtension
    final Programs programs = new Programs();

    private void files(int count) throws IOException {
        Path folder = Files.createDirectory(programs.directory().resolve("texts"));
        for (int i = 0; i < count; i++) {
            Files.writeString(folder.resolve("%03d.txt".formatted(i)),
                    "each file is counted once\n".repeat(10));
        }
    }

    private static int counted(Programs.Result result) {
        Matcher shares = SHARE.matcher(result.out());
        return shares.results().mapToInt(share -> Integer.parseInt(share.group(1))).sum();
    }

    @Test
    void everyFileIsCountedHoweverManyNodesAreKilled() throws Exception {
        files(300);

        Programs.Result count = programs
                .run(Programs.example("cluster", "count", "--kill", "2", "texts")).expectExit(0);

        assertThat(count.err()).isEmpty();
        assertThat(count.lines().subList(0, 4)).satisfiesExactly(
                line -> assertThat(line)
                        .matches("Node 1, process \\d+, is killed after \\d+ of 300 files"),
                line -> assertThat(line).matches("Node 3, process \\d+, takes its place"),
                line -> assertThat(line)
                        .matches("Node 2, process \\d+, is killed after \\d+ of 300 files"),
                line -> assertThat(line).matches("Node 4, process \\d+, takes its place"));
        assertThat(count.lines()).containsSubsequence("     3000  counted",
                "    15000  words, 5 different ones");
        assertThat(count.out()).containsPattern("Node 1, process \\d+: \\d+ files counted, killed")
                .containsPattern("Jobs: 300 done, 0 failed, \\d+ given once more, 2 nodes killed")
                .endsWith("Files: 300 found = 300 counted + 0 not counted\n");
        assertThat(counted(count)).isEqualTo(300);
    }

    /// The check that nothing is left is that of [Programs].
    @Test
    void nothingIsLeftAfterCtrlC() throws Exception {
        files(300);
        RunningProgram count = programs
                .start(Programs.example("cluster", "count", "--kill", "5", "texts"));

        Programs.Result ended = count.awaitLine("Node 3").signal("INT").awaitEnd();

        assertThat(ended.expectExit(130).err()).isEmpty();
        assertThat(ended.out()).doesNotContain("Files:");
    }

    @Test
    void nothingIsLeftAfterTheProgramIsKilled() throws Exception {
        files(300);
        RunningProgram count = programs
                .start(Programs.example("cluster", "count", "--kill", "5", "texts"));

        count.awaitLine("Node 3").signal("KILL").awaitEnd().expectExit(137);

        await("no process left").atMost(Programs.PATIENCE)
                .untilAsserted(() -> assertThat(programs.processes()).isEmpty());
        programs.clearTemporary(); // the store, which it had no time to delete
    }

    @Test
    void nodesOfOtherServersCountUntilTheyAreAskedToEnd() throws Exception {
        files(20);
        RunningProgram server = programs.start(List.of(server().toString(), "--addr", "127.0.0.1",
                "--port", "-1", "--jetstream", "--store_dir", "store", "--ports_file_dir", "."));
        String url = awaitUrl();
        RunningProgram node = programs.start(Programs.example("cluster", "node", "--workers", "1",
                "--set", "texts", url)).awaitLine("texts node ");

        Programs.Result count = programs.run(
                Programs.example("cluster", "count", "--url", url, "--set", "texts", "texts"))
                .expectExit(0);
        Programs.Result ended = node.signal("TERM").awaitEnd();
        server.signal("KILL").awaitEnd();

        assertThat(count.err()).isEmpty();
        assertThat(count.out()).containsPattern("(?m)^Node \\S+-\\d+: 20 files counted$")
                .endsWith("Files: 20 found = 20 counted + 0 not counted\n");
        assertThat(ended.expectExit(143).lines().getFirst()).endsWith(
                ": 0/1 hands busy, 0 done, 0 failed, 0 cancelled, 0 given back, 0 quarantined,"
                        + " 0 ends kept, connected");
        assertThat(ended.lines().getLast()).contains(": 0/1 hands busy, 20 done")
                .endsWith(", 0 ends kept, connected, draining");
    }

    private static Path server() {
        Optional<Path> named = Optional.ofNullable(System.getenv("NATS_SERVER")).map(Path::of);
        return named.orElseGet(() -> Stream
                .concat(Stream.of(System.getenv("PATH").split(":")),
                        Stream.of("/usr/sbin", "/usr/local/bin"))
                .map(folder -> Path.of(folder, "nats-server")).filter(Files::isExecutable)
                .findFirst().orElseThrow());
    }

    private String awaitUrl() {
        return await().atMost(Programs.PATIENCE).until(this::url, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> url() throws IOException {
        try (Stream<Path> files = Files.list(programs.directory())) {
            Optional<Path> ports =
                    files.filter(file -> file.toString().endsWith(".ports")).findFirst();
            return ports.isEmpty() ? Optional.empty()
                    : URL.matcher(Files.readString(ports.get())).results().map(MatchResult::group)
                            .findFirst();
        }
    }

    @Test
    void fileThatCannotBeCountedIsAccountedFor() throws Exception {
        files(1);
        Path broken = programs.directory().resolve("texts/b.md");
        Files.createSymbolicLink(broken, Path.of("nowhere"));
        Path large = Files.writeString(programs.directory().resolve("texts/c.txt"),
                "a ".repeat(500_001));

        Programs.Result count =
                programs.run(Programs.example("cluster", "count", "texts")).expectExit(1);

        assertThat(count.err()).isEqualTo(
                "cluster: %s is not counted: there is no such file%n".formatted(broken)
                        + ("cluster: %s is not counted: it is too long for a job:"
                                + " length=1,000,002, limit=1,000,000 bytes%n").formatted(large));
        assertThat(count.lines()).contains("Files: 3 found = 1 counted + 2 not counted");
    }

    @Test
    void missingServerIsOneSentence() throws Exception {
        files(1);
        programs.with("NATS_SERVER", "/no/nats-server");

        assertThat(programs.run(Programs.example("cluster", "count", "texts")).expectSentence(2))
                .isEqualTo("cluster: no nats-server was found in NATS_SERVER, on the PATH, in"
                        + " /usr/sbin and /usr/local/bin: install it (package nats-server, say)");
    }

    @Test
    void programThatIsNoServerIsOneSentence() throws Exception {
        files(1);
        programs.with("NATS_SERVER", "/bin/false");

        assertThat(programs.run(Programs.example("cluster", "count", "texts")).expectSentence(3))
                .startsWith("cluster: the server has not started: program=/bin/false: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run | the name of a program is needed first: node or count
            count --workers 0 | --workers must be a whole number from 1 to 64: workers=0
            count --url localhost | --url must be nats:// or tls:// and an address: url=localhost
            count --url nats://a:1 --kill 1 | --workers and --kill are for nodes of its own, and \
            --url for others: pass either
            count --ack-wait 3 | --set, --replicas and --ack-wait are for the nodes of other \
            servers: pass --url as well
            count /no/such | there is no such folder: path=/no/such
            node | one URL of the servers is needed, and nothing else: given=[]: see --help
            node a:4222 | the URL of a server begins with nats:// or tls://: url=a:4222
            node --replicas 2 nats://a:1 | --replicas must be 1, 3 or 5: replicas=2
            node --set a.b nats://a:1 | --set must be 1 to 64 letters, digits, - and _: set=a.b
            """)
    void wrongInputIsOneSentence(String arguments, String sentence) throws Exception {
        String program = arguments.startsWith("node") ? "node" : "cluster";

        assertThat(programs.run(Programs.example("cluster", arguments.split(" ")))
                .expectSentence(2)).isEqualTo(program + ": " + sentence);
    }

    @Test
    void nodeWithoutAServerIsOneSentence() throws Exception {
        programs.with("NATS_URL", "nats://jobs:secret@127.0.0.1:1");

        assertThat(programs.run(Programs.example("cluster", "node")).expectSentence(3))
                .startsWith("node: no server of the cluster can be reached: url=nats://127.0.0.1:1")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"count, --workers --kill --url --set --replicas --ack-wait --help",
        "node, --workers --set --replicas --ack-wait --patience --pause --help"})
    void helpNamesEveryOption(String program, String options) throws Exception {
        Programs.Result help = programs.run(Programs.example("cluster", program, "--help"))
                .expectExit(0);

        assertThat(help.out()).contains(options.split(" ")).contains("Exit codes: ");
    }
}
