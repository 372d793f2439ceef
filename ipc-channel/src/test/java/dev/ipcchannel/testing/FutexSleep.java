package dev.ipcchannel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// The sleep of a thread of this process in the kernel, on a word of memory.
public final class FutexSleep {

    private static final Path THREADS = Path.of("/proc/self/task");

    private FutexSleep() {}

    /// Waits until a thread is in a system call whose first argument is `address`.
    public static void await(long address) {
        assumeTrue(Files.exists(Path.of("/proc/self/syscall")),
                "this kernel shows no system calls");
        Awaitility.await("a thread sleeps on 0x%x".formatted(address)).atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(1)).until(() -> isSleepingOn(address));
    }

    private static boolean isSleepingOn(long address) throws IOException {
        try (Stream<Path> threads = Files.list(THREADS)) {
            String argument = " 0x%x ".formatted(address);
            return threads.anyMatch(thread -> call(thread).contains(argument));
        }
    }

    private static String call(Path thread) {
        try {
            return Files.readString(thread.resolve("syscall"));
        } catch (IOException _) { // it has ended, or runs
            return "";
        }
    }
}
