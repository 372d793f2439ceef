package dev.ipcchannel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of where a Java is found. The versions are such that the Javas installed here do not
/// matter.
@Timeout(30)
class JavaSearchTest {

    @TempDir
    Path folder;

    @Test
    void javaHomeComesFirstThenOtherVariablesThenThePathThenFolders() throws Exception {
        Path path = javaHome("path", "9003");
        Map<String, String> environment = Map.of(
                "PATH", "/nowhere:" + path.resolve("bin"),
                "JAVA_9002_HOME", javaHome("other", "9002.0.1").toString(),
                "JAVA_HOME_9005_X64", javaHome("more", "9005").toString(),
                "JDK_HOME", javaHome("jdk", "9001").toString(),
                "JAVA_HOME", javaHome("home", "9000").toString());
        javaHome("user/.sdkman/candidates/java/9004-some", "9004");

        assertThat(found(environment)).containsExactly("9000", "9001", "9002.0.1", "9005", "9003",
                "9004");
    }

    @Test
    void linkOnThePathLeadsToItsHome() throws Exception {
        Path home = javaHome("jvm/java-9000", "9000");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path alternative = Files.createSymbolicLink(folder.resolve("alternative"), home.resolve(
                "bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), alternative);

        assertThat(found(Map.of("PATH", bin.toString()))).containsExactly("9000");
    }

    @Test
    void oneJavaUnderTwoNamesIsFoundOnce() throws Exception {
        Path home = javaHome("user/.jdks/java-9000", "9000");
        Files.createSymbolicLink(folder.resolve("user/.jdks/current"), home);

        assertThat(found(Map.of("JAVA_HOME", home.toString()))).containsExactly("9000");
    }

    @Test
    void foldersWithoutAJavaOrWithoutAVersionAreNone() throws Exception {
        Path noJava = Files.createDirectories(folder.resolve("no-java"));
        Files.writeString(noJava.resolve("release"), "JAVA_VERSION=\"9000\"\n");
        Path noRelease = javaHome("no-release", "9000");
        Files.delete(noRelease.resolve("release"));
        Path noVersion = javaHome("no-version", "9000");
        Files.writeString(noVersion.resolve("release"), "IMPLEMENTOR=\"some\"\n");

        assertThat(found(Map.of("JAVA_HOME", noJava.toString(), "JDK_HOME", noRelease.toString(),
                "JAVA_9000_HOME", noVersion.toString(), "JAVA_9_HOME", "", "JAVA_8_HOME", "\0")))
                .isEmpty();
    }

    @Test
    void firstIsTheFirstThatIsNewEnough() throws Exception {
        Map<String, String> environment = Map.of(
                "JAVA_HOME", javaHome("a", "9000").toString(),
                "JAVA_X_HOME", javaHome("b", "9002.0.3").toString(),
                "JAVA_Y_HOME", javaHome("c", "9001").toString());
        JavaSearch search = new JavaSearch(environment, folder.resolve("user").toString());

        assertThat(search.first(9001).orElseThrow().version()).isEqualTo("9002.0.3");
        assertThat(search.first(9003)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"25,25", "25.0.3,25", "26-ea,26", "1.8.0_402,8", "17.0.15+6,17", "x,0", "'',0",
        "1.,0",
        "99999999999,0"})
    void featureIsTheNumberThatCounts(String version, int feature) {
        assertThat(JavaHome.feature(version)).isEqualTo(feature);
    }

    @Test
    void optionsOfTheProgramAreNotThoseOfItsJava() {
        assertThat(InnerJvm.passedOn(List.of("java", "-Da=b", "-XX:+UseSerialGC", "-Xmx1g",
                "-Xss2m",
                "-jar", "x.jar", "-Dc=d"))).containsExactly("-Da=b", "-Xmx1g", "-Xss2m");
        assertThat(InnerJvm.passedOn(List.of("java", "@options", "-Dc=d"))).isEmpty();
    }

    private List<String> found(Map<String, String> environment) {
        return new JavaSearch(environment, folder.resolve("user").toString()).all().stream()
                .filter(java -> java.feature() >= 9000)
                .map(JavaHome::version)
                .toList();
    }

    private Path javaHome(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.createFile(bin.resolve("java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        String release = "IMPLEMENTOR=\"some\"\nJAVA_VERSION=\"" + version + "\"\n";
        Files.writeString(home.resolve("release"), release);
        return home;
    }
}
