package dev.ipcchannel.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/// Tests of README.md: its examples compile without a warning and print what is shown below them,
/// and so does the demo.
@Timeout(120)
class ReadmeIT {

    private static final String COMMANDS = "commands";
    private static final String DEMO = "scripts/demo";
    private static final String ECHO = "file Echo.java";
    private static final String POM = "file pom.xml";
    private static final String ENDS = "file Ends.java"; // of parent and child
    private static final String PARENT = "Parent";
    private static final String MEETING = "Meeting"; // runs twice
    private static final String CHILD = "Child"; // its parent prints what it says

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private final Page readme = Page.read("README.md");

    ReadmeIT() throws IOException {}

    @Test
    void everyBlockHasAMarkerAndEveryMarkerABlock() {
        assertThat(readme.prose().lines()).as("lines outside of marked blocks")
                .noneMatch(line -> line.contains("```") || line.contains("<!--"));
    }

    @Test
    void everyExampleHasItsOutputAndNothingElseIsMarked() {
        List<String> expected =
                new ArrayList<>(List.of(COMMANDS, ECHO, "run Echo.java",
                        Page.OUTPUT + "Echo.java", POM, "run pom.xml", ENDS));
        for (String name : readme.examples()) {
            expected.add(Page.EXAMPLE + name);
            if (!name.equals(CHILD)) {
                expected.add(Page.OUTPUT + name);
            }
        }
        assertThat(readme.markers()).containsExactlyInAnyOrderElementsOf(expected);
    }

    /// The markers are comments, which a reader does not see.
    @Test
    void nameOfEachFileStandsAboveIt() throws IOException {
        List<String> names = new ArrayList<>(readme.examples());
        names.replaceAll(name -> name + ".java");
        names.addAll(readme.classFiles());
        names.add("pom.xml");

        String text = Files.readString(Page.ROOT.resolve("README.md"));

        assertThat(names).allSatisfy(name -> assertThat(text)
                .containsPattern("`" + name + "`[^\n]*(\n[^\n]+)?\n\n<!-- (example|file) "
                        + name.replace(".java", "")));
    }

    @Test
    void theCommandsAreThere() {
        assertThat(readme.block(COMMANDS).lines()).isNotEmpty().allSatisfy(line -> {
            assertThat(line).startsWith("$ scripts/");
            Path command = Page.ROOT.resolve(line.substring(2).split(" ", 2)[0]);
            assertThat(command).isRegularFile().isExecutable();
        });
    }

    @Test
    void theDemoPrintsWhatItsPageShows() throws IOException {
        // No build inside a build, and no network: what the script runs exists already.
        sandbox.script("mvn", "echo 'a jar of the demo is older than its sources'", "exit 1");
        sandbox.with("PATH", sandbox.directory() + File.pathSeparator + System.getenv("PATH"))
                .with("JAVA_HOME", System.getProperty("java.home"));

        Program demo = sandbox.start(List.of(Page.ROOT.resolve(DEMO).toString()))
                .expectExit(0);

        assertThat(comparable(demo.out()))
                .containsExactlyElementsOf(comparable(
                        Page.read("docs/demo.md").block(Page.OUTPUT + DEMO)));
        assertThat(demo.err()).isEmpty();
    }

    @Test
    void theParentStartsItsChildAndPrintsWhatThePageShows() throws IOException {
        ExamplePrograms programs = new ExamplePrograms(readme, sandbox.directory());
        // both JVMs read it: a child without the flag in its command fails
        sandbox.with("JDK_JAVA_OPTIONS", "--illegal-native-access=deny");

        Program parent = sandbox.startInside(programs.command(PARENT, CHILD)).expectExit(0);

        assertThat(parent.out()).isEqualTo(readme.block(Page.OUTPUT + PARENT));
    }

