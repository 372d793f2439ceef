package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A directory of names for each test alone, in which nothing is left after it.
public final class OwnNames implements BeforeEachCallback, AfterEachCallback {

    private static final String PROPERTY = "ipc.directory";

    private Path directory = Path.of("");

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        directory = Files.createTempDirectory("names",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(PROPERTY, directory.toString());
    }

    /// The directory of this test.
    public Path directory() {
        return directory;
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        try {
            await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> {
                        try (var files = Files.list(directory)) {
                            assertThat(files).isEmpty();
                        }
                    });
            Files.delete(directory);
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
