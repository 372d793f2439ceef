package dev.ipcchannel.zipc;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The name of a test's queue, which nobody else has, and whose file is gone after the test.
final class QueueNames implements AfterEachCallback {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name =
            "/zipc-test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    String name() {
        return name;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Zipc.unlink(name);
    }
}
