package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.WorkerSetContract.awaitFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.Work.Echo;
import dev.ipcchannel.testing.children.Work.Note;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Jobs of a key, and jobs with priorities, in real workers, over any transport.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class JobRoutingContract {

    private static final int JOBS = 300;

    @RegisterExtension
    final Children children = new Children();

    abstract Transport transport();

    WorkerSetBuilder<Work, String> set(int count) {
        return WorkerSet.builder(Work.class, String.class)
                .worker(WorkerSetContract.child(WorkingChild.class, transport()))
                .workerCount(count);
    }

    /// A line of a file that jobs of a key have written.
    private record Line(String pid, int number) {}

    private List<Line> lines(String key) throws IOException {
        return Files.readAllLines(file(key)).stream().map(line -> line.split(" ", -1))
                .map(words -> new Line(words[0], Integer.parseInt(words[1]))).toList();
    }

    private Path file(String key) {
        return children.directory().resolve(key);
    }

    private JobBuilder<Work, String> note(WorkerSet<Work, String> workers, String key,
            int number) {
        return workers.job((Work) new Note(file(key).toString(), number)).stickyTo(key);
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
    }

    private static List<Integer> ascending(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void jobsOfAKeyKeepTheirWorkerAndTheirOrder() throws Exception {
        List<String> keys = List.of("a", "b", "c", "d");
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        try (var workers = set(3).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            for (int i = 0; i < JOBS; i++) {
                for (String key : keys) {
                    jobs.add(note(workers, key, i).priority(i % 7).send());
                }
            }
            jobs.forEach(CompletableFuture::join);
        }
        for (String key : keys) {
            assertThat(lines(key)).extracting(Line::number).isEqualTo(ascending(JOBS));
            assertThat(lines(key)).extracting(Line::pid).as("worker of " + key)
                    .containsOnly(lines(key).getFirst().pid());
        }
        assertThat(keys.stream().flatMap(this::pids).distinct()).as("workers of all keys")
                .hasSizeGreaterThan(1);
    }

    private Stream<String> pids(String key) {
        try {
            return lines(key).stream().map(Line::pid);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void jobsOfAKeyWhoseWorkerIsKilledGoOnInOrderAtAnotherOne() throws Exception {
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        try (var workers = set(2).start()) {
            String first = note(workers, "key", 0).call();
            for (int i = 1; i < JOBS; i++) {
                jobs.add(note(workers, "key", i).idempotent().send());
            }
            signal("KILL", first);
            jobs.forEach(CompletableFuture::join);

            List<Line> lines = lines("key");
            assertThat(lines.stream().map(Line::number).distinct().sorted())
                    .isEqualTo(ascending(JOBS));
            for (String pid : lines.stream().map(Line::pid).distinct().toList()) {
                assertThat(lines.stream().filter(line -> line.pid().equals(pid))
                        .map(Line::number)).as("at one worker").isSorted();
            }
        }
    }

    @Test
    void jobOfAKeyGoesOnAfterTheDeathOfItsWorkerWithOneThatIsNotTriedAgain() throws Exception {
        try (var workers = set(2).start()) {
            CompletableFuture<String> dies =
                    workers.job((Work) new Work.Leave(3)).stickyTo("key").send();
            CompletableFuture<String> next =
                    workers.job((Work) new Echo("next")).stickyTo("key").send();

            assertThat(dies).failsWithin(Children.PATIENCE);
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("next");
        }
    }

    @Test
    void jobOfAKeyWaitsForItsWorkerWithoutAQueueThoughAnotherOneIsFree() throws Exception {
        try (var workers = set(2).queueCapacity(0).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            Path begun = file("begun");
            CompletableFuture<String> one =
                    workers.job((Work) new Work.Wait(begun.toString())).stickyTo("key").send();
            awaitFile(begun);
            Waits<String> next = Waits.in(
                    () -> workers.job((Work) new Echo("next")).stickyTo("key").call()).asleep();
            assertThat(workers.call(new Echo("other"))).isEqualTo("other");
            assertThat(one.cancel(true)).isTrue();
            assertThat(next.value()).isEqualTo("next");
        }
    }

    @Test
    void jobsOfAKeyNeverOverlapWhileAllWorkersAreReplaced() throws Exception {
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        try (var workers = set(2).start()) {
            jobs.add(note(workers, "key", 0).send());
            Waits<Void> restart = Waits.run(workers::restart);
            for (int i = 1; i < JOBS || !restart.result().isDone(); i++) {
                jobs.add(note(workers, "key", i).send());
                if (i > JOBS) {
                    String _ = jobs.getLast().join(); // no more than needed
                }
            }
            restart.value();
            jobs.forEach(CompletableFuture::join);
        }
        assertThat(lines("key")).extracting(Line::number).isEqualTo(ascending(jobs.size()));
        assertThat(pids("key").distinct()).as("workers, one after the other")
                .hasSizeGreaterThan(1);
    }

    @Test
    void jobsOfAKeyWaitForAWorkerThatIsStoppedAndOthersGoOn() throws Exception {
        try (var workers = set(2).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            String stopped = note(workers, "key", 0).call();
            signal("STOP", stopped);
            await("the worker is stopped").atMost(Children.PATIENCE)
                    .until(() -> WorkerFaultsContract.isStopped(Long.parseLong(stopped)));
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            try {
                for (int i = 1; i < 20; i++) {
                    jobs.add(note(workers, "key", i).send());
                }
                List<CompletableFuture<String>> others = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    others.add(workers.send(new Echo("other " + i)));
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(others.get(i)).succeedsWithin(Children.PATIENCE)
                            .isEqualTo("other " + i);
                }
                assertThat(jobs).allSatisfy(job -> assertThat(job).isNotDone());
            } finally {
                signal("CONT", stopped);
            }
            jobs.forEach(CompletableFuture::join);
            assertThat(lines("key")).extracting(Line::number).isEqualTo(ascending(20));
            assertThat(pids("key").distinct()).containsExactly(stopped);
        }
    }

    @Test
    void jobWithoutAPriorityIsDoneWhileOthersOfHigherPriorityComeAllTheTime() throws Exception {
        int step = 5; // which half a second of waiting is worth
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger flood = new AtomicInteger();
        try (var workers = set(1).prefetch(0).start()) {
            Waits<Void> urgent = Waits.run(() -> {
                List<CompletableFuture<String>> open = new ArrayList<>();
                while (!isOver.get()) {
                    open.add(workers.job((Work) new Echo("high")).priority(step).send());
                    flood.incrementAndGet();
                    if (open.size() > 200) {
                        String _ = open.removeFirst().join();
                    }
                }
            });
            Path begun = file("begun");
            workers.send(new Work.Touch(begun.toString())).get(30, TimeUnit.SECONDS);
            awaitFile(begun);
            for (int i = 0; i < 4; i++) {
                int before = flood.get();
                assertThat(workers.send(new Echo("low"))).succeedsWithin(Children.PATIENCE)
                        .isEqualTo("low");
                assertThat(flood.get()).as("jobs of higher priority meanwhile")
                        .isGreaterThan(before);
            }
            isOver.set(true);
            urgent.value();
        }
    }
}
