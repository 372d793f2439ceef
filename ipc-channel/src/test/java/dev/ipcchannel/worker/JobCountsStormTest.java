package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each job is counted once, at every moment, and as its future ends: in a storm of submits,
/// cancels, time limits, refusals, deaths, retries and restarts, up to a close in the midst of it.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobCountsStormTest {

    private static final int THREADS = 3;
    private static final int JOBS = 3_000; // of each thread, before the close
    private static final int ODDS = 1_000;
    private static final String MINE = "completed by the test";

    @RegisterExtension
    final StageExtension stage = new StageExtension();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong unseen = new AtomicLong(); // accepted, without a future
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong deaths = new AtomicLong();
    private final Queue<CompletableFuture<String>> futures = new ConcurrentLinkedQueue<>();

    @Test
    void eachJobIsCountedOnceAtEveryMoment() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed of the storm of counts: " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        WorkerSet<String, String> set = stage.set(3).jobsAtOnce(2).spares(1).queueCapacity(20)
                .whenBusy(BusyPolicy.reject()).restartLimit(Integer.MAX_VALUE,
                        Duration.ofHours(1))
                .start();
        Waits<Void> workers = Waits.run(() -> work(random.split()));
        Waits<Long> watch = Waits.in(() -> watch(set));
        List<Waits<Void>> hosts = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom own = random.split();
            hosts.add(Waits.run(() -> submit(set, own)));
        }
        SplittableRandom own = random.split();
        while (accepted.get() < THREADS * JOBS) {
            hosts.stream().map(Waits::result).filter(CompletableFuture::isDone)
                    .forEach(CompletableFuture::join); // what went wrong
            disturb(set, own);
        }

        set.close();

        for (Waits<Void> host : hosts) {
            Void _ = host.value();
        }
        isOver.set(true);
        long looks = watch.value();
        Void _ = workers.value();
        assertCounts(set.stats(), looks);
    }

    private void assertCounts(WorkerSetStats stats, long looks) {
        Map<PendingJob.State, Long> ends = futures.stream()
                .collect(Collectors.groupingBy(JobCountsStormTest::end, Collectors.counting()));
        long completed = ends.getOrDefault(PendingJob.State.COMPLETED, 0L);
        long failed = ends.getOrDefault(PendingJob.State.FAILED, 0L);
        long cancelled = ends.getOrDefault(PendingJob.State.CANCELLED, 0L);
        System.out.printf("storm of counts: %s, rejected=%d, deaths=%d, looks=%d, unseen=%d%n",
                stats, rejected.get(), deaths.get(), looks, unseen.get());
        assertThat(stats.submitted()).isEqualTo(accepted.get());
        assertThat(futures.size() + unseen.get()).isEqualTo(accepted.get());
        assertThat(stats.running() + stats.queued()).isZero();
        assertThat(sum(stats)).isEqualTo(accepted.get());
        assertThat(stats.completed()).isBetween(completed, completed + unseen.get());
        assertThat(stats.failed()).isBetween(failed, failed + unseen.get());
        assertThat(stats.cancelled()).isBetween(cancelled, cancelled + unseen.get());
        assertThat(List.of(completed, failed, cancelled, stats.retried(), rejected.get(),
                deaths.get(), looks)).as("what the storm was to hit")
                .allMatch(count -> count > 0);
    }

    private static PendingJob.State end(CompletableFuture<String> job) {
        return switch (job.state()) {
            case SUCCESS -> job.resultNow().equals(MINE) ? PendingJob.State.CANCELLED
                    : PendingJob.State.COMPLETED;
            case CANCELLED -> PendingJob.State.CANCELLED;
            case FAILED ->
                    job.exceptionNow() instanceof TimeoutException ? PendingJob.State.CANCELLED
                            : PendingJob.State.FAILED;
            case RUNNING -> throw new AssertionError("a job has not ended: " + job);
        };
    }

    private static long sum(WorkerSetStats stats) {
        return stats.queued() + stats.running() + stats.completed() + stats.failed()
                + stats.cancelled();
    }

    /// Looks at the counts all the time.
    ///
    /// @return how often
    private long watch(WorkerSet<String, String> set) {
        long looks = 0;
        WorkerSetStats last = set.stats();
        for (; !isOver.get(); looks++) {
            WorkerSetStats stats = set.stats();
            assertThat(sum(stats)).isEqualTo(stats.submitted());
            assertThat(stats.submitted()).isGreaterThanOrEqualTo(last.submitted());
            assertThat(stats.completed()).isGreaterThanOrEqualTo(last.completed());
            assertThat(stats.failed()).isGreaterThanOrEqualTo(last.failed());
            assertThat(stats.cancelled()).isGreaterThanOrEqualTo(last.cancelled());
            assertThat(stats.running()).isBetween(0, 100);
            last = stats;
            LockSupport.parkNanos(20_000);
        }
        return looks;
    }

    /// Gives jobs to the set until that is closed.
    private void submit(WorkerSet<String, String> set, SplittableRandom random)
            throws InterruptedException {
        for (int i = 0;; i++) {
            try {
                submitOne(set, random, "job " + i);
            } catch (EndClosed _) {
                return;
            } catch (WorkersBusy | WorkerDied _) {
                rejected.incrementAndGet();
                LockSupport.parkNanos(random.nextInt(200_000));
            }
        }
    }

    private void submitOne(WorkerSet<String, String> set, SplittableRandom random, String data)
            throws InterruptedException {
        JobBuilder<String, String> job = set.job(data);
        if (random.nextInt(ODDS) < 500) {
            job.timeout(Duration.ofNanos(random.nextInt(5_000_000)),
                    random.nextInt(ODDS) < 20 ? TimeoutAction.RESTART : TimeoutAction.ERROR);
        }
        if (random.nextBoolean()) {
            job.idempotent();
        }
        int what = random.nextInt(ODDS);
        if (what < 50) {
            job.tell();
            unseen.incrementAndGet();
            accepted.incrementAndGet();
        } else if (what < 100) {
            callInterrupted(job);
        } else {
            CompletableFuture<String> future = job.send();
            futures.add(future);
            accepted.incrementAndGet();
            disturb(future, what, random);
        }
    }

    private static void disturb(CompletableFuture<String> job, int what,
            SplittableRandom random) {
        if (what < 300) {
            LockSupport.parkNanos(random.nextInt(300_000));
            boolean _ = job.cancel(false);
        } else if (what < 330) {
            var _ = job.orTimeout(random.nextInt(1_000), TimeUnit.MICROSECONDS);
        } else if (what < 350) {
            boolean _ = job.complete(MINE);
        }
    }

    /// It is accepted, or refused by another exception.
    private void callInterrupted(JobBuilder<String, String> job) {
        Thread.currentThread().interrupt();
        try {
            String _ = job.call();
        } catch (InterruptedException _) {
            // it is cancelled, unless it was quicker
        } catch (WorkersBusy | EndClosed refused) {
            boolean _ = Thread.interrupted();
            throw refused;
        } catch (IpcException _) {
            // it has failed before
        }
        boolean _ = Thread.interrupted();
        unseen.incrementAndGet();
        accepted.incrementAndGet();
    }

    /// Kills a worker, or has all replaced, or a little while passes.
    private void disturb(WorkerSet<String, String> set, SplittableRandom random)
            throws InterruptedException {
        int what = random.nextInt(ODDS);
        if (what < 20) {
            List<WorkerSnapshot> all = set.workers();
            if (!all.isEmpty()) {
                ProcessHandle.of(all.get(random.nextInt(all.size())).pid())
                        .ifPresent(ProcessHandle::destroyForcibly);
                deaths.incrementAndGet();
            }
        } else if (what < 25) {
            set.restart();
        } else if (what < 30) {
            set.add();
            set.remove();
        }
        LockSupport.parkNanos(1_000_000);
    }

    /// Has each worker that comes do its jobs.
    private void work(SplittableRandom random) throws InterruptedException {
        List<Waits<Void>> all = new ArrayList<>();
        while (!isOver.get()) {
            Puppet<String, String> worker = stage.poll();
            if (worker != null) {
                SplittableRandom own = random.split();
                all.add(Waits.run(() -> work(worker, own)));
            }
        }
        for (Waits<Void> one : all) {
            Void _ = one.value();
        }
    }

    private void work(Puppet<String, String> worker, SplittableRandom random)
            throws InterruptedException {
        while (true) {
            Question<Task<String>, Outcome<String>> job = next(worker);
            if (job == null || !work(worker, job, random)) {
                return;
            }
        }
    }

    private static @Nullable Question<Task<String>, Outcome<String>> next(
            Puppet<String, String> worker) throws InterruptedException {
        try {
            return worker.responder().receive();
        } catch (IpcException _) { // closed by its death
            return null;
        }
    }

    /// @return false if the worker has died of it
    private boolean work(Puppet<String, String> worker,
            Question<Task<String>, Outcome<String>> job, SplittableRandom random)
            throws InterruptedException {
        if (random.nextInt(ODDS) < 900) {
            job.partIfOpen(new Outcome.Started<>(0, false));
        }
        int what = random.nextInt(ODDS);
        if (what < 10) {
            worker.die();
            deaths.incrementAndGet();
            return false;
        }
        if (what < 200) {
            long end = System.nanoTime() + random.nextInt(6_000_000);
            while (!job.isCancelled() && System.nanoTime() < end) {
                LockSupport.parkNanos(50_000);
            }
        }
        if (what % 10 == 0) {
            job.fail(new IllegalStateException("on purpose"));
        } else if (what % 10 == 1) {
            job.end();
        } else {
            job.send(new Outcome.Value<>("done"));
        }
        return true;
    }
}
