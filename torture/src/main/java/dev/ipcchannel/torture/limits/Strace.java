package dev.ipcchannel.torture.limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A strace that is attached to this process.
final class Strace implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final Process process;
    private final Path output;

    private Strace(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// Attaches a strace, and waits until it has all threads.
    ///
    /// @throws IOException if that is not possible
    static Strace attach(Injection injection) throws IOException {
        Path output = Files.createTempFile("strace-", "");
        Process process = new ProcessBuilder("strace", "-f", "-o", output.toString(), "-e",
                "trace=" + injection.call(), "-e", "inject=" + injection, "-p",
                Long.toString(ProcessHandle.current().pid())).start();
        Strace strace = new Strace(process, output);
        // Opens nothing to check this: an open may fail from now on.
        String said = process.errorReader().readLine();
        if (said == null || !said.contains("attached")) {
            strace.close();
            throw new IOException("strace could not attach: %s: %s".formatted(injection, said));
        }
        return strace;
    }

    /// Detaches it.
    ///
    /// @return the number of calls it has tampered with
    int end() throws IOException, InterruptedException {
        process.toHandle().destroy(); // it detaches; its pipes stay, for what it still says
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly(); // the kernel detaches it
            process.waitFor();
        }
        try (Stream<String> lines = Files.lines(output)) {
            return (int) lines.filter(line -> line.contains("(INJECTED)")
                    || line.contains("--- SIGUSR2")).count();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.getErrorStream().close();
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
