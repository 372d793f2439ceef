package dev.ipcchannel.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of these tests in a process of its own, to be killed, stopped and continued.
final class Program implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;
    private static final int LOOK_MILLIS = 20;

    private final Process process;
    private final String said;

    private Program(Process process, String said) {
        this.process = process;
        this.said = said;
    }

    /// Starts one, and waits until it says that it is ready.
    ///
    /// @param arguments before the last one, which names the file for [#ready]
    static Program start(Class<?> main, Path folder, List<String> arguments)
            throws IOException, InterruptedException {
        Path ready = Files.createTempDirectory(folder, "program").resolve("ready");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent")).toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        command.add(ready.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Redirect.to(ready.resolveSibling("log").toFile())).start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the program has not started: "
                        + Files.readString(ready.resolveSibling("log")));
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return new Program(process, Files.readString(ready));
    }

    /// Says in such a program that it is ready.
    static void ready(String file, String text) throws IOException {
        Path ready = Path.of(file);
        Path written = Files.writeString(ready.resolveSibling(ready.getFileName() + ".new"), text);
        var _ = Files.move(written, ready);
    }

    /// What it has said when it was ready.
    String said() {
        return said;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Its child processes: the workers of a node.
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /// Ends it as `kill -9` does.
    void kill() {
        process.destroyForcibly();
        var _ = process.onExit().join();
    }

    void stop() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("no such process: pid=" + process.pid());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    @Override
    public void close() {
        kill(); // a stopped one too
    }
}
