package dev.ipcchannel.torture.limits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A strace that is attached to this process.
final class Strace implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Process process;
    private final Path output;

    private Strace(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// Attaches one, and waits until it has all threads.
    ///
    /// @throws IOException if that is not possible
    static Strace attach(Injection injection) throws IOException {
        Path output = Files.createTempFile("strace-", "");
        Process process = new ProcessBuilder("strace", "-f", "-q", "-o", output.toString(), "-e",
                "trace=" + injection.call(), "-e", "inject=" + injection, "-p",
                Long.toString(ProcessHandle.current().pid())).inheritIO().start();
        Strace strace = new Strace(process, output);
        long start = System.nanoTime();
        while (!isTraced()) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
                strace.close();
                throw new IOException("strace could not attach: " + injection);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return strace;
    }

    /// Whether every thread of this process is traced.
    private static boolean isTraced() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.noneMatch(task -> {
                try (Stream<String> lines = Files.lines(task.resolve("status"))) {
                    return lines.anyMatch("TracerPid:\t0"::equals);
                } catch (IOException | UncheckedIOException _) { // it has ended
                    return false;
                }
            });
        }
    }

    /// Detaches it.
    ///
    /// @return how many calls it has tampered with
    int end() throws IOException, InterruptedException {
        process.destroy(); // it detaches
        process.waitFor();
        try (Stream<String> lines = Files.lines(output)) {
            return (int) lines.filter(line -> line.contains("(INJECTED)")
                    || line.contains("--- SIGUSR2")).count();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        boolean isInterrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(output);
    }
}
