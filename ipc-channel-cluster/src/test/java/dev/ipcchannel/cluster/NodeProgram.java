package dev.ipcchannel.cluster;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that is a node of the set `deeds`, to be killed by tests.
final class NodeProgram implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;
    private static final int LOOK_MILLIS = 20;

    private final Process process;
    private final String id;

    private NodeProgram(Process process, String id) {
        this.process = process;
        this.id = id;
    }

    /// The settings of all processes of these tests: quick to give up.
    static ClusterOptions options(String url) {
        return ClusterOptions.of(url).withAckWait(Duration.ofSeconds(1))
                .withAbsence(Duration.ofSeconds(3), Duration.ofSeconds(4));
    }

    /// Is a node until it is killed.
    ///
    /// @param arguments a URL, the number of workers, and a file into which the id is written
    public static void main(String[] arguments) throws InterruptedException, IOException {
        try (ClusterNode node = ClusterNode.start(options(arguments[0]), "deeds",
                TypeToken.of(Deed.class), TypeToken.of(String.class),
                WorkerSet.builder(Deed.class, String.class).worker(DeedWorker.class)
                        .workerCount(Integer.parseInt(arguments[1])))) {
            Path ready = Path.of(arguments[2]);
            Path written = Files.writeString(ready.resolveSibling(ready.getFileName() + ".new"),
                    node.id());
            var _ = Files.move(written, ready);
            node.awaitEnd();
        }
    }

    /// Starts one, and waits until it takes jobs.
    static NodeProgram start(String url, int workers, Path folder)
            throws IOException, InterruptedException {
        Path ready = Files.createTempDirectory(folder, "node").resolve("ready");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent")).toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"),
                NodeProgram.class.getName(), url, String.valueOf(workers), ready.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Redirect.to(ready.resolveSibling("log").toFile())).start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the node has not started: "
                        + Files.readString(ready.resolveSibling("log")));
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return new NodeProgram(process, Files.readString(ready));
    }

    String id() {
        return id;
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
                throw new IllegalStateException("no such node: pid=" + process.pid());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    @Override
    public void close() {
        goOnIfAlive();
        kill();
    }

    private void goOnIfAlive() {
        if (process.isAlive()) {
            goOn();
        }
    }
}
