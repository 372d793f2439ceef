package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Tests of the files that the host of the repository reads: workflows, forms for issues, owners of
/// code.
@Timeout(120)
class RepositoryFilesTest {

    private static final Path HOST = Page.ROOT.resolve(".github");
    private static final Path WORKFLOW = HOST.resolve("workflows/test.yml");
    private static final Pattern SCRIPT = Pattern.compile("(?:scripts|\\.ci)/[a-z-]+");
    private static final String LINTER = "0.6.0";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    static List<Path> yamlFiles() throws IOException {
        try (Stream<Path> files = Files.walk(HOST)) {
            return files.filter(file -> file.toString().endsWith(".yml")).toList();
        }
    }

    static List<Path> workflows() throws IOException {
        return yamlFiles().stream().filter(file -> file.getParent().endsWith("workflows")).toList();
    }

    @ParameterizedTest
    @MethodSource("yamlFiles")
    void everyFileIsYamlWithoutAKeyTwice(Path file) throws IOException {
        assertThat(parse(Files.readString(file))).isNotEmpty();
    }

    @Test
    void keyThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> parse("name: a\nname: b\n")).isInstanceOf(YAMLException.class)
                .hasMessageContaining("duplicate key name");
    }

    @Test
    void testsRunOnTheJdkOfTheBuildAndTheNewestOnBothProcessorsAndBothLibraries()
            throws IOException {
        Map<?, ?> jobs = map(parse(Files.readString(WORKFLOW)), "jobs");
        Map<?, ?> glibc = map(map(map(jobs, "glibc"), "strategy"), "matrix");
        Map<?, ?> musl = map(map(map(jobs, "musl"), "strategy"), "matrix");

        assertThat(glibc.get("java")).isEqualTo(List.of("25", ">=25"));
        assertThat(Files.readString(Page.ROOT.resolve("pom.xml")))
                .contains("<maven.compiler.release>25</maven.compiler.release>");
        assertThat(glibc.get("runner")).isEqualTo(List.of("ubuntu-24.04", "ubuntu-24.04-arm"));
        assertThat(musl.get("runner")).isEqualTo(glibc.get("runner"));
        assertThat(map(jobs, "musl").toString()).contains("alpine", "scripts/test");
        assertThat(map(jobs, "glibc").toString()).contains(".ci/run");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void everyScriptOfAWorkflowCanBeRun(Path workflow) throws IOException {
        assertThat(SCRIPT.matcher(Files.readString(workflow)).results().map(MatchResult::group))
                .isNotEmpty().allSatisfy(script -> assertThat(Page.ROOT.resolve(script))
                        .isRegularFile().isExecutable());
    }

    @Test
    void everyPathThatHasAnOwnerExistsAndEveryOwnerIsATeam() throws IOException {
        List<String[]> owned = Files.readString(HOST.resolve("CODEOWNERS")).lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" +")).toList();

        assertThat(owned).isNotEmpty().allSatisfy(line -> {
            assertThat(line).hasSize(2);
            assertThat(line[1]).matches("@ipc-channel/[a-z-]+");
        });
        assertThat(owned).extracting(line -> line[0]).filteredOn(path -> !path.equals("*"))
                .allSatisfy(path -> assertThat(Path.of(Page.ROOT + "/" + path)).exists());
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void workflowPassesTheLinter(Path workflow) {
        Program linter = lint(workflow).expectExit(0);

        assertThat(linter.err()).isEmpty();
    }

    @Test
    void stepWithAWrongKeyIsRefusedByTheLinter() throws IOException {
        Path folder = Files.createDirectories(sandbox.directory().resolve(".github/workflows"));
        Path workflow = Files.writeString(folder.resolve("test.yml"),
                Files.readString(WORKFLOW).replace("- run: scripts/reproducible",
                        "- ran: scripts/reproducible"));

        Program linter = lint(workflow).expectExit(1);

        assertThat(linter.out() + linter.err()).contains("'ran'");
    }

    /// Checks a workflow with the linter, which npm fetches where it is not in its cache.
    private Program lint(Path workflow) {
        assumeTrue(isOnThePath("npx"), "npx is not installed, so no linter reads the workflows");
        Program linter = sandbox.startInside(List.of("npx", "--yes",
                "--fetch-retries=0", "--fetch-timeout=20000", // or it would wait for minutes
                "--package", "@action-validator/core@" + LINTER,
                "--package", "@action-validator/cli@" + LINTER,
                "action-validator", workflow.toString())).awaitEnd();
        assumeFalse(linter.err().contains("npm error"),
                "npm cannot fetch the linter of workflows: " + linter.err());
        return linter;
    }

    private static boolean isOnThePath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Map<?, ?> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return (Map<?, ?>) new Yaml(new SafeConstructor(options)).load(text);
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        Object child = parent.get(key);
        assertThat(child).as(key).isInstanceOf(Map.class);
        return (Map<?, ?>) child;
    }
}
