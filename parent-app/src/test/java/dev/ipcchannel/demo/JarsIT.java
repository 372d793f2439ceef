package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests of what lies in the jars of this module, and of those that are built before it.
@Timeout(120)
class JarsIT {

    private static final List<String> MODULES = List.of("ipc-channel", "ipc-channel-testkit",
            "ipc-channel-cluster", "ipc-channel-archetype", "launcher", "child-app", "parent-app");

    static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.find(Page.ROOT, 3, (file, _) -> isJarOfAModule(file))) {
            return files.toList();
        }
    }

    private static boolean isJarOfAModule(Path file) {
        String place = Page.ROOT.relativize(file).toString();
        return MODULES.stream().anyMatch(module -> place
                .matches("%1$s/target/%1$s(-sources|-javadoc)?\\.jar".formatted(module)));
    }

    /// A run of some tests makes no documentation.
    @Test
    void jarsOfClassesAndSourcesAreThere() throws IOException {
        assertThat(jars()).extracting(jar -> jar.getFileName().toString()).contains(
                "ipc-channel.jar", "ipc-channel-sources.jar", "ipc-channel-testkit.jar",
                "ipc-channel-testkit-sources.jar", "ipc-channel-cluster.jar",
                "ipc-channel-cluster-sources.jar", "ipc-channel-archetype.jar", "launcher.jar",
                "child-app.jar", "parent-app.jar");
    }

    @ParameterizedTest
    @MethodSource("jars")
    void eachJarHasTheLicenceAndTheNotice(Path jar) throws IOException {
        assertThat(read(jar, "META-INF/LICENSE")).isEqualTo(text("LICENSE"));
        assertThat(read(jar, "META-INF/NOTICE")).isEqualTo(text("NOTICE"));
    }

    private static String text(String name) throws IOException {
        return Files.readString(Page.ROOT.resolve(name));
    }

    private static String read(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry entry = file.getEntry(name);
            assertThat(entry).as("%s in %s", name, jar.getFileName()).isNotNull();
            return new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
