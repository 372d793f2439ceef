package dev.ipcchannel.zipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// The name of a queue that no other test has, and its file, which is gone after the test.
record OwnQueue(String name) implements AutoCloseable {

    private static final AtomicInteger MADE = new AtomicInteger();

    static OwnQueue make() {
        return new OwnQueue(
                "/zipc-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet());
    }

    Path file() {
        return Path.of("/dev/shm" + name);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file());
    }
}
