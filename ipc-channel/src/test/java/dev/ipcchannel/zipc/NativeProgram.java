package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A process of a program that is not a JVM. Its end is asserted by [#expectExit] or [#kill];
/// [#close] ends it in any case.
final class NativeProgram implements AutoCloseable {

    private static final int KILLED = 128 + 9;

    private final Process process;
    private final ChildOutput output;

    private NativeProgram(Process process) {
        this.process = process;
        this.output = ChildOutput.capture(process);
    }

    /// @param words the program and its arguments, by their text
    static NativeProgram start(Object... words) throws IOException {
        return start(Arrays.stream(words).map(Object::toString).toList());
    }

    static NativeProgram start(List<String> words) throws IOException {
        return start(Map.of(), words);
    }

    static NativeProgram start(Map<String, String> environment, List<String> words)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return new NativeProgram(builder.start());
    }

    /// Runs a program to its end, asserts that it succeeded, and returns its output.
    static String run(Object... words) throws Exception {
        try (NativeProgram program = start(words)) {
            return program.expectExit(0);
        }
    }

    /// Waits for its next line.
    String readLine() throws InterruptedException {
        String line = output.readLine(Children.PATIENCE);
        assertThat(line).as("a line of %s", this).isNotNull();
        return String.valueOf(line);
    }

    /// Waits for its end, and returns all its output.
    String expectExit(int code) throws InterruptedException {
        assertThat(exitCode()).as("exit code of %s", this).isEqualTo(code);
        return String.join("\n", output.lines());
    }

    /// Waits for its end.
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(Children.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .as("ends by itself: %s", this).isTrue();
        int _ = output.awaitExit(Children.PATIENCE); // its last lines may still be in the pipe
        return process.exitValue();
    }

    void kill() throws InterruptedException {
        assertThat(process.isAlive()).as("still runs: %s", this).isTrue();
        process.destroyForcibly();
        String _ = expectExit(KILLED);
    }

    /// The lines of its standard error.
    List<String> errors() {
        return output.errorLines();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        output.close();
    }

    @Override
    public String toString() {
        return Stream.of(List.of("pid=" + process.pid()), output.lines(), output.errorLines())
                .flatMap(List::stream).toList().toString();
    }
}
