package dev.ipcchannel.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A process of a storm, which runs a main of this module or another program. [#close] kills it.
///
/// Its output goes to a file, whose end [#lastWords] returns.
public final class ChildRole implements AutoCloseable {

    private static final int LAST_WORDS = 2000;
    private static final Duration DUMP = Duration.ofSeconds(2); // for the stacks to be written
    private static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", // to be up soon
            "-XX:-UsePerfData", "-XX:-CreateCoredumpOnCrash", // no files
            "--enable-native-access=ALL-UNNAMED");

    private final Process process;
    private final Path output;

    /// A command that starts such a process; each method changes it.
    public static final class Command {

        private final Class<?> main;
        private final List<String> arguments;
        private final List<String> before = new ArrayList<>();
        private final List<String> flags = new ArrayList<>(FLAGS);
        private final Map<String, String> environment = new TreeMap<>();

        private Command(Class<?> main, List<String> arguments) {
            this.main = main;
            this.arguments = arguments;
        }

        /// Lets another program start it, with the command as its last arguments.
        public Command under(String... program) {
            before.addAll(0, List.of(program));
            return this;
        }

        /// Adds flags for its JVM.
        public Command flags(String... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /// Adds an environment variable.
        public Command environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /// Starts the process.
        ///
        /// @throws IOException if that is not possible
        public ChildRole start() throws IOException {
            List<String> words = new ArrayList<>(before);
            words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            words.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
            words.addAll(flags);
            words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
            words.addAll(arguments);
            return ChildRole.start(main.getSimpleName(), words, environment);
        }
    }

    private ChildRole(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// A command that runs `main` with `arguments`.
    public static Command of(Class<?> main, String... arguments) {
        return new Command(main, List.of(arguments));
    }

    /// Starts a program that is not a main of this module.
    ///
    /// @param name for the file of its output
    /// @param words the command
    /// @param environment variables to add to this process's own
    /// @throws IOException if that is not possible
    public static ChildRole start(String name, List<String> words, Map<String, String> environment)
            throws IOException {
        Path output = Files.createTempFile(Path.of(System.getProperty("java.io.tmpdir")),
                "role-" + name + "-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new ChildRole(builder.start(), output);
    }

    /// Whether a command that does nothing can be run here, and ends with 0.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits
    public static boolean canRun(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException _) { // not there
            return false;
        }
    }

    /// The process.
    public Process process() {
        return process;
    }

    /// Waits for the end of the process.
    ///
    /// @return its exit code; -1 if it did not end within `patience`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public int awaitExit(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS) ? process.exitValue() : -1;
    }

    /// Sends the process a signal by name, for example `STOP` or `CONT`. Does nothing if it has
    /// ended.
    ///
    /// @throws IOException if there is no program `kill`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void signal(String name) throws IOException, InterruptedException {
        int _ = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
    }

    /// Makes the process print the stacks of its threads, then prints all its output to standard
    /// error. Meant for a process that hangs.
    ///
    /// @throws IOException if there is no program `kill`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void printWithStacks() throws IOException, InterruptedException {
        signal("QUIT");
        boolean _ = process.waitFor(DUMP.toNanos(), TimeUnit.NANOSECONDS);
        System.err.println(Files.readString(output));
    }

    /// Kills the process with all that it has started, and waits until it is gone.
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
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
    }

    /// The end of its output, in one line.
    public String lastWords() {
        try {
            String all = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
            return all.substring(Math.max(0, all.length() - LAST_WORDS)).replace('\n', '|');
        } catch (IOException failure) {
            return "its output is gone: " + failure;
        }
    }

    /// Kills the process, and deletes its output.
    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(output);
        } catch (IOException _) {
            // It is deleted with the folder of the run.
        }
    }
}
