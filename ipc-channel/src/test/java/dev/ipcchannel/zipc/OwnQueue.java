package dev.ipcchannel.zipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A queue's name that no other test has. Its file is removed after the test, or by [#close].
record OwnQueue(String name) implements AutoCloseable, AfterEachCallback {

    private static final AtomicInteger MADE = new AtomicInteger();

    static OwnQueue make() {
        return new OwnQueue("/zipc-test-" + ProcessHandle.current().pid() + "-"
                + MADE.incrementAndGet());
    }

    Path file() {
        return Path.of("/dev/shm" + name);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
    }
}
