package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.WorkerSetContract.awaitFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Real workers that have too much memory, or nothing to do.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerLimitsIT {

    private static final int JOBS = 12;
    private static final int MEGABYTES = 20; // kept by each job

    @RegisterExtension
    final Children children = new Children();

    private static WorkerSetBuilder<Work, String> set(int count) {
        return WorkerSet.builder(Work.class, String.class)
                .worker(WorkerSetContract.child(WorkingChild.class, Transport.shm()))
                .workerCount(count);
    }

    @Test
    void workerThatKeepsMoreAndMoreIsReplacedByPlanAndEachJobIsDone() throws Exception {
        Queue<String> ends = new ConcurrentLinkedQueue<>();
        WorkerListener listener = new WorkerListener() {
            @Override
            public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
                ends.add(wasPlanned ? "planned" : report.toString());
            }
        };
        List<String> pids = new ArrayList<>();
        try (var workers = set(1).maxMemory(150L << 20).listener(listener).start()) {
            for (int i = 0; i < JOBS; i++) {
                pids.add(workers.call(new Work.Keep(MEGABYTES)));
                await("the worker is measured, or replaced").atMost(Children.PATIENCE)
                        .pollDelay(Duration.ofMillis(110)).until(() -> true);
            }
            assertThat(workers.stats().restarts()).isZero();
            assertThat(workers.stats().failed()).isZero();
            assertThat(workers.stats().completed()).isEqualTo(JOBS);
        }
        assertThat(pids.stream().distinct()).as("workers").hasSizeGreaterThan(1);
        assertThat(ends).containsOnly("planned").hasSizeGreaterThan(1);
    }

    /// Of eight each has a sixteenth of the memory, and one alone has a quarter.
    @Test
    void heapsOfManyWorkersFitIntoTheMemoryTogetherUnlessTheUserSaysOtherwise() throws Exception {
        long alone;
        try (var workers = set(1).start()) {
            alone = Long.parseLong(workers.call(new Work.ReadHeap()));
        }
        try (var workers = set(1).spares(7).start()) {
            assertThat(Long.parseLong(workers.call(new Work.ReadHeap())))
                    .isBetween(alone / 5, alone / 3);
        }
        ChildJvm own = WorkerSetContract.child(WorkingChild.class, Transport.shm()).heap(64 << 20);
        try (var workers = set(1).worker(own).spares(7).start()) {
            assertThat(Long.parseLong(workers.call(new Work.ReadHeap())))
                    .isBetween(48L << 20, 64L << 20);
        }
    }

    @Test
    void setWhoseWorkersHaveAllEndedTakesJobsAgain() throws Exception {
        Queue<String> reasons = new ConcurrentLinkedQueue<>();
        WorkerListener listener = new WorkerListener() {
            @Override
            public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
                reasons.add(worker.reason());
            }
        };
        try (var workers = set(2).idleTime(Duration.ofMillis(100), 0).listener(listener).start()) {
            for (int i = 0; i < 2; i++) {
                await("all end").atMost(Children.PATIENCE).until(() -> workers.workers().isEmpty());

                assertThat(workers.call(new Work.Echo("again"))).isEqualTo("again");
                assertThat(workers.map(Stream.of(new Work.Echo("more"))).toList())
                        .containsExactly("more");
            }
            assertThat(reasons).isNotEmpty().containsOnly("it was idle");
        }
    }

    @Test
    void idleWorkersEndAndComeBackForJobsThatWait() throws Exception {
        try (var workers = set(3).idleTime(Duration.ofMillis(200), 1).start()) {
            await("all but one end").atMost(Children.PATIENCE)
                    .until(() -> workers.stats().size() == 1 && workers.workers().size() == 1);
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Path file = children.directory().resolve("begun " + i);
                jobs.add(workers.send(new Work.Wait(file.toString())));
            }
            for (int i = 0; i < 3; i++) {
                awaitFile(children.directory().resolve("begun " + i));
            }
            jobs.forEach(job -> assertThat(job.cancel(true)).isTrue());
            assertThat(workers.stats().restarts()).isZero();
        }
    }
}
