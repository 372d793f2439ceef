package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process of a test, and the files of its output.
record RunningProgram(List<String> command, Process process, Path out, Path err) {

    // The JVM's line about the variable that tests set, and the library's line about a long wait
    // for the other side, which a busy machine may cause.
    private static final String NOT_OF_THE_PROGRAM = "(?m)^NOTE: Picked up JDK_JAVA_OPTIONS.*\\R"
            + "|^.* dev\\.ipcchannel\\.internal\\.base\\.Log write\\RWARNING: .*waited=.*\\R";

    /// Waits until it has written a line that begins with `start`.
    RunningProgram awaitLine(String start) {
        await(start).atMost(Programs.PATIENCE).untilAsserted(() -> assertThat(Files.readString(out)
                .lines()).as("lines of %s", command).anyMatch(line -> line.startsWith(start)));
        return this;
    }

    /// Sends it a signal: `INT` is what Ctrl-C sends.
    RunningProgram signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .inheritIO().start();
        assertThat(kill.waitFor()).isZero();
        return this;
    }

    /// Waits until it ends, and kills it if it does not.
    Programs.Result awaitEnd() throws IOException, InterruptedException {
        boolean hasEnded = process.waitFor(Programs.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!hasEnded) {
            process.destroyForcibly().waitFor();
        }
        Programs.Result result = new Programs.Result(command, process.exitValue(),
                Files.readString(out), Files.readString(err).replaceAll(NOT_OF_THE_PROGRAM, ""));
        assertThat(hasEnded).as("has ended in time: %s", result).isTrue();
        Files.delete(out);
        Files.delete(err);
        return result;
    }
}
