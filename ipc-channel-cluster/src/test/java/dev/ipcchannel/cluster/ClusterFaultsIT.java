package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.NodeUnreachable;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WorkersBusy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of a cluster whose nodes, server or asking process are killed, stopped or away.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private NatsServer server;
    private ClusterWorkers<Deed, String> workers;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
        workers = connect();
    }

    private ClusterWorkers<Deed, String> connect() throws InterruptedException {
        return ClusterWorkers.connect(NodeProgram.options(server.url()), "deeds",
                TypeToken.of(Deed.class), TypeToken.of(String.class));
    }

    private NodeProgram node() throws Exception {
        return NodeProgram.start(server.url(), 1, folder);
    }

    private Deed.Wait wait(String name) {
        return new Deed.Wait(folder.resolve(name).toString(), folder.resolve("until").toString());
    }

    private void awaitBegun(String name) {
        await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve(name)));
    }

    private List<String> begins(String name) throws Exception {
        return Files.readAllLines(folder.resolve(name));
    }

    private void letThemEnd() throws Exception {
        var _ = Files.createFile(folder.resolve("until"));
    }

    @AfterEach
    void end() {
        workers.close();
        server.close();
    }

    @Test
    void jobWhoseNodeIsKilledFailsAndIsNotBegunAgain() throws Exception {
        try (NodeProgram first = node()) {
            CompletableFuture<String> job = workers.send(wait("job"));
            awaitBegun("job");
            first.kill();
            try (NodeProgram _ = node()) {
                assertThatThrownBy(job::join).cause()
                        .isInstanceOfSatisfying(NodeUnreachable.class, failure -> {
                            assertThat(failure).hasMessageContaining(first.id());
                            assertThat(failure.isGranted()).isTrue();
                        });
                assertThat(workers.call(new Deed.Shout("on"))).isEqualTo("ON");
                assertThat(begins("job")).hasSize(1);
            }
        }
    }

    @Test
    void idempotentJobWhoseNodeIsKilledIsDoneByAnotherNode() throws Exception {
        try (NodeProgram first = node()) {
            CompletableFuture<String> job = workers.job(wait("job")).idempotent().send();
            awaitBegun("job");
            first.kill();
            try (NodeProgram _ = node()) {
                await().atMost(PATIENCE).until(() -> begins("job").size() == 2);
                letThemEnd();
                assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
            }
        }
    }

    @Test
    void jobsThatWaitWhenTheirNodeIsKilledAreDoneByAnotherNode() throws Exception {
        try (NodeProgram first = node()) {
            CompletableFuture<String> busy = workers.send(wait("busy"));
            awaitBegun("busy");
            CompletableFuture<String> next = workers.send(new Deed.Shout("next"));
            first.kill();
            try (NodeProgram _ = node()) {
                assertThat(next).succeedsWithin(PATIENCE).isEqualTo("NEXT");
                assertThatThrownBy(busy::join).hasCauseInstanceOf(NodeUnreachable.class);
            }
        }
    }

    /// Its job is offered again meanwhile, and is refused to the other node.
    @Test
    void nodeThatIsStoppedForLongEndsItsJobInTime() throws Exception {
        try (NodeProgram first = node(); NodeProgram second = node()) {
            CompletableFuture<String> job = workers.send(wait("job"));
            awaitBegun("job");
            CompletableFuture<String> other = workers.send(wait("other"));
            awaitBegun("other");
            first.stop();
            second.stop();
            letThemEnd();
            assertThat(job).failsWithin(Duration.ofMillis(1_500));
            first.goOn();
            second.goOn();

            assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(other).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(begins("job")).hasSize(1);
            assertThat(begins("other")).hasSize(1);
        }
    }

    @Test
    void jobsGoOnAfterTheServerIsKilledAndStartedAgain() throws Exception {
        try (NodeProgram _ = node()) {
            CompletableFuture<String> begun = workers.send(wait("begun"));
            awaitBegun("begun");
            CompletableFuture<String> waiting = workers.send(wait("waiting"));
            server.kill();
            letThemEnd();
            server.startAgain();

            assertThat(begun).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo("waited");
            assertThat(begins("begun")).hasSize(1);
            assertThat(begins("waiting")).hasSize(1);
            assertThat(workers.call(new Deed.Shout("on"))).isEqualTo("ON");
        }
    }

    @Test
    void jobsOfAnAskerThatIsGoneAreCancelled() throws Exception {
        try (NodeProgram _ = node()) {
            ClusterWorkers<Deed, String> other = connect();
            CompletableFuture<String> job = other.send(wait("job"));
            awaitBegun("job");

            other.close();

            assertThat(job).isCompletedExceptionally();
            assertThat(workers.call(new Deed.Shout("on"))).isEqualTo("ON");
        }
    }

    @Test
    void jobForWhichThereIsNoRoomIsRefused() throws Exception {
        workers.close();
        ClusterOptions small = NodeProgram.options(server.url()).withMaxWaiting(3);
        workers = ClusterWorkers.connect(small, "small", TypeToken.of(Deed.class),
                TypeToken.of(String.class));
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            jobs.add(workers.send(new Deed.Shout("job")));
        }

        assertThatThrownBy(CompletableFuture.anyOf(jobs.toArray(CompletableFuture[]::new))::join)
                .cause().isInstanceOf(WorkersBusy.class).hasMessageContaining("maxWaiting=3");
    }

    @Test
    void askerWithOtherTypesThanTheNodesIsRefused() throws Exception {
        try (NodeProgram _ = node()) {
            assertThatThrownBy(() -> ClusterWorkers.connect(server.url(), "deeds", String.class,
                    Integer.class)).isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("set=deeds");
        }
    }
}
