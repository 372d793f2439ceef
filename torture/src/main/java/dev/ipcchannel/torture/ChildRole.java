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

/// A process of a storm, which runs a main of this module or another program. Closing it kills it.
///
/// What it prints goes to a file, whose end is shown by [#lastWords].
public final class ChildRole implements AutoCloseable {

    private static final int LAST_WORDS = 2000;
    private static final Duration DUMP = Duration.ofSeconds(2); // for the stacks to be written
    private static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", // to be up soon
            "-XX:-UsePerfData", "-XX:-CreateCoredumpOnCrash", // no files
            "--enable-native-access=ALL-UNNAMED");

    private final Process process;
    private final Path output;

    /// How one is started; each method changes it.
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

        /// Started by another program, which gets the command as its last arguments.
        public Command under(String... program) {
            before.addAll(0, List.of(program));
            return this;
        }

        /// With more flags for its JVM.
        public Command flags(String... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /// With an environment variable.
        public Command environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /// Starts it.
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

    /// Starts a program that is none of this module's mains.
    ///
    /// @param name for the file of what it prints
    /// @param words the command
    /// @param environment what is added to this process's own
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

    /// Whether a command that does nothing can be run here, and ends well.
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

    /// Waits for its end.
    ///
    /// @return its exit code; -1 if it did not end within `patience`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public int awaitExit(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS) ? process.exitValue() : -1;
    }

    /// Sends it a signal by name, `STOP` or `CONT` for instance; one that has ended gets none.
    ///
    /// @throws IOException if there is no program `kill`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void signal(String name) throws IOException, InterruptedException {
        int _ = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
    }

    /// Has it print the stacks of its threads, then prints all that it has said to standard error:
    /// for one that hangs.
    ///
    /// @throws IOException if there is no program `kill`
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void printWithStacks() throws IOException, InterruptedException {
        signal("QUIT");
        boolean _ = process.waitFor(DUMP.toNanos(), TimeUnit.NANOSECONDS);
        System.err.println(Files.readString(output));
    }

    /// Kills it with all that it has started, and waits until it is gone.
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

    /// The end of what it has printed, in one line.
    public String lastWords() {
        try {
            String all = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
            return all.substring(Math.max(0, all.length() - LAST_WORDS)).replace('\n', '|');
        } catch (IOException failure) {
            return "its output is gone: " + failure;
        }
    }

    /// Kills it, and deletes its output.
    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(output);
        } catch (IOException _) {
            // Goes with the folder of the run.
        }
    }
}
