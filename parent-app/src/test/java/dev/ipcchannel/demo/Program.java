package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A process under test. Its output goes to files, and [#toString] shows them.
final class Program {

    /// Longer than anything takes: no test measures speed.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> command;
    private final Path out;
    private final Path err;
    private final Process process;
    private final Writer input;

    private Program(ProcessBuilder builder, Path out, Path err) throws IOException {
        this.command = builder.command();
        this.out = out;
        this.err = err;
        this.process = builder.start();
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /// Starts a process, with files in `directory` for its output.
    static Program start(ProcessBuilder builder, Path directory) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            Path err = Files.createTempFile(directory, "err", ".txt");
            builder.redirectOutput(Redirect.to(out.toFile()));
            builder.redirectError(Redirect.to(err.toFile()));
            return new Program(builder, out, err);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Process process() {
        return process;
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    List<String> outLines() {
        return out().lines().toList();
    }

    /// Waits until it ends, and checks its exit code.
    Program expectExit(int exitCode) {
        awaitEnd();
        assertThat(process.exitValue()).as("exit code of %s", this).isEqualTo(exitCode);
        return this;
    }

    /// Waits until it ends, with any exit code.
    Program awaitEnd() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("has ended: %s", this).isTrue();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
        return this;
    }

    /// Checks that all its output on stderr is one sentence of its own.
    String expectSentence() {
        String sentence = err().strip();
        assertThat(sentence).as("%s", this).matches("(parent|child)-app: .+")
                .doesNotContain("Exception");
        return sentence;
    }

    /// Waits until `text` is in its output.
    Program awaitOut(String text) {
        return awaitText(this::out, text);
    }

    /// Waits until `text` is in its output on stderr.
    Program awaitErr(String text) {
        return awaitText(this::err, text);
    }

    private Program awaitText(Supplier<String> stream, String text) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10))
                .conditionEvaluationListener(_ -> {
                    assertThat(stream.get().contains(text) || process.isAlive()).as("%s", this)
                            .isTrue();
                })
                .until(() -> stream.get().contains(text));
        return this;
    }

    /// The text that follows `prefix` in its output.
    String valueOf(String prefix) {
        awaitOut(prefix);
        return outLines().stream().filter(line -> line.startsWith(prefix)).findFirst()
                .orElseThrow().substring(prefix.length());
    }

    Program type(String line) {
        return press(line + "\n");
    }

    Program press(String keys) {
        try {
            input.write(keys);
            input.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(toString(), gone);
        }
        return this;
    }

    Program endInput() {
        try {
            input.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(toString(), gone);
        }
        return this;
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly();
    }

    /// SIGTERM.
    void terminate() {
        process.destroy();
    }

    @Override
    public String toString() {
        return "%s%n  stdout: %s%n  stderr: %s".formatted(String.join(" ", command),
                out().indent(4), err().indent(4));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
