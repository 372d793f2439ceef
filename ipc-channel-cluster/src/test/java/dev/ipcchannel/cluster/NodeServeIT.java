package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests of a program that is a node by [ClusterNode#serve], and is asked to end.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodeServeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int AFTER_SIGTERM = 143;

    @TempDir
    Path folder;

    private NatsServer server;
    private ClusterWorkers<Deed, String> workers;
    private @Nullable Process node;

    @BeforeEach
    void startServer() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
        workers = ClusterWorkers.connect(NodeProgram.options(server.url()), "deeds",
                TypeToken.of(Deed.class), TypeToken.of(String.class));
    }

    /// Is a node with one worker until it is asked to end.
    ///
    /// @param arguments a URL, and the milliseconds that a drain may take
    public static void main(String[] arguments) throws InterruptedException {
        ClusterNode.start(NodeProgram.options(arguments[0]), "deeds", TypeToken.of(Deed.class),
                TypeToken.of(String.class),
                WorkerSet.builder(Deed.class, String.class).worker(DeedWorker.class)
                        .workerCount(1))
                .serve(Duration.ofMillis(Long.parseLong(arguments[1])), System.out::println);
    }

    private void startNode(Duration patience) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent")).toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"),
                NodeServeIT.class.getName(), server.url(), String.valueOf(patience.toMillis())));
        node = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(Redirect.to(folder.resolve("out").toFile())).start();
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("out")).stream()
                .filter(line -> line.startsWith("deeds node ")).toList();
    }

    private CompletableFuture<String> begun(String name) throws InterruptedException {
        CompletableFuture<String> job = workers.send(new Deed.Wait(folder.resolve(name).toString(),
                folder.resolve("until").toString()));
        await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve(name)));
        return job;
    }

    private Process running() {
        return Objects.requireNonNull(node);
    }

    /// Sends SIGTERM, once the program serves.
    private void askToEnd() {
        await().atMost(PATIENCE).until(() -> !lines().isEmpty());
        running().toHandle().destroy();
    }

    private int awaitEnd() throws InterruptedException {
        assertThat(running().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return running().exitValue();
    }

    @AfterEach
    void end() throws Exception {
        running().destroyForcibly().waitFor();
        workers.close();
        server.close();
    }

    @Test
    void nodeThatIsAskedToEndDoesTheJobThatItHasAndTakesNoOther() throws Exception {
        startNode(PATIENCE);
        CompletableFuture<String> job = begun("job");

        askToEnd();
        await().atMost(PATIENCE).until(() -> lines().stream()
                .anyMatch(line -> line.contains("1/1 hands busy") && line.endsWith("draining")));
        CompletableFuture<String> next = workers.send(new Deed.Shout("next"));
        Files.createFile(folder.resolve("until"));

        assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
        assertThat(awaitEnd()).isEqualTo(AFTER_SIGTERM);
        assertThat(lines().getFirst()).contains(": 0/1 hands busy, 0 done, 0 failed, ")
                .endsWith(", 0 ends kept, connected");
        assertThat(lines().getLast()).contains(": 0/1 hands busy, 1 done")
                .endsWith(", 0 ends kept, connected, draining");
        assertThat(next).isNotDone();
    }

    @Test
    void jobThatIsNotDoneWhenTheTimeForADrainIsOverFails() throws Exception {
        startNode(Duration.ofMillis(1));
        CompletableFuture<String> job = begun("job");

        askToEnd();

        assertThatThrownBy(job::join).hasCauseInstanceOf(WorkerDied.class);
        assertThat(awaitEnd()).isEqualTo(AFTER_SIGTERM);
        assertThat(lines().getLast()).endsWith("its jobs were not done within 1 ms, and fail");
    }
}
