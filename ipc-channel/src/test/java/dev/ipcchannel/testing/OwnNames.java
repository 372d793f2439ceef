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

/// A directory of names for one test, which must be empty after the test: at once, or after the
/// threads that go on after a close, or after the removal of killed members' files.
public final class OwnNames implements BeforeEachCallback, AfterEachCallback {

    private static final String PROPERTY = "ipc.directory";

    private enum Rule {
        AT_ONCE, SOON, SWEPT
    }

    private final Rule rule;
    private Path directory = Path.of("");

    /// A directory that has time to become empty.
    public OwnNames() {
        this(Rule.SOON);
    }

    private OwnNames(Rule rule) {
        this.rule = rule;
    }

    /// A directory that must be empty when a test returns.
    public static OwnNames emptyAtOnce() {
        return new OwnNames(Rule.AT_ONCE);
    }

    /// A directory for tests that kill members: their files are removed with it.
    public static OwnNames swept() {
        return new OwnNames(Rule.SWEPT);
    }

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
            switch (rule) {
                case AT_ONCE -> assertThat(directory).isEmptyDirectory();
                case SOON -> await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                        .untilAsserted(() -> assertThat(directory).isEmptyDirectory());
                case SWEPT -> Children.deleteAll(directory);
            }
            boolean _ = Files.deleteIfExists(directory);
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
