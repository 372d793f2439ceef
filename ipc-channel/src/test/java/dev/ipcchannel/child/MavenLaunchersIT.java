package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Children of programs that Maven's plugins run: one project is built once, run by Surefire in all
/// its ways and by the exec plugin, and packed into Spring Boot archives, which run afterwards.
///
/// Longer than other files: it has the project.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MavenLaunchersIT {

    private static final String ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final long MINUTES = 9; // plugins may have to be fetched

    /// A program that writes its child's answer to a file.
    private static final String MAIN = """
            package launched;

            import dev.ipcchannel.child.ChildJvm;
            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Main {
                public static void main(String[] words) throws Exception {
                    if (words.length > 1) { // and forgets to ask
                        ChildJvm.of(Main.class).arguments(words).start(String.class, String.class)
                                .close();
                    }
                    if (ChildJvm.isChild()) {
                        answer();
                        return;
                    }
                    Files.writeString(Path.of(words[0]), ask(ChildJvm.of(Main.class)) + " "
                            + ask(ChildJvm.of("launched.Main")));
                }

                static void answer() throws Exception {
                    try (var parent = ChildJvm.parent(String.class, String.class)) {
                        parent.send("you say " + parent.receive());
                    }
                }

                static String ask(ChildJvm told) throws Exception {
                    try (var child = told.directory(Path.of("/")).start(String.class,
                            String.class)) {
                        child.send("hello");
                        return child.receive();
                    }
                }
            }
            """;
    private static final String BOTH = Workshop.ANSWER + " " + Workshop.ANSWER;

    /// A test whose child is among the tests.
    private static final String TEST = """
            package launched;

            import dev.ipcchannel.child.ChildJvm;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import org.junit.jupiter.api.Test;

            class LaunchedTest {
                @Test
                void asks() throws Exception {
                    Files.writeString(Path.of(System.getProperty("said")),
                            Main.ask(ChildJvm.of(Child.class)));
                }

                static class Child {
                    public static void main(String[] words) throws Exception {
                        Main.answer();
                    }
                }
            }
            """;
    private static final String MODULE = "module launched { requires dev.ipcchannel; }";

    /// The ways of Surefire, each with its configuration.
    private static final List<String> SUREFIRE = List.of(
            way("packed", "<useModulePath>false</useModulePath>"),
            way("listed", "<useModulePath>false</useModulePath>"
                    + "<useManifestOnlyJar>false</useManifestOnlyJar>"),
            way("isolated", "<useModulePath>false</useModulePath>"
                    + "<useSystemClassLoader>false</useSystemClassLoader>"),
            way("unforked", "<useModulePath>false</useModulePath><forkCount>0</forkCount>"),
            way("modular", ""));

    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>launched</groupId>
              <artifactId>launched</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>25</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency>
                  <groupId>launched</groupId><artifactId>library</artifactId><version>1</version>
                  <scope>system</scope><systemPath>LIBRARY</systemPath>
                </dependency>
                <dependency>
                  <groupId>launched</groupId><artifactId>gson</artifactId><version>1</version>
                  <scope>system</scope><systemPath>GSON</systemPath>
                </dependency>
                <dependency>
                  <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
                  <version>JUNIT</version><scope>test</scope>
                </dependency>
              </dependencies>
              <build><plugins>
                <plugin>
                  <artifactId>maven-resources-plugin</artifactId><version>3.5.0</version>
                </plugin>
                <plugin>
                  <artifactId>maven-compiler-plugin</artifactId><version>3.16.0</version>
                </plugin>
                <plugin><artifactId>maven-jar-plugin</artifactId><version>3.5.0</version></plugin>
                <plugin>
                  <artifactId>maven-surefire-plugin</artifactId><version>3.6.1</version>
                  <configuration>
                    <argLine>--enable-native-access=ALL-UNNAMED,dev.ipcchannel QUICK</argLine>
                  </configuration>
                  <executions>
                    <execution><id>default-test</id><phase>none</phase></execution>SUREFIRE
                  </executions>
                </plugin>
                <plugin>
                  <groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId>
                  <version>3.6.4</version>
                  <executions><execution>
                    <phase>package</phase><goals><goal>java</goal></goals>
                    <configuration>
                      <mainClass>launched.Main</mainClass>
                      <arguments><argument>${project.basedir}/exec.txt</argument></arguments>
                      <classpathScope>compile</classpathScope>
                    </configuration>
                  </execution></executions>
                </plugin>
                <plugin>
                  <groupId>org.springframework.boot</groupId>
                  <artifactId>spring-boot-maven-plugin</artifactId><version>3.5.0</version>
                  <configuration>
                    <mainClass>launched.Main</mainClass>
                    <includeSystemScope>true</includeSystemScope>
                  </configuration>
                  <executions>
                    <execution>
                      <id>boot</id><goals><goal>repackage</goal></goals>
                      <configuration><classifier>boot</classifier></configuration>
                    </execution>
                    <execution>
                      <id>classic</id><goals><goal>repackage</goal></goals>
                      <configuration>
                        <classifier>classic</classifier>
                        <loaderImplementation>CLASSIC</loaderImplementation>
                      </configuration>
                    </execution>
                  </executions>
                </plugin>
              </plugins></build>
            </project>
            """;

    @RegisterExtension
    final Children children = new Children();

    private Workshop workshop;
    private Path target;

    private static String way(String name, String configuration) {
        return """

                <execution>
                  <id>%s</id><phase>test</phase><goals><goal>test</goal></goals>
                  <configuration>
                    <systemPropertyVariables>
                      <said>${project.basedir}/%s.txt</said>
                    </systemPropertyVariables>
                    %s
                  </configuration>
                </execution>""".formatted(name, name, configuration);
    }

    @BeforeAll
    void build(@TempDir Path folder) throws Exception {
        workshop = new Workshop(folder);
        target = folder.resolve("target");
        Path library = workshop.jar(workshop.library(), "");
        workshop.write("src/main/java/launched/Main.java", MAIN);
        workshop.write("src/main/java/module-info.java", MODULE);
        workshop.write("src/test/java/launched/LaunchedTest.java", TEST);
        workshop.write("pom.xml", POM.replace("LIBRARY", library.toString())
                .replace("GSON", Workshop.gson().toString())
                .replace("JUNIT", Test.class.getPackage().getImplementationVersion())
                .replace("SUREFIRE", String.join("", SUREFIRE))
                .replace("QUICK", Workshop.QUICK));
        assumeTrue(isOnPath("mvn"), "mvn is not on the PATH");
        Path log = folder.resolve("maven.log");
        ProcessBuilder maven = new ProcessBuilder("mvn", "--batch-mode", "--no-transfer-progress",
                "-Dmaven.test.failure.ignore", "package").directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(log.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        maven.environment().put("MAVEN_OPTS", ACCESS + " " + Workshop.QUICK); // runs things
        maven.environment().put("XDG_CACHE_HOME", folder.toString());
        Process process = maven.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("Maven has ended").isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"packed", "listed", "isolated", "unforked", "modular"})
    void childOfATestIsFoundUnderSurefire(String way) throws Exception {
        assertThat(workshop.folder().resolve(way + ".txt")).hasContent(Workshop.ANSWER);
    }

    @Test
    void childIsFoundUnderTheExecPlugin() {
        assertThat(workshop.folder().resolve("exec.txt")).hasContent(BOTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot", "classic"})
    void childIsFoundInAnArchiveOfSpringBoots(String kind) throws Exception {
        assertRuns("-jar", target.resolve("launched-1-" + kind + ".jar").toString());
    }

    @Test
    void archiveOfSpringBootsThatForgetsToAskIsRefusedInItsFirstChild() throws Exception {
        ChildOutput parent = workshop.java(ACCESS, "-jar",
                target.resolve("launched-1-boot.jar").toString(), "file", "forgetful");

        assertThat(String.join("\n", parent.errorLines())).contains("IllegalStateException: a child"
                + " starts its own program", "program=launched.Main: ask ChildJvm.isChild()");
    }

    @Test
    void childIsFoundInAnArchiveOfSpringBootsThatIsUnpacked() throws Exception {
        assertRuns("-cp", unpacked("open").toString(),
                "org.springframework.boot.loader.launch.JarLauncher");
    }

    @Test
    void childIsFoundInAWarOfSpringBoots() throws Exception {
        Path open = unpacked("war");
        Files.move(open.resolve("BOOT-INF"), open.resolve("WEB-INF"));
        Path manifest = workshop.write("war.txt", """
                Main-Class: org.springframework.boot.loader.launch.WarLauncher
                Start-Class: launched.Main
                Spring-Boot-Classes: WEB-INF/classes/
                Spring-Boot-Lib: WEB-INF/lib/
                """);
        ChildOutput jar = workshop.command(Workshop.tool("jar"), "--create", "--no-compress",
                "--file",
                "launched.war", "--manifest", manifest.toString(), "-C", open.toString(), ".");
        assertThat(jar.errorLines()).isEmpty();

        assertRuns("-jar", "launched.war");
    }

    private Path unpacked(String name) throws IOException, InterruptedException {
        Path open = Files.createDirectory(workshop.folder().resolve(name));
        assertThat(workshop.command("sh", "-c", "cd " + name + " && "
                + Workshop.tool("jar") + " -xf ../target/launched-1-boot.jar").process()
                .exitValue()).isZero();
        return open;
    }

    private void assertRuns(String... program) throws IOException, InterruptedException {
        Path said = Files.createTempFile(workshop.folder(), "said", ".txt");
        List<String> words = new ArrayList<>(List.of(ACCESS));
        words.addAll(List.of(program));
        words.add(said.toString());

        ChildOutput parent = workshop.java(words.toArray(String[]::new));

        assertThat(parent.errorLines()).isEmpty();
        assertThat(said).hasContent(BOTH);
    }
}
