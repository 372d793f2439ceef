package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The truth of docs/how-to-run.md: one project, made of README's pom and the page's own blocks, is
/// built by Maven once and run by the page's own commands. Native access is denied to every JVM
/// that does not ask for it.
///
/// Longer than other files: it has the parts of the project that are not on the page.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HowToRunIT {

    private static final Path PAGE = Path.of("..", "docs", "how-to-run.md");
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern BLOCK = Pattern.compile(
            "^<!-- (\\V+) -->\\n```\\w+\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final long MINUTES = 9; // plugins may have to be fetched

    /// Blocks for programs that are not installed here.
    private static final List<String> NOT_RUN =
            List.of("gradle build.gradle.kts", "docker Dockerfile");

    /// The library's pom in the local repository.
    private static final String LIBRARY_POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>dev.ipcchannel</groupId>
              <artifactId>ipc-channel</artifactId>
              <version>0.1.0-SNAPSHOT</version>
              <dependencies><dependency>
                <groupId>com.google.code.gson</groupId><artifactId>gson</artifactId>
                <version>GSON</version>
              </dependency></dependencies>
            </project>
            """;

    /// An SLF4J provider.
    private static final String PROVIDER = """
            <dependency>
              <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId>
              <version>2.0.17</version><scope>runtime</scope>
            </dependency>
            """;

    /// A program that makes the library log a warning.
    private static final String WARNING = """
            package shop;

            import dev.ipcchannel.Channel;
            import dev.ipcchannel.select.Router;
            import java.util.concurrent.CountDownLatch;

            public class Warning {
                public static void main(String[] words) throws Exception {
                    Channel<String> channel = Channel.create(String.class);
                    CountDownLatch end = new CountDownLatch(1);
                    try (Router router = Router.open()) {
                        router.route(channel.receiver(), word -> {
                            throw new IllegalStateException(word);
                        }, cause -> end.countDown());
                        channel.sender().send("sour milk");
                        channel.sender().close();
                        end.await();
                    }
                }
            }
            """;
    private static final String WARNED = "the handler of a route threw an exception";

    @RegisterExtension
    final Children children = new Children();

    private final Map<String, String> blocks = new LinkedHashMap<>();
    private String prose = "";
    private Workshop workshop;
    private Path libraryJar;
    private Path repository = Path.of("", "no such repository");
    private String log = "";

    @BeforeAll
    void build(@TempDir Path folder) throws Exception {
        String page = Files.readString(PAGE);
        for (MatchResult block : BLOCK.matcher(page).results().toList()) {
            assertThat(blocks.put(block.group(1), block.group(2))).as(block.group(1)).isNull();
        }
        prose = BLOCK.matcher(page).replaceAll("");
        assumeTrue(isOnPath("mvn"), "mvn is not on the PATH");
        workshop = new Workshop(folder);
        libraryJar = workshop.jar(workshop.library(), "");
        repository = repository();
        for (String name : named("file ")) {
            workshop.write(name, block("file " + name));
        }
        workshop.write("src/main/java/shop/Warning.java", WARNING);
        workshop.write("pom.xml", pom());
        log = maven("mvn --batch-mode --no-transfer-progress package");
    }

    private List<String> named(String kind) {
        return blocks.keySet().stream().filter(marker -> marker.startsWith(kind))
                .map(marker -> marker.substring(kind.length())).toList();
    }

    private String block(String marker) {
        return Objects.requireNonNull(blocks.get(marker), marker);
    }

    /// README's pom with the page's additions.
    private String pom() throws IOException {
        String pom = BLOCK.matcher(Files.readString(README)).results()
                .filter(block -> block.group(1).equals("file pom.xml")).findFirst().orElseThrow()
                .group(2);
        return pom.replace("<artifactId>echo</artifactId>", "<artifactId>shop</artifactId>")
                .replace("<version>1.0-SNAPSHOT</version>", "<version>1</version>")
                .replace("</dependencies>", all("dependency ") + PROVIDER + "</dependencies>")
                .replace("</plugins>", all("plugin ") + "</plugins>");
    }

    private String all(String kind) {
        return String.join("", named(kind).stream().map(name -> block(kind + name)).toList());
    }

    /// A local repository with all of the user's, and the library.
    private Path repository() throws IOException {
        Path users = Path.of(System.getProperty("localRepository",
                System.getProperty("user.home") + "/.m2/repository"));
        Path own = Files.createDirectories(workshop.folder().resolve("repository"));
        Files.createDirectories(users);
        link(users, own, "dev");
        Files.createDirectories(users.resolve("dev"));
        link(users.resolve("dev"), Files.createDirectories(own.resolve("dev")), "ipcchannel");
        Path library = Files.createDirectories(
                own.resolve("dev/ipcchannel/ipc-channel/0.1.0-SNAPSHOT"));
        Files.copy(libraryJar, library.resolve("ipc-channel-0.1.0-SNAPSHOT.jar"));
        Files.writeString(library.resolve("ipc-channel-0.1.0-SNAPSHOT.pom"), LIBRARY_POM
                .replace("GSON", Workshop.gson().resolveSibling("").getFileName().toString()));
        return own;
    }

    /// Makes links to everything in a folder with one exception.
    private static void link(Path folder, Path to, String exception) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!file.endsWith(exception)) {
                    Files.createSymbolicLink(to.resolve(file.getFileName()), file);
                }
            }
        }
    }

    /// Removes the links, since the deletion of the folder would warn of each.
    @AfterAll
    void unlink() throws IOException {
        if (Files.exists(repository)) {
            try (Stream<Path> files = Files.walk(repository, 2)) {
                for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                    Files.delete(link);
                }
            }
        }
    }

    /// Runs Maven with that repository.
    ///
    /// @return its output
    private String maven(String command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(workshop.folder(), "maven", ".log");
        ProcessBuilder builder = builder(command).redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository + " "
                + Workshop.QUICK);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("Maven has ended").isTrue();
            String text = Files.readString(said);
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /// Commands for a shell in the project's folder, where `java` is that of this JVM.
    private ProcessBuilder builder(String commands) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", commands)
                .directory(workshop.folder().toFile());
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":"
                + environment.get("PATH"));
        environment.put("XDG_CACHE_HOME", workshop.folder().toString());
        environment.put("JDK_JAVA_OPTIONS", "--illegal-native-access=deny");
        return builder;
    }

    /// The page's commands.
    private String commands(String name) {
        return block("commands " + name).lines().map(line -> line.substring(2))
                .reduce("", (before, line) -> before + line + "\n");
    }

    private ChildOutput run(String commands) throws IOException, InterruptedException {
        try (ChildOutput output = ChildOutput.capture(builder(commands).start())) {
            output.awaitExit(Children.PATIENCE);
            return output;
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// Asserts that the parent printed the answer, without complaints.
    private static void assertSays(ChildOutput parent) {
        assertThat(complaints(parent)).isEmpty();
        assertThat(parent.lines()).containsExactly(Workshop.ANSWER);
        assertThat(parent.process().exitValue()).isZero();
    }

    /// The lines on standard error, except a JVM's about the variable and SLF4J's about early logs
    /// of the JDK.
    private static List<String> complaints(ChildOutput parent) {
        return parent.errorLines().stream()
                .filter(line -> !line.contains("NOTE: Picked up JDK_JAVA_OPTIONS"))
                .filter(line -> !line.startsWith("SLF4J(W): ")).toList();
    }

    @Test
    void everyBlockIsMarkedAndUsed() {
        assertThat(prose.lines()).as("lines outside of marked blocks")
                .noneMatch(line -> line.contains("```") || line.contains("<!--"));
        assertThat(blocks.keySet()).allMatch(marker -> NOT_RUN.contains(marker)
                || Stream.of("file ", "plugin ", "dependency ", "module ", "commands ")
                        .anyMatch(marker::startsWith));
        assertThat(named("commands ")).containsExactlyInAnyOrder("options", "variable", "exec",
                "shade", "boot", "modules", "jlink");
    }

    @Test
    void testStartsItsWorkerUnderSurefire() {
        assertThat(log).contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void execPluginRunsTheProgram() throws Exception {
        assertThat(maven(commands("exec"))).containsPattern("(?m)^" + Workshop.ANSWER + "$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"options", "variable", "shade", "boot"})
    void commandRunsTheProgram(String name) throws Exception {
        assertSays(run(commands(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"modules", "jlink"})
    void commandRunsTheProgramAsAModule(String name) throws Exception {
        Path lib = Files.createDirectories(workshop.folder().resolve(name + "/lib"));
        Files.copy(libraryJar, lib.resolve("ipc-channel.jar"));
        Files.copy(Workshop.gson(), lib.resolve("gson.jar"));
        workshop.compile(name + "/target/classes", List.of("--module-path", lib.toString()),
                workshop.write(name + "/module-info.java", block("module module-info.java")),
                workshop.folder().resolve("src/main/java/shop/Main.java"));

        assertSays(run("cd " + name + "\n" + commands(name)));
    }

    @Test
    void programIsRefusedThatIsStartedWithoutNativeAccess() throws Exception {
        ChildOutput parent = run("java -cp target/shop-1-shaded.jar shop.Main");

        assertThat(parent.process().exitValue()).isOne();
        assertThat(String.join("\n", parent.errorLines())).contains(
                "start java with --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void programMayBeProcessOne() throws Exception {
        String unshare = "unshare --user --map-root-user --pid --fork --mount-proc ";
        assumeTrue(run(unshare + "true").process().exitValue() == 0,
                "this user may not make a pid namespace: " + unshare);

        assertSays(run(unshare + commands("shade")));
    }

    @Test
    void slf4jTakesTheLog() throws Exception {
        assertThat(warning("-cp target/shop-1-shaded.jar shop.Warning"))
                .anyMatch(line -> line.contains("WARN dev.ipcchannel - " + WARNED));
    }

    @Test
    void archiveOfSpringBootsLogsByTheJdk() throws Exception {
        assertThat(warning("-Djava.util.logging.config.file=logging.properties"
                + " -Dloader.main=shop.Warning -cp target/shop-1.jar"
                + " org.springframework.boot.loader.launch.PropertiesLauncher"))
                .anyMatch(line -> line.startsWith("dev.ipcchannel: " + WARNED));
    }

    private List<String> warning(String words) throws IOException, InterruptedException {
        ChildOutput parent = run("java @shop.options " + words);
        assertThat(parent.process().exitValue()).as(parent.errorLines().toString()).isZero();
        return parent.errorLines();
    }
}