    @Test
    void theParentShowsWhatItsChildHasPrintedWhereThatFails() throws IOException {
        ExamplePrograms programs = new ExamplePrograms(readme, sandbox.directory());

        Program parent = sandbox.startInside(programs.command(PARENT)).expectExit(1);

        assertThat(parent.err()).contains("the child ended before it connected: exit=1")
                .contains("Could not find or load main class Child");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTwoThatMeetByNamePrintWhatThePageShows(boolean receiverIsFirst) throws IOException {
        List<String> command = new ExamplePrograms(readme, sandbox.directory()).command(MEETING);
        List<String> withItem = new ArrayList<>(command);
        withItem.add("tea");

        Program first = sandbox.startInside(receiverIsFirst ? command : withItem);
        Program second = sandbox.startInside(receiverIsFirst ? withItem : command);

        for (Program program : List.of(first, second)) {
            assertThat(program.expectExit(0).err()).isEmpty();
        }
        assertThat(first.out() + second.out()).isEqualTo(readme.block(Page.OUTPUT + MEETING));
    }

    @ParameterizedTest
    @MethodSource
    void exampleInOneProcessPrintsWhatThePageShows(String name) throws IOException {
        ExamplePrograms programs = new ExamplePrograms(readme, sandbox.directory());

        Program program = sandbox.startInside(programs.command(name)).expectExit(0);

        assertThat(withoutPid(program.out()))
                .isEqualTo(withoutPid(readme.block(Page.OUTPUT + name)));
        assertThat(program.err()).isEmpty();
    }

    private static String withoutPid(String output) {
        return output.replaceAll("pid=\\d+", "pid=NUMBER");
    }

    static Stream<String> exampleInOneProcessPrintsWhatThePageShows() throws IOException {
        return Page.read("README.md").examples().stream()
                .filter(name -> !List.of(PARENT, CHILD, MEETING).contains(name));
    }

    /// One whole file comes before all other code of the page.
    @Test
    void theFirstCodeIsAWholeFile() {
        assertThat(readme.markers().subList(1, 4))
                .containsExactly(ECHO, "run Echo.java", Page.OUTPUT + "Echo.java");
    }

    /// The default Java does not matter.
    @Test
    void theFirstFileRunsByTheCommandsBelowIt() throws IOException {
        String exports = installLibrary(localRepository());
        List<String> commands = readme.block("run Echo.java").lines().toList();
        Files.writeString(sandbox.directory().resolve("Echo.java"), readme.block(ECHO));
        assertThat(commands).hasSize(2).first().isEqualTo(exports
                .replaceFirst("=\\S+ ", "=/path/to/jdk-25 ")
                .replaceFirst("=\\S+/(?=ipc-channel-[^/]+$)", "=/path/to/"));

        Program echo = sandbox.startInside(shell(exports, commands.getLast())).expectExit(0);

        assertThat(echo.out()).isEqualTo(readme.block(Page.OUTPUT + "Echo.java"));
        assertThat(echo.err()).isEmpty();
    }

    @Test
    void theFileAndThePomAreAProject() throws IOException {
        LocalRepository repository = localRepository();
        String exports = installLibrary(repository);
        Path sources = Files.createDirectories(sandbox.directory().resolve("src/main/java"));
        Files.writeString(sources.resolve("Echo.java"), readme.block(ECHO));
        Files.writeString(sandbox.directory().resolve("pom.xml"), readme.block(POM));
        List<String> commands = readme.block("run pom.xml").lines().toList();
        assertThat(commands).hasSize(2).first().asString().isEqualTo("$ mvn package");

        Program maven = sandbox.startInside(shell(exports, "mvn --offline --quiet"
                + " -Dmaven.repo.local='" + repository.folder() + "' package")).awaitEnd();
        assumeFalse(maven.out().contains("offline mode"),
                "the plugins that Maven takes by default are not in the local repository");
        maven.expectExit(0);
        Program echo = sandbox.startInside(shell(exports, commands.getLast())).expectExit(0);

        assertThat(echo.out()).isEqualTo(readme.block(Page.OUTPUT + "Echo.java"));
        assertThat(echo.err()).isEmpty();
    }

    private LocalRepository localRepository() throws IOException {
        return LocalRepository.withLibrary(sandbox.directory().resolve(".m2/repository"));
    }

    /// Runs `scripts/install` with a Maven that does nothing and a default Java that runs nothing.
    ///
    /// @return the line that the script prints last
    private String installLibrary(LocalRepository repository) throws IOException {
        Scripts scripts = new Scripts(sandbox);
        scripts.installsTo(repository.library().toString());
        String exports = sandbox.start(List.of(scripts.script("install"))).expectExit(0)
                .outLines().getLast();
        Files.delete(sandbox.directory().resolve("mvn"));
        sandbox.script("java", "echo 'this is a Java 17' >&2", "exit 1");
        sandbox.with("JAVA_HOME", "/no/java/here");
        return "$ " + exports;
    }

    private static List<String> shell(String... commands) {
        return List.of("bash", "-c",
                String.join("\n", commands).replaceAll("(?m)^\\$ ", ""));
    }

    @Test
    void thePomIsThatOfTheBuild() throws Exception {
        DocumentBuilderFactory documents = DocumentBuilderFactory.newInstance();
        Document shown = documents.newDocumentBuilder()
                .parse(new ByteArrayInputStream(readme.block(POM).getBytes(UTF_8)));
        Document build =
                documents.newDocumentBuilder().parse(Page.ROOT.resolve("pom.xml").toFile());

        for (String path : List.of("//plugin[artifactId='maven-compiler-plugin']/version",
                "/project/properties/maven.compiler.release")) {
            assertThat(value(shown, path)).isNotEmpty().isEqualTo(value(build, path));
        }
        assertThat(value(shown, "//dependency/version")).isNotEmpty()
                .isEqualTo(value(build, "/project/version"));
    }

    private static String value(Document pom, String path) throws XPathExpressionException {
        XPath search = XPathFactory.newInstance().newXPath();
        return search.evaluate(path, pom);
    }

    /// The lines without names and numbers, which differ from run to run.
    private static List<String> comparable(String output) {
        return output.lines().map(line -> line
                .replaceAll("/\\S*ipc-channel-[0-9a-f]{32}/server", "NAME")
                .replaceAll("\\d+", "NUMBER")).toList();
    }
}
