package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of the scripts that a release needs: the same bytes twice, and what changed in the API.
@Timeout(120)
class ReleaseScriptsIT {

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private Scripts scripts;

    @BeforeEach
    void copyTheScripts() throws IOException {
        scripts = new Scripts(sandbox);
        Files.copy(Page.ROOT.resolve("pom.xml"), scripts.project().resolve("pom.xml"));
        Files.createDirectories(scripts.project().resolve("part"));
        Files.writeString(scripts.project().resolve("part/pom.xml"), "<project/>");
    }

    @Test
    void buildsOfTheSameBytesPass() throws IOException {
        scripts.maven(jarOf("the same"));
        Path result = scripts.project().resolve("target/of/an/older/build.jar");
        Files.writeString(Files.createDirectories(result.getParent()).resolve("build.jar"), "old");

        Program check = sandbox.start(List.of(scripts.script("reproducible"))).expectExit(0);

        assertThat(check.out()).isEqualTo("the same bytes twice: 1 files\n");
    }

    @ParameterizedTest
    @CsvSource({"$PWD", "$TZ"})
    void jarThatHasThePlaceOrTheZoneOfItsBuildIsNamed(String fault) throws IOException {
        scripts.maven(jarOf(fault));

        Program check = sandbox.start(List.of(scripts.script("reproducible"))).expectExit(1);

        assertThat(check.out()).isEqualTo("part/target/part.jar\n");
        assertThat(check.err().lines()).last().asString().startsWith(
                "reproducible: these files differ from one build to the other");
    }

    @Test
    void jarThatOnlyOneBuildMakesIsNamed() throws IOException {
        scripts.maven(jarOf("the same"), "[ -n \"$TZ\" ] || : > part/target/one.jar");

        Program check = sandbox.start(List.of(scripts.script("reproducible"))).expectExit(1);

        assertThat(check.out()).isEqualTo("part/target/one.jar\n");
    }

    @Test
    void buildsWithoutAJarAndBuildsThatFailAreNoSuccess() throws IOException {
        scripts.maven("exit 0");
        assertThat(sandbox.start(List.of(scripts.script("reproducible"))).expectExit(1).err())
                .contains("the builds have made no jar");

        scripts.maven("echo '[ERROR] the reason'", "exit 1");
        assertThat(sandbox.start(List.of(scripts.script("reproducible"))).expectExit(1).err())
                .contains("first build FAILED", "[ERROR] the reason");
    }

    @Test
    void moduleThatThereIsNotIsRefusedBeforeABuild() {
        assertThat(sandbox.start(List.of(scripts.script("reproducible"), "parts")).expectExit(2)
                .err()).isEqualTo("reproducible: there is no module parts: name the folder of one,"
                        + " or none for all\n");
    }

    /// The real builds take some minutes: `-Dipcchannel.reproducible=true` asks for them.
    @Test
    @Timeout(3600)
    void releaseIsTheSameTwice(@TempDir Path folder) throws Exception {
        assumeTrue(Boolean.getBoolean("ipcchannel.reproducible"),
                "the long form, two builds of the library: -Dipcchannel.reproducible=true");
        Path output = folder.resolve("output.txt");

        Process check = new ProcessBuilder(Page.ROOT.resolve("scripts/reproducible").toString(),
                "ipc-channel", "ipc-channel-testkit", "ipc-channel-cluster")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();

        assertThat(check.waitFor(50, TimeUnit.MINUTES)).isTrue();
        assertThat(check.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains("the same bytes twice: ");
    }

    @Test
    void thereIsNoApiToCompareWithBeforeTheFirstRelease() throws IOException {
        scripts.maven("exit 1");
        git("init -q");
        git("add -A && git commit -q -m first");

        Program compare = sandbox.start(List.of(scripts.script("api-diff"))).expectExit(0);

        assertThat(compare.out()).isEqualTo(
                "there is no release yet (no tag like v0.1.0), so there is no API to compare"
                        + " with\n");
    }

    @Test
    void folderThatIsNoCloneHasNoReleases() {
        assertThat(sandbox.start(List.of(scripts.script("api-diff"))).expectExit(2).err())
                .startsWith("api-diff: the releases are tags, and this folder is no clone of");
    }

    @ParameterizedTest
    @CsvSource({"v0.1.0, 0.1.1, true", "v0.1.7, 0.2.0, false", "v1.2.0, 1.9.0, true",
        "v1.2.0, 2.0.0, false", "v0.9.0, 1.0.0, false"})
    void apiMayOnlyGrowWhereTheVersionSaysSo(String tag, String version, boolean isFixed)
            throws IOException {
        Path pom = scripts.project().resolve("pom.xml");
        Files.writeString(pom, Files.readString(pom).replaceFirst("<version>[^<]+",
                "<version>" + version + "-SNAPSHOT"));
        git("init -q");
        git("add -A && git commit -q -m first && git tag " + tag);
        Path lines = sandbox.directory().resolve("lines");
        scripts.maven("echo \"$@\" >> '" + lines + "'", "case \"$*\" in *japicmp*)",
                "mkdir -p ipc-channel/target/japicmp",
                "echo what changed > ipc-channel/target/japicmp/default-cli.diff ;; esac");

        Program compare = sandbox.start(List.of(scripts.script("api-diff"))).expectExit(0);

        assertThat(compare.out()).isEqualTo("what changed\n");
        assertThat(Files.readAllLines(lines)).hasSize(3).last().asString()
                .contains("japicmp-maven-plugin:cmp", "-Dapi.fixed=" + isFixed);
    }

    /// A line of a Maven that makes a jar with this text.
    private static String jarOf(String text) {
        return "mkdir -p part/target; printf '%s' \"" + text + "\" > part/target/part.jar";
    }

    private void git(String line) {
        sandbox.start(List.of("bash", "-c", "cd '" + scripts.project() + "' && git " + line
                .replace("git commit", "git -c user.name=a -c user.email=a@b commit")))
                .expectExit(0);
    }
}
