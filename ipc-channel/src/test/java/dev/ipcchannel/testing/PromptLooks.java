package dev.ipcchannel.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The default pace of Awaitility in these tests: the first look comes at once, and the next ones
/// soon after it. By Awaitility's own defaults each wait for a fact takes at least 100 ms, and a
/// test with hundreds of waits half a minute.
///
/// JUnit finds it by itself (META-INF/services).
public final class PromptLooks implements BeforeAllCallback {

    private static final Duration PAUSE = Duration.ofMillis(3);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(PAUSE);
    }
}
