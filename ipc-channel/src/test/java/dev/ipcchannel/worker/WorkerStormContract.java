package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.Work.Nap;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A set of workers of which one after the other is killed while they work, over any transport.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WorkerStormContract {

    private static final int WORKERS = 3;
    private static final int JOBS = 2_000;
    private static final int JOBS_A_KILL = 200;

    @RegisterExtension
    final Children children = new Children();

    abstract Transport transport();

    @Test
    void eachJobEndsInAStormOfKills() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed of the kill storm: " + seed);
        Random random = new Random(seed);
        try (var workers = WorkerSet.builder(Work.class, String.class)
                .worker(WorkerSetContract.child(WorkingChild.class, transport()))
                .workerCount(WORKERS).restartLimit(JOBS, Duration.ofMinutes(5))
                .queueCapacity(JOBS).start()) {
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                JobBuilder<Work, String> job = workers.job(new Nap(i));
                jobs.add(random.nextBoolean() ? job.idempotent().send() : job.send());
            }
            for (int done = JOBS_A_KILL; done < JOBS; done += JOBS_A_KILL) {
                awaitDone(workers, done);
                killOne(workers, random);
            }
            int answered = 0;
            for (int i = 0; i < JOBS; i++) {
                answered += isAnswered(jobs.get(i), i) ? 1 : 0;
            }
            assertThat(answered).isGreaterThan(JOBS * 9 / 10);
            await("the size is restored").atMost(Children.PATIENCE)
                    .until(() -> workers.stats().active() == WORKERS);
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
            WorkerSetStats stats = workers.stats();
            assertThat(stats.completed()).isEqualTo(answered);
            assertThat(stats.completed() + stats.failed()).isEqualTo(JOBS);
        }
    }

    private static void awaitDone(WorkerSet<Work, String> workers, int jobs) {
        await("jobs are done").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                .until(() -> workers.stats().completed() + workers.stats().failed() >= jobs);
    }

    private static void killOne(WorkerSet<Work, String> workers, Random random) {
        List<WorkerSnapshot> all = workers.workers();
        if (!all.isEmpty()) {
            ProcessHandle.of(all.get(random.nextInt(all.size())).pid())
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean isAnswered(CompletableFuture<String> job, int number)
            throws Exception {
        try {
            assertThat(job.get(20, TimeUnit.SECONDS)).isEqualTo(Integer.toString(number));
            return true;
        } catch (ExecutionException failure) {
            assertThat(failure).hasCauseInstanceOf(WorkerDied.class);
            return false;
        }
    }
}
