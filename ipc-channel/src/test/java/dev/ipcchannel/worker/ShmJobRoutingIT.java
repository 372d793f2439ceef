package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.Work.Given;
import dev.ipcchannel.transport.Transport;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The routing of jobs over rings in shared memory, also for as long as a flood of them lasts.
class ShmJobRoutingIT extends JobRoutingContract {

    private static final long FLOOD_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int QUEUE = 64;

    private static final int HIGH = 3;
    private static final int LOW = -2;

    // Each step of priority is worth 100 ms of waiting: docs/workers.md.
    private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(100) * (HIGH - LOW);

    private final long start = System.nanoTime();

    @Override
    Transport transport() {
        return Transport.shm();
    }

    private long now() {
        return System.nanoTime() - start;
    }

    /// The bound for a low job, from the rule that each step of priority is worth 100 ms of
    /// waiting: its worker has done no high job before it that was given more than 500 ms after the
    /// low one, which is five steps below. What was given up to then is no more than the queue
    /// holds, however long the flood lasts. How long that takes is left to the machine.
    @Test
    @Timeout(value = 150, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void lowJobIsDoneBeforeHighOnesOfAFloodThatAreGivenAfterTheTimeThatTheStepsAreWorth()
            throws Exception {
        // Nothing ahead: what a worker has got, nothing overtakes.
        try (var workers = set(2).prefetch(0).queueCapacity(QUEUE).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            long end = now() + FLOOD_NANOS;
            Waits<Long> one = Waits.in(() -> flood(workers, end));
            Waits<Long> other = Waits.in(() -> flood(workers, end));
            long low = 0;
            long overtaken = 0; // of these, by high jobs that were given later
            while (now() < end) {
                CompletableFuture<String> job =
                        workers.job((Work) new Given(now())).priority(LOW).send();
                long given = now(); // or before: it may have waited for room in the queue
                assertThat(job).succeedsWithin(Children.PATIENCE);
                long latest = Long.parseLong(job.join());
                assertThat(latest).as("moment of the latest job before one of low priority")
                        .isLessThanOrEqualTo(given + HEAD_START_NANOS);
                low++;
                overtaken += latest > given ? 1 : 0;
            }
            long high = one.value() + other.value();

            assertThat(overtaken).isPositive();
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
            WorkerSetStats stats = workers.stats();
            assertThat(stats.submitted()).isEqualTo(low + high);
            assertThat(stats.completed()).isEqualTo(low + high);
            assertThat(stats.failed() + stats.cancelled() + stats.queued() + stats.running())
                    .isZero();
        }
    }

    /// Keeps the queue full of jobs of high priority.
    ///
    /// @return how many were given, all of which are answered
    private long flood(WorkerSet<Work, String> workers, long end) throws InterruptedException {
        Queue<CompletableFuture<String>> open = new ArrayDeque<>();
        long given = 0;
        while (now() < end) {
            open.add(workers.job((Work) new Given(now())).priority(HIGH).send());
            given++;
            if (open.size() > QUEUE) {
                String _ = open.remove().join();
            }
        }
        open.forEach(CompletableFuture::join);
        return given;
    }
}
