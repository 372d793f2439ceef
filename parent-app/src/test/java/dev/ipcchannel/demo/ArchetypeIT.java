package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of the Maven archetype: its files are those of README.md, and the project that Maven makes
/// of them compiles and runs.
@Timeout(180)
class ArchetypeIT {

    private static final Path FILES = Page.ROOT
            .resolve(LocalRepository.ARCHETYPE + "/src/main/resources/archetype-resources");
    private static final String PLUGIN =
            "org.apache.maven.plugins:maven-archetype-plugin:3.4.1:generate";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private final Page readme = Page.read("README.md");

    ArchetypeIT() throws IOException {}

    @Test
    void programsAndPomAreThoseOfTheReadme() throws IOException {
        Map<String, String> programs = Map.of("Echo", readme.block(Page.FILE + "Echo.java"),
                "Arithmetic", readme.block(Page.EXAMPLE + "Arithmetic"));

        assertThat(FILES.resolve("src/main/java").toFile().list())
                .containsExactlyInAnyOrder("Echo.java", "Arithmetic.java");
        for (Map.Entry<String, String> program : programs.entrySet()) {
            assertThat(FILES.resolve("src/main/java/" + program.getKey() + ".java")).content()
                    .isEqualTo("package ${package};\n\n" + program.getValue());
        }
        assertThat(Files.readString(FILES.resolve("pom.xml")).replace("${groupId}", "com.example")
                .replace("${artifactId}", "echo").replace("${version}", "1.0-SNAPSHOT"))
                .isEqualTo(readme.block(Page.FILE + "pom.xml"));
    }

    @Test
    void projectThatMavenMakesOfItCompilesAndRuns() throws IOException {
        LocalRepository repository = LocalRepository
                .withLibrary(sandbox.directory().resolve(".m2/repository")).withArchetype();
        sandbox.with("JAVA_HOME", System.getProperty("java.home"));

        maven(repository, PLUGIN, "-DarchetypeCatalog=local",
                "-DarchetypeGroupId=dev.ipcchannel",
                "-DarchetypeArtifactId=" + LocalRepository.ARCHETYPE,
                "-DarchetypeVersion=" + LocalRepository.VERSION, "-DgroupId=com.example",
                "-DartifactId=first", "-Dversion=1.0-SNAPSHOT", "-Dpackage=com.example.first");
        maven(repository, "--file", "first", "package");

        assertThat(run(repository, "Echo")).isEqualTo(readme.block(Page.OUTPUT + "Echo.java"));
        assertThat(run(repository, "Arithmetic"))
                .isEqualTo(readme.block(Page.OUTPUT + "Arithmetic"));
    }

    private void maven(LocalRepository repository, String... words) {
        List<String> command = new ArrayList<>(List.of("mvn", "--offline", "--batch-mode",
                "-Dmaven.repo.local=" + repository.folder()));
        command.addAll(List.of(words));
        Program maven = sandbox.startInside(command).awaitEnd();
        assumeFalse(maven.out().contains("offline mode"), "a plugin that makes or builds a project"
                + " is not in the local repository: " + maven.out());
        maven.expectExit(0);
    }

    private String run(LocalRepository repository, String name) {
        Program program = sandbox.startInside(List.of(Apps.JAVA,
                "--enable-native-access=ALL-UNNAMED", "-cp",
                "first/target/classes:" + repository.library(), "com.example.first." + name))
                .expectExit(0);
        assertThat(program.err()).isEmpty();
        return program.out();
    }
}
