package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.NodeUnreachable;
import dev.ipcchannel.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of a cluster whose network is cut for a while: no byte passes, and no connection ends.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterNetworkIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final TestSettings SETTINGS = TestSettings.QUICK;
    private static final Duration BEYOND_ACK_WAIT = Duration.ofSeconds(2);
    private static final Duration BEYOND_ALL = Duration.ofSeconds(7);

    @TempDir
    Path folder;

    private NatsServer server;
    private Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
        proxy = Proxy.to(server.port());
    }

    @AfterEach
    void end() throws Exception {
        proxy.close();
        server.close();
    }

    private static ClusterWorkers<Deed, String> asker(String url) throws InterruptedException {
        return ClusterWorkers.connect(SETTINGS.options(url), "deeds", TypeToken.of(Deed.class),
                TypeToken.of(String.class));
    }

    private NodeProgram node(String url, int workers) throws Exception {
        return NodeProgram.start(url, SETTINGS, workers, folder);
    }

    private Deed.Wait wait(String name) {
        return new Deed.Wait(folder.resolve(name).toString(), folder.resolve("until").toString());
    }

    private List<String> begins(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void awaitBegun(String name) {
        await().atMost(PATIENCE).until(() -> !begins(name).isEmpty());
    }

    private void letThemEnd() throws IOException {
        var _ = Files.createFile(folder.resolve("until"));
    }

    private static void during(Duration time, Callable<Boolean> fact) {
        await().during(time).atMost(time.plus(PATIENCE)).until(fact);
    }

    @Test
    void jobOfANodeThatIsCutOffBeyondAckWaitIsEndedByThatNode() throws Exception {
        try (NodeProgram _ = node(proxy.url(), 1);
                ClusterWorkers<Deed, String> workers = asker(server.url())) {
            CompletableFuture<String> job = workers.send(wait("job"));
            awaitBegun("job");
            try (NodeProgram _ = node(server.url(), 1)) {
                proxy.cut();
                letThemEnd();
                during(BEYOND_ACK_WAIT, () -> !job.isDone());
                proxy.mend();

                assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
                assertThat(begins("job")).hasSize(1);
            }
        }
    }

    @Test
    void jobsOfANodeThatIsCutOffForLongEndWithoutIt() throws Exception {
        try (NodeProgram cut = node(proxy.url(), 2);
                ClusterWorkers<Deed, String> workers = asker(server.url())) {
            CompletableFuture<String> once = workers.send(wait("once"));
            CompletableFuture<String> twice = workers.job(wait("twice")).idempotent().send();
            awaitBegun("once");
            awaitBegun("twice");
            try (NodeProgram _ = node(server.url(), 1)) {
                proxy.cut();

                assertThatThrownBy(once::join).cause().isInstanceOf(NodeUnreachable.class)
                        .hasMessageContaining(cut.id());
                await().atMost(PATIENCE).until(() -> begins("twice").size() == 2);
                letThemEnd();
                assertThat(twice).succeedsWithin(PATIENCE).isEqualTo("waited");
            }
            proxy.mend();

            assertThat(workers.send(new Deed.Shout("on"))).succeedsWithin(PATIENCE)
                    .as("by the node that was cut off").isEqualTo("ON");
            assertThat(begins("once")).hasSize(1);
            assertThat(begins("twice")).hasSize(2);
        }
    }

    /// While it is cut off, the node hears nothing of the process that asks, which is there.
    @Test
    void onlyNodeKeepsItsIdempotentJobWhileItIsCutOff() throws Exception {
        try (NodeProgram _ = node(proxy.url(), 1);
                ClusterWorkers<Deed, String> workers = asker(server.url())) {
            CompletableFuture<String> job = workers.job(wait("job")).idempotent().send();
            awaitBegun("job");
            proxy.cut();
            during(BEYOND_ALL, () -> !job.isDone());
            letThemEnd();
            proxy.mend();

            assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(begins("job")).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void askerThatIsCutOffForAShortTimeKeepsItsJobs() throws Exception {
        try (NodeProgram _ = node(server.url(), 1);
                ClusterWorkers<Deed, String> workers = asker(proxy.url())) {
            CompletableFuture<String> job = workers.send(wait("job"));
            CompletableFuture<String> next = workers.send(wait("next"));
            awaitBegun("job");
            proxy.cut();
            letThemEnd();
            during(BEYOND_ACK_WAIT, () -> !job.isDone());
            proxy.mend();

            assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(next).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(begins("job")).hasSize(1);
            assertThat(begins("next")).hasSize(1);
        }
    }

    @Test
    void eachJobOfAnAskerThatIsCutOffForLongHasAnEnd() throws Exception {
        try (NodeProgram _ = node(server.url(), 1);
                ClusterWorkers<Deed, String> workers = asker(proxy.url())) {
            CompletableFuture<String> job = workers.send(wait("job"));
            CompletableFuture<String> next = workers.send(wait("next"));
            awaitBegun("job");
            proxy.cut();
            during(BEYOND_ALL, () -> !job.isDone());
            letThemEnd();
            proxy.mend();

            await().atMost(PATIENCE).until(() -> job.isDone() && next.isDone());
            assertThat(begins("job")).hasSize(1);
            assertThat(begins("next")).hasSizeLessThanOrEqualTo(1);
            assertThat(workers.send(new Deed.Shout("on"))).succeedsWithin(PATIENCE)
                    .isEqualTo("ON");
        }
    }
}
