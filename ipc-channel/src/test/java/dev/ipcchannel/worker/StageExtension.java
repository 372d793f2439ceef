package dev.ipcchannel.worker;

import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A stage for each test, which is closed after it; nothing may be left then, see [Children].
final class StageExtension extends Stage implements BeforeEachCallback, AfterEachCallback {

    private final Children children = new Children();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        children.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        try {
            close();
        } finally {
            children.afterEach(context);
        }
    }

    /// A folder for the files of a test.
    Path directory() {
        return children.directory();
    }
}
