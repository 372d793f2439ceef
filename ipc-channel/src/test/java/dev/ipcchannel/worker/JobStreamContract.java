package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.Work.Echo;
import dev.ipcchannel.testing.children.Work.Nap;
import dev.ipcchannel.testing.children.Work.Wait;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams of jobs by real workers, which are killed, and streams that end early, over any
/// transport.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class JobStreamContract {

    private static final int WORKERS = 3;
    private static final int JOBS = 500;
    private static final int IN_FLIGHT = 32;
    private static final int JOBS_A_KILL = 100; // more than are open: no job loses two workers

    @RegisterExtension
    final Children children = new Children();

    private int kills;

    abstract Transport transport();

    private WorkerSet<Work, String> set(int count) throws InterruptedException {
        return WorkerSet.builder(Work.class, String.class)
                .worker(WorkerSetContract.child(WorkingChild.class, transport()))
                .workerCount(count).restartLimit(JOBS, Duration.ofMinutes(5)).start();
    }

    private Path file() {
        return children.directory().resolve("at work");
    }

    private static Stream<Work> naps() {
        return IntStream.range(0, JOBS).mapToObj(Nap::new);
    }

    private static List<String> napped() {
        return IntStream.range(0, JOBS).mapToObj(Integer::toString).toList();
    }

    /// Kills a worker after so many answers.
    private void kill(WorkerSet<Work, String> set, Random random, int answers) {
        List<WorkerSnapshot> busy = set.workers().stream()
                .filter(worker -> worker.running() > 0).toList();
        if (answers % JOBS_A_KILL == 0 && !busy.isEmpty()) {
            kills++;
            ProcessHandle.of(busy.get(random.nextInt(busy.size())).pid())
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static Random random() {
        long seed = System.nanoTime();
        System.out.println("seed of the kills: " + seed);
        return new Random(seed);
    }

    @Test
    void idempotentJobsHaveTheirAnswersOnceAndInOrderThoughWorkersAreKilled() throws Exception {
        Random random = random();
        List<String> taken = new ArrayList<>();
        try (WorkerSet<Work, String> set = set(WORKERS)) {
            set.mapping().idempotent().inFlight(IN_FLIGHT).forEach(naps(), answer -> {
                taken.add(answer);
                kill(set, random, taken.size());
            });
        }
        assertThat(taken).isEqualTo(napped());
        assertThat(kills).isPositive();
    }

    @Test
    void idempotentJobsHaveTheirAnswersOnceThoughWorkersAreKilled() throws Exception {
        Random random = random();
        List<String> taken = new ArrayList<>();
        try (WorkerSet<Work, String> set = set(WORKERS)) {
            // Without an order a job may stay for long: it might lose two workers, and says so.
            set.mapping().idempotent().unordered().withFailures().inFlight(IN_FLIGHT)
                    .forEach(naps(), result -> {
                        taken.add(number(result.data()));
                        kill(set, random, taken.size());
                    });
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(napped());
        assertThat(kills).isPositive();
    }

    private static String number(Work work) {
        return Integer.toString(((Nap) work).number());
    }

    @Test
    void eachJobHasOneResultAndThoseThatFailAreThoseThatAKilledWorkerHad() throws Exception {
        Random random = random();
        List<JobResult<Work, String>> results = new ArrayList<>();
        try (WorkerSet<Work, String> set = set(WORKERS)) {
            set.mapping().withFailures().inFlight(IN_FLIGHT).forEach(naps(), result -> {
                results.add(result);
                kill(set, random, results.size());
            });
        }
        assertThat(results).extracting(result -> number(result.data())).isEqualTo(napped());
        int failed = 0;
        for (JobResult<Work, String> result : results) {
            switch (result) {
                case JobResult.Done<Work, String>(Work work, String answer) ->
                        assertThat(answer).isEqualTo(number(work));
                case JobResult.Failed<Work, String>(Work work, RuntimeException failure) -> {
                    assertThat(failure).as("%s", work).isInstanceOf(WorkerDied.class);
                    failed++;
                }
            }
        }
        assertThat(kills).isPositive();
        assertThat(failed).isLessThanOrEqualTo(kills); // those ahead of one go to another worker
    }

    @Test
    void closeInTheMiddleEndsTheJobsThatAreOpen() throws Exception {
        try (WorkerSet<Work, String> set = set(1)) {
            try (Stream<String> answers =
                    set.map(Stream.of(new Echo("hello"), new Wait(file().toString())))) {
                Iterator<String> iterator = answers.iterator();
                assertThat(iterator.next()).isEqualTo("hello");
                WorkerSetContract.awaitFile(file());
            }
            assertFree(set);
        }
    }

    private void assertFree(WorkerSet<Work, String> set) throws InterruptedException {
        WorkerSetContract.awaitNoFile(file());
        assertThat(set.call(new Echo("again"))).isEqualTo("again");
        assertThat(set.drain(Children.PATIENCE)).isTrue();
        assertThat(set.stats().cancelled()).isPositive();
        assertThat(set.stats().failed()).isZero();
    }

    @Test
    void sourceThatThrowsEndsTheJobsThatAreOpen() throws Exception {
        try (WorkerSet<Work, String> set = set(1)) {
            Stream<Work> source = Stream.of(1, 2).map(number -> {
                if (number == 2) {
                    WorkerSetContract.awaitFile(file());
                    throw new IllegalStateException("of the source");
                }
                return new Wait(file().toString());
            });

            assertThatThrownBy(() -> set.forEach(source, _ -> {})).hasMessage("of the source");

            assertFree(set);
        }
    }

    @Test
    void consumerThatThrowsEndsTheJobsThatAreOpen() throws Exception {
        try (WorkerSet<Work, String> set = set(1)) {
            Stream<Work> source = Stream.of(new Echo("hello"), new Wait(file().toString()));

            assertThatThrownBy(() -> set.forEach(source, _ -> {
                WorkerSetContract.awaitFile(file());
                throw new IllegalStateException("of the consumer");
            })).hasMessage("of the consumer");

            assertFree(set);
        }
    }

    @Test
    void interruptedConsumerGetsOutOfASourceThatBlocks() throws Exception {
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        try (WorkerSet<Work, String> set = set(1);
                Channel<Work> jobs = Channel.create(Work.class)) {
            jobs.sender().send(new Wait(file().toString()));
            Thread consumer = Thread.startVirtualThread(() -> {
                try {
                    set.forEach(jobs.receiver().stream(), _ -> {});
                } catch (InterruptedException interrupt) {
                    outcome.set(interrupt);
                }
            });
            WorkerSetContract.awaitFile(file());

            consumer.interrupt();
            assertThat(consumer.join(Children.PATIENCE)).isTrue();

            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
            assertFree(set);
        }
    }
}
