package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.child.ChildOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A child JVM of a test. Its standard input remains open until [#cue] closes it.
///
/// Its exit status must be asserted, with [#awaitExit] or [#kill]; [Children] checks that.
public final class ChildJvm {

    private static final int KILLED = 128 + 9;

    private final Process process;
    private final Path outputFile;
    private final @Nullable ChildOutput captured;
    private boolean isExitAsserted;

    ChildJvm(Process process, Path outputFile, boolean isPiped) {
        this.process = process;
        this.outputFile = outputFile;
        this.captured = isPiped ? ChildOutput.capture(process) : null;
    }

    /// The process itself.
    public Process process() {
        return process;
    }

    /// The number of the process.
    public long pid() {
        return process.pid();
    }

    /// Its output as the library captures it, of a child that was started with pipes.
    public ChildOutput captured() {
        ChildOutput output = captured;
        if (output == null) {
            throw new IllegalStateException("this child was started without pipes");
        }
        return output;
    }

    /// All its output so far, for error messages and for tests without pipes.
    public String output() {
        if (captured != null) {
            return String.join("\n", captured.lines()) + "\n"
                    + String.join("\n", captured.errorLines());
        }
        try {
            return Files.readString(outputFile, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Gives an order to a child that takes [Orders], which was started with pipes.
    public void order(String order) throws IOException {
        OutputStream orders = process.getOutputStream();
        orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
    }

    /// Its next answer.
    public String answer() throws InterruptedException {
        return String.valueOf(captured().readLine(Children.PATIENCE));
    }

    /// Its answer to an order.
    public String ask(String order) throws IOException, InterruptedException {
        order(order);
        return answer();
    }

    /// Has the child close all it has open, and end.
    public void end() throws IOException, InterruptedException {
        assertThat(ask("close")).isEqualTo("closed");
        cue();
        awaitExit(0);
    }

    /// Gives the child its cue: the end of its standard input.
    public void cue() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) { // it has ended already
        }
    }

    /// Waits for the child to end by itself, and asserts its exit code.
    public void awaitExit(int code) throws InterruptedException {
        isExitAsserted = true;
        assertThat(process.waitFor(Children.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .as("child ends by itself: pid=%d", pid()).isTrue();
        assertThat(process.exitValue()).as("exit code of pid=%d", pid()).isEqualTo(code);
        if (captured != null) { // its last lines may still be in the pipe
            int _ = captured.awaitExit(Children.PATIENCE);
        }
    }

    /// Kills the child with SIGKILL and waits until it is gone.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit(KILLED);
    }

    /// Sends the child a signal by its name, such as `STOP`.
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        assertThat(kill.waitFor()).as("exit code of kill").isZero();
    }

    boolean isExitAsserted() {
        return isExitAsserted;
    }

    /// Ends the child in any case.
    void destroy() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
        cue(); // closes the pipe
    }

    @Override
    public String toString() {
        return "child pid=%d %s:%n%s".formatted(pid(),
                process.isAlive() ? "runs" : "ended with " + process.exitValue(), output());
    }
}
