package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs of a program that is killed, or stopped and continued.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterAskersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int JOBS = 4; // of a node with two workers

    @TempDir
    Path folder;

    private NatsServer server;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private NodeProgram node(TestSettings settings) throws Exception {
        return NodeProgram.start(server.url(), settings, 2, folder);
    }

    private Program asker(TestSettings settings) throws Exception {
        return AskerProgram.start(server.url(), settings, JOBS, folder);
    }

    private long begun() {
        return begins().size();
    }

    /// The names of the jobs that were begun, once for each begin.
    private List<String> begins() {
        return IntStream.range(0, JOBS).mapToObj(i -> "job" + i)
                .flatMap(name -> lines(name).stream().map(_ -> name)).toList();
    }

    private List<String> lines(String file) {
        try {
            Path path = folder.resolve(file);
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void letThemEnd() throws IOException {
        var _ = Files.createFile(folder.resolve("until"));
    }

    private static void during(Duration time, Callable<Boolean> fact) {
        await().during(time).atMost(time.plus(PATIENCE)).until(fact);
    }

    @Test
    void jobsOfAnAskerThatIsKilledAreCancelledAfterAWhile() throws Exception {
        TestSettings settings = TestSettings.QUICK;
        try (NodeProgram _ = node(settings); Program asker = asker(settings);
                ClusterWorkers<Deed, String> other =
                        ClusterWorkers.connect(settings.options(server.url()), "deeds",
                                TypeToken.of(Deed.class), TypeToken.of(String.class))) {
            await().atMost(PATIENCE).until(() -> begun() == 2);

            asker.kill();

            CompletableFuture<String> next = other.send(new Deed.Shout("next"));
            during(Duration.ofSeconds(settings.cancelledAfter() - 2), () -> !next.isDone());
            assertThat(next).succeedsWithin(PATIENCE).isEqualTo("NEXT");
            assertThat(begun()).as("those that wait are never begun").isEqualTo(2);
        }
    }

    /// It is away for longer than a node counts as reachable, and for long enough that each of its
    /// jobs is asked for meanwhile.
    @Test
    void askerThatIsStoppedForAShortTimeKeepsItsJobs() throws Exception {
        TestSettings settings = new TestSettings(1, 2, 12, 1);
        try (NodeProgram _ = node(settings); Program asker = asker(settings)) {
            await().atMost(PATIENCE).until(() -> begun() == 2);

            asker.stop();
            letThemEnd();
            during(Duration.ofSeconds(4), () -> lines("ends").isEmpty());
            asker.goOn();

            await().atMost(PATIENCE).until(() -> lines("ends").size() == JOBS);
            assertThat(lines("ends")).allMatch(end -> end.endsWith("waited"));
            assertThat(begins()).hasSize(JOBS).doesNotHaveDuplicates();
        }
    }

    @Test
    void eachJobOfAnAskerThatIsStoppedForLongHasAnEnd() throws Exception {
        TestSettings settings = new TestSettings(1, 2, 3, 1);
        try (NodeProgram _ = node(settings); Program asker = asker(settings)) {
            await().atMost(PATIENCE).until(() -> begun() == 2);

            asker.stop();
            during(Duration.ofSeconds(6), () -> lines("ends").isEmpty());
            letThemEnd();
            asker.goOn();

            await().atMost(PATIENCE).until(() -> lines("ends").size() == JOBS);
            assertThat(begins()).doesNotHaveDuplicates();
            assertThat(lines("ends")).anyMatch(end -> end.contains("CancellationException"));
        }
    }
}
