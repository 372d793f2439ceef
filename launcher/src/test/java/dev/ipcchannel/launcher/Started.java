package dev.ipcchannel.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process under test, with what it printed in files. Closing kills it.
final class Started implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path out;
    private final Path err;

    private Started(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Started start(Path folder, Redirect stdin, List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "stdout", null);
        Path err = Files.createTempFile(folder, "stderr", null);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(stdin)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // a JVM that finds one of these variables prints a line on stderr, which the tests do not
        // expect
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return new Started(builder.start(), out, err);
    }

    Process process() {
        return process;
    }

    int awaitExit() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            fail("still running: command=%s, stdout=%s, stderr=%s", process.info(), out(), err());
        }
        return process.exitValue();
    }

    void assertExit(int code) throws Exception {
        assertThat(awaitExit()).as("exit code; stdout=%s, stderr=%s", out(), err()).isEqualTo(code);
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    void kill(String signal) throws Exception {
        String pid = Long.toString(process.pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
