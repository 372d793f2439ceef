package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams of jobs that other threads complete in any order, and close at any moment.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobStreamStormTest {

    private static final int JOBS = 50_000;
    private static final int ROUNDS = 300;
    private static final int LIMIT = 32;
    private static final long MOMENT_NANOS = 10_000;

    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Queue<Given> open = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> dropped = new ConcurrentLinkedQueue<>();
    private final List<Thread> workers = new ArrayList<>();

    private record Given(int data, CompletableFuture<Integer> job) {}

    @AfterEach
    void end() throws InterruptedException {
        isOver.set(true);
        for (Thread worker : workers) {
            assertThat(worker.join(Children.PATIENCE)).isTrue();
        }
    }

    private void startWorkers(int count) {
        for (int i = 0; i < count; i++) {
            workers.add(Thread.startVirtualThread(this::work));
        }
    }

    /// Puts back every other job, so that they end in another order.
    private void work() {
        int turn = 0;
        while (!isOver.get()) {
            Given given = open.poll();
            if (given == null) {
                LockSupport.parkNanos(MOMENT_NANOS);
            } else if (turn++ % 2 == 0) {
                open.add(given);
            } else {
                given.job().complete(given.data());
            }
        }
    }

    private Stream<Integer> map(Stream<Integer> source, boolean isOrdered,
            List<CompletableFuture<Integer>> jobs) {
        JobWindow<Integer, Integer> window = new JobWindow<>(data -> {
            CompletableFuture<Integer> job = new CompletableFuture<>();
            jobs.add(job);
            open.add(new Given(data, job));
            return job;
        }, dropped::addAll, isOrdered, LIMIT);
        return new JobSpliterator<>(source, new JobFlow<Integer, Integer, Integer>(window,
                (_, job) -> job.resultNow(), (_, _) -> {}), isOrdered).stream();
    }

    @Test
    void eachJobHasItsAnswerOnce() {
        startWorkers(3);
        List<Integer> all = IntStream.range(0, JOBS).boxed().toList();

        assertThat(map(all.stream(), true, new ArrayList<>()).toList()).isEqualTo(all);
        assertThat(map(all.stream(), false, new ArrayList<>()).sorted().toList()).isEqualTo(all);
        assertThat(dropped).isEmpty();
    }

    @Test
    void eachAnswerIsTakenOrDroppedOrItsJobCancelledWhenAnotherThreadCloses() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed of the closes: " + seed);
        Random random = new Random(seed);
        startWorkers(2);
        for (int round = 0; round < ROUNDS; round++) {
            dropped.clear();
            List<CompletableFuture<Integer>> jobs = new ArrayList<>();
            Queue<Integer> taken = new ConcurrentLinkedQueue<>();
            Stream<Integer> answers = map(Stream.iterate(0, number -> number + 1),
                    random.nextBoolean(), jobs);
            int enough = random.nextInt(200);
            Thread taker = Thread.startVirtualThread(() -> take(answers, taken));
            while (taken.size() < enough) {
                LockSupport.parkNanos(MOMENT_NANOS);
            }
            answers.close();
            assertThat(taker.join(Children.PATIENCE)).isTrue();
            assertAccount(jobs, taken);
        }
    }

    private static void take(Stream<Integer> answers, Queue<Integer> taken) {
        try {
            answers.forEach(taken::add);
        } catch (CancellationException _) {
            // it was closed
        } catch (IllegalStateException _) {
            // it was closed before this thread has begun
        }
    }

    private void assertAccount(List<CompletableFuture<Integer>> jobs, Queue<Integer> taken) {
        Map<Integer, Integer> account = new HashMap<>();
        taken.forEach(number -> account.merge(number, 1, Integer::sum));
        dropped.forEach(number -> account.merge(number, 1, Integer::sum));
        for (int number = 0; number < jobs.size(); number++) {
            if (jobs.get(number).isCancelled()) {
                account.merge(number, 1, Integer::sum);
            }
        }
        assertThat(account).hasSize(jobs.size());
        assertThat(account.values()).allMatch(count -> count == 1);
    }
}
