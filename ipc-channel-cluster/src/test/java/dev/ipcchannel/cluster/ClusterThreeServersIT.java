package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that three servers keep, of which one or all are killed under load.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterThreeServersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final TestSettings SETTINGS = new TestSettings(2, 5, 20, 3);
    private static final TypeToken<Deed> DEEDS = TypeToken.of(Deed.class);
    private static final TypeToken<String> TEXT = TypeToken.of(String.class);
    private static final int JOBS = 300;

    @TempDir
    Path folder;

    private static NatsCluster cluster;

    private final String stream =
            new SetNames("deeds", JobCodecs.of(DEEDS, TEXT).fingerprint()).stream();

    @BeforeAll
    static void start(@TempDir Path servers) throws Exception {
        cluster = NatsCluster.start(servers);
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void jobsGoOnWhenTheLeaderOfTheirStreamIsKilled() throws Exception {
        List<NatsServer> killed = new ArrayList<>();
        try {
            assertJobsGoOn(() -> {
                killed.add(cluster.leader(stream));
                killed.getFirst().kill();
            });
        } finally {
            for (NatsServer server : killed) {
                server.startAgain();
            }
        }
    }

    @Test
    void jobsGoOnWhenAllServersAreKilledAndStartedAgain() throws Exception {
        assertJobsGoOn(() -> {
            cluster.servers().forEach(NatsServer::kill);
            for (NatsServer server : cluster.servers()) {
                server.startAgain();
            }
        });
    }

    private interface Fault {

        void happen() throws Exception;
    }

    private void assertJobsGoOn(Fault fault) throws Exception {
        try (NodeProgram _ = NodeProgram.start(cluster.url(), SETTINGS, 2, folder);
                ClusterWorkers<Deed, String> workers =
                        ClusterWorkers.connect(SETTINGS.options(cluster.url()), "deeds", DEEDS,
                                TEXT)) {
            cluster.awaitCurrent(stream);
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            Thread load = Thread.startVirtualThread(() -> send(workers, jobs));
            await().atMost(PATIENCE).until(() -> begins(0) == 1);
            fault.happen();
            load.join();

            for (int i = 0; i < JOBS; i++) {
                assertThat(jobs.get(i)).succeedsWithin(PATIENCE).isEqualTo(file(i));
                assertThat(begins(i)).as("begins of job %d", i).isBetween(1, i % 2 == 0 ? 1 : 2);
            }
        }
    }

    /// Those with an odd number are idempotent.
    private void send(ClusterWorkers<Deed, String> workers, List<CompletableFuture<String>> jobs) {
        try {
            for (int i = 0; i < JOBS; i++) {
                Deed deed = new Deed.Work(file(i), 10);
                jobs.add(i % 2 == 0 ? workers.send(deed) : workers.job(deed).idempotent().send());
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private String file(int job) {
        return folder.resolve("job" + job).toString();
    }

    private int begins(int job) throws IOException {
        Path file = Path.of(file(job));
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }
}
