package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.worker.Progress;
import dev.ipcchannel.worker.TimeoutAction;
import dev.ipcchannel.worker.WorkerSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of one process at the nodes of others, by a real server, where nothing fails but jobs.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterJobsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TypeToken<Deed> DEEDS = TypeToken.of(Deed.class);
    private static final TypeToken<String> TEXT = TypeToken.of(String.class);

    @TempDir
    Path folder;

    private NatsServer server;
    private ClusterNode node;
    private ClusterWorkers<Deed, String> workers;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
        node = node(2);
        workers = ClusterWorkers.connect(server.url(), "deeds", Deed.class, String.class);
    }

    private ClusterNode node(int count) throws InterruptedException {
        return ClusterNode.start(ClusterOptions.of(server.url()), "deeds", DEEDS, TEXT,
                WorkerSet.builder(Deed.class, String.class).worker(DeedWorker.class)
                        .workerCount(count));
    }

    @AfterEach
    void end() {
        workers.close();
        node.close();
        server.close();
    }

    @Test
    void jobIsAnswered() throws Exception {
        assertThat(workers.call(new Deed.Shout("hello"))).isEqualTo("HELLO");
    }

    @Test
    void manyJobsAreAnsweredEachWithItsOwn() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            answers.add(workers.send(new Deed.Shout("job " + i)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i)).succeedsWithin(PATIENCE).isEqualTo("JOB " + i);
        }
        assertThat(workers.drain(PATIENCE)).isTrue();
        await().atMost(PATIENCE).until(() -> node.busy() == 0);
    }

    @Test
    void streamOfJobsHasItsAnswersInOrder() {
        Stream<Deed> jobs = IntStream.range(0, 500).mapToObj(i -> new Deed.Shout("n" + i));

        assertThat(workers.map(jobs)).hasSize(500).startsWith("N0", "N1").endsWith("N499");
    }

    @Test
    void whatAWorkerThrowsNamesTheNodeAndThePlace() {
        assertThatThrownBy(() -> workers.call(new Deed.Fail("no more paper")))
                .isInstanceOfSatisfying(CallFailed.class, failure -> {
                    assertThat(failure.remoteType()).isEqualTo("java.lang.IllegalStateException");
                    assertThat(failure.remoteMessage()).isEqualTo("no more paper");
                    assertThat(failure.remoteProcess()).contains(node.id());
                    assertThat(failure.remoteStack()).anyMatch(
                            line -> line.contains("DeedWorker.done"));
                });
    }

    @Test
    void workerThatDiesOfAJobFailsItOnce() {
        assertThatThrownBy(() -> workers.call(new Deed.Die(7))).isInstanceOf(WorkerDied.class)
                .hasMessageContaining(node.id()).hasMessageContaining("exit=7");
    }

    @Test
    void idempotentJobThatKillsTwoWorkersIsQuarantined() {
        assertThatThrownBy(() -> workers.job(new Deed.Die(7)).idempotent().call())
                .isInstanceOf(WorkerDied.class).hasMessageContaining("quarantine");
    }

    @Test
    void jobWithoutAnAnswerIsDone() throws Exception {
        Path begun = folder.resolve("begun");
        Path until = Files.createFile(folder.resolve("until"));

        workers.tell(new Deed.Wait(begun.toString(), until.toString()));

        assertThat(workers.drain(PATIENCE)).isTrue();
        assertThat(begun).content().startsWith("begun by");
    }

    @Test
    void progressAndPartsComeInTheirOrder() throws Exception {
        List<String> parts = Collections.synchronizedList(new ArrayList<>());
        List<Progress> steps = Collections.synchronizedList(new ArrayList<>());

        String answer = workers.job(new Deed.Count(20)).onPart(parts::add).onProgress(steps::add)
                .call();

        assertThat(answer).isEqualTo("counted");
        assertThat(parts).hasSize(20).startsWith("part 0", "part 1").endsWith("part 19");
        assertThat(steps).isSortedAccordingTo(
                Comparator.comparingLong(Progress::done));
    }

    @Test
    void headersOfAJobReachItsWorker() throws Exception {
        ClusterWorkers<Deed, String> north =
                workers.withContext(ContextCarrier.of(Map.of("tenant", "north")));

        assertThat(north.call(new Deed.Context())).isEqualTo("{tenant=north}");
        assertThat(workers.call(new Deed.Context())).isEqualTo("{}");
    }

    @Test
    void cancelOfAJobThatHasBegunInterruptsItsHandler() throws Exception {
        Path begun = folder.resolve("begun");
        CompletableFuture<String> job = workers
                .send(new Deed.Wait(begun.toString(), folder.resolve("never").toString()));
        await().atMost(PATIENCE).until(() -> Files.exists(begun));

        assertThat(job.cancel(true)).isTrue();

        await().atMost(PATIENCE).until(() -> node.busy() == 0);
        assertThat(workers.call(new Deed.Shout("on"))).isEqualTo("ON");
    }

    @Test
    void jobThatIsCancelledWhileItWaitsIsNeverBegun() throws Exception {
        Path until = folder.resolve("until");
        List<CompletableFuture<String>> first = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            first.add(workers.send(new Deed.Wait(folder.resolve("busy" + i).toString(),
                    until.toString())));
        }
        await().atMost(PATIENCE).until(() -> node.busy() == 2);
        Path begun = folder.resolve("begun");
        CompletableFuture<String> waiting =
                workers.send(new Deed.Wait(begun.toString(), until.toString()));

        assertThat(waiting.cancel(true)).isTrue();
        var _ = Files.createFile(until);

        for (CompletableFuture<String> job : first) {
            assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
        }
        assertThat(workers.call(new Deed.Shout("on"))).isEqualTo("ON");
        assertThat(begun).doesNotExist();
    }

    @Test
    void jobWhoseTimeIsOverFails() {
        String never = folder.resolve("never").toString();

        assertThatThrownBy(() -> workers.call(
                new Deed.Wait(folder.resolve("begun").toString(), never), Duration.ofMillis(500),
                TimeoutAction.ERROR)).isInstanceOf(TimedOut.class)
                .hasMessageContaining("timeout=500 ms");

        await().atMost(PATIENCE).until(() -> node.busy() == 0);
    }

    @Test
    void nodeThatDrainsEndsWhatItHasAndAnotherOneTakesTheRest() throws Exception {
        Path until = folder.resolve("until");
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            jobs.add(workers.send(new Deed.Wait(folder.resolve("begun" + i).toString(),
                    until.toString())));
        }
        await().atMost(PATIENCE).until(() -> node.busy() == 2);
        assertThat(node.drain(Duration.ofMillis(100))).isFalse();
        var _ = Files.createFile(until);
        assertThat(node.drain(PATIENCE)).isTrue();
        try (ClusterNode _ = node(1)) {
            for (CompletableFuture<String> job : jobs) {
                assertThat(job).succeedsWithin(PATIENCE).isEqualTo("waited");
            }
        }
    }
}
