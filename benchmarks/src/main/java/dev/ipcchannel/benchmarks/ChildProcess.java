package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A process that is spoken to by lines. Its errors appear on ours.
final class ChildProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long GRACE_SECONDS = 3;
    private static final Slice NONE = new Slice(0, 1, 0, 0, 0);

    private final Process process;
    private final Writer input;
    // Empty: the end.
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private ChildProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter();
        Thread.ofVirtual().start(this::read);
    }

    static ChildProcess start(List<String> command) {
        try {
            return new ChildProcess(
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException failure) {
            throw new BenchFailure("a process could not be started: " + failure.getMessage());
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException end) { // closed from this side
            lines.add(Optional.empty());
            return;
        }
        lines.add(Optional.empty());
    }

    Process process() {
        return process;
    }

    void write(String line) {
        try {
            input.write(line);
            input.write('\n');
            input.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The next line, which has to start with `prefix`; without the prefix.
    String expect(String prefix) throws InterruptedException {
        return expect(prefix, PATIENCE);
    }

    /// The same for a line that may take longer than usual.
    String expect(String prefix, Duration patience) throws InterruptedException {
        Optional<String> line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new BenchFailure("a process has not answered within %d s: %s"
                    .formatted(patience.toSeconds(), name()));
        }
        if (line.isEmpty()) {
            throw new BenchFailure("a process has ended, its errors are above: exit code=%d, %s"
                    .formatted(process.waitFor(), name()));
        }
        if (!line.get().startsWith(prefix)) {
            throw new BenchFailure("a process said something else: line=%s, expected=%s, %s"
                    .formatted(line.get(), prefix, name()));
        }
        return line.get().substring(prefix.length());
    }

    /// This process, once it has said that it is ready; closed where it does not.
    ChildProcess ready() throws InterruptedException {
        try {
            String _ = expect("ready");
            return this;
        } catch (BenchFailure failure) {
            close();
            throw failure;
        }
    }

    /// Has a pair of programs measure for so long.
    Sample slice(Shape shape, long millis) throws InterruptedException {
        write(shape.command() + " " + millis);
        Slice slice = Slice.parse(expect(""));
        return shape == Shape.ROUND_TRIP ? new Sample(slice, NONE) : new Sample(NONE, slice);
    }

    private String name() {
        return "command=" + process.info().commandLine().orElse("pid " + process.pid());
    }

    /// Ends its input, which ends it; kills it if it does not go.
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException gone) {
            process.destroyForcibly();
        }
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
