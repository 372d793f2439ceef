package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.worker.Worker;
import dev.ipcchannel.worker.WorkerSet;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that come to nodes more than once, and two versions of their types side by side.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterCopiesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final TypeToken<Deed> DEEDS = TypeToken.of(Deed.class);
    private static final TypeToken<String> TEXT = TypeToken.of(String.class);
    private static final String PREFIX = "begun by ";

    @TempDir
    Path folder;

    private NatsServer server;
    private ClusterWorkers<Deed, String> workers;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
        workers = ClusterWorkers.connect(NodeProgram.options(server.url()), "deeds", DEEDS, TEXT);
    }

    @AfterEach
    void end() {
        workers.close();
        server.close();
    }

    private NodeProgram node() throws Exception {
        return NodeProgram.start(server.url(), 1, folder);
    }

    /// The process ids of the workers that have begun a job.
    private List<String> begins(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file).stream()
                .map(line -> line.substring(PREFIX.length())).toList() : List.of();
    }

    private void awaitBegins(String name, int count) {
        await().atMost(PATIENCE).until(() -> begins(name).size() == count);
    }

    @Test
    void firstEndOfTwoBeginsAtOnceCounts() throws Exception {
        assertEndCounts("first", 0);
        assertEndCounts("second", 1);
    }

    /// @param earlier which of the two begins ends first
    private void assertEndCounts(String name, int earlier) throws Exception {
        Path until = folder.resolve(name + " ends ");
        try (NodeProgram one = node(); NodeProgram other = node()) {
            CompletableFuture<String> job = workers.job(
                    new Deed.Race(folder.resolve(name).toString(), until.toString())).idempotent()
                    .send();
            awaitBegins(name, 1);
            NodeProgram slow = hasWorker(one, begins(name).getFirst()) ? one : other;
            slow.stop(); // beyond AckWait: the job is offered to the other node
            awaitBegins(name, 2);
            slow.goOn();
            assertThat(job).isNotDone();

            var _ = Files.createFile(Path.of(until + begins(name).get(earlier)));
            assertThat(job).succeedsWithin(PATIENCE).isEqualTo(begins(name).get(earlier));
            var _ = Files.createFile(Path.of(until + begins(name).get(1 - earlier)));
            for (int i = 0; i < 2; i++) { // each node has its hand free again
                assertThat(workers.call(new Deed.Shout("on"))).isEqualTo("ON");
            }
            assertThat(begins(name)).hasSize(2);
        }
    }

    private static boolean hasWorker(NodeProgram node, String pid) {
        return node.workers().stream()
                .anyMatch(worker -> pid.equals(String.valueOf(worker.pid())));
    }

    @Test
    void copyInTheQueueIsNotBegun() throws Exception {
        Path until = Files.createFile(folder.resolve("until"));
        CompletableFuture<String> job = workers.send(
                new Deed.Wait(folder.resolve("job").toString(), until.toString()));
        SetNames names = new SetNames("deeds", JobCodecs.of(DEEDS, TEXT).fingerprint());
        await().atMost(PATIENCE).until(() -> messages(names) == 1);
        MessageInfo message = NatsServer.ask(server.url(), management -> management
                .getFirstMessage(names.stream(), names.jobs(SetNames.USUAL_PRIORITY)));
        String subject = Objects.requireNonNull(message.getSubject());
        byte[] data = Objects.requireNonNull(message.getData());
        NatsServer.publish(server.url(), subject, data);
        NatsServer.publish(server.url(), subject, data);
        assertThat(messages(names)).isEqualTo(3);

        try (NodeProgram _ = node(); NodeProgram _ = node()) {
            assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
            await().atMost(PATIENCE).until(() -> messages(names) == 0);
            assertThat(begins("job")).hasSize(1);
        }
    }

    private long messages(SetNames names) throws Exception {
        return NatsServer.ask(server.url(), management -> management.getStreamInfo(names.stream())
                .getStreamState().getMsgCount());
    }

    /// A worker of the next version of the same program.
    static final class LengthWorker {

        private LengthWorker() {}

        public static void main(String[] arguments) throws InterruptedException {
            Worker.serve(String.class, Integer.class, (text, _) -> text.length());
        }
    }

    @Test
    void nodesOfTwoVersionsServeSideBySide() throws Exception {
        try (NodeProgram _ = node();
                ClusterNode next = ClusterNode.start(NodeProgram.options(server.url()), "deeds",
                        TEXT, TypeToken.of(Integer.class),
                        WorkerSet.builder(String.class, Integer.class).worker(LengthWorker.class)
                                .workerCount(1));
                ClusterWorkers<String, Integer> later =
                        ClusterWorkers.connect(NodeProgram.options(server.url()), "deeds", TEXT,
                                TypeToken.of(Integer.class))) {
            for (int i = 0; i < 20; i++) {
                assertThat(workers.call(new Deed.Shout("old" + i))).isEqualTo("OLD" + i);
                assertThat(later.call("new" + i)).isEqualTo(("new" + i).length());
            }
            assertThat(next.drain(PATIENCE)).isTrue();
        }
    }
}
