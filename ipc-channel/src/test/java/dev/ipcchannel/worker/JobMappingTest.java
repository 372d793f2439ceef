package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.CarriedEnds;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams of jobs by a set whose one worker is a test's.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobMappingTest {

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    private WorkerSet<String, String> set() throws InterruptedException {
        return stage.set(1).start();
    }

    /// Has the worker say each word in capitals; "bad" fails.
    private void serve() throws InterruptedException {
        Puppet<String, String> worker = stage.enter();
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    answer(worker.begin());
                }
            } catch (InterruptedException | IpcException | NullPointerException _) {
                // the test is over
            }
        });
    }

    private static void answer(Question<Task<String>, Outcome<String>> job)
            throws InterruptedException {
        String word = Puppet.data(job);
        if (word.equals("bad")) {
            job.fail(new IllegalArgumentException("a bad word"));
        } else {
            job.send(new Outcome.Value<>(word.toUpperCase(Locale.ROOT)));
        }
    }

    private static Stream<String> words(int count) {
        return IntStream.range(0, count).mapToObj(number -> "word " + number);
    }

    private static List<String> answers(int count) {
        return IntStream.range(0, count).mapToObj(number -> "WORD " + number).toList();
    }

    private static void assertAllOver(WorkerSet<?, ?> set) throws InterruptedException {
        assertThat(set.drain(Children.PATIENCE)).isTrue();
        WorkerSetStats stats = set.stats();
        assertThat(stats.completed() + stats.failed() + stats.cancelled())
                .isEqualTo(stats.submitted());
    }

    @Test
    void eachJobHasItsAnswerInOrder() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            serve();

            assertThat(set.map(words(1_000)).toList()).isEqualTo(answers(1_000));
            assertThat(set.mapUnordered(words(100)).toList())
                    .containsExactlyInAnyOrderElementsOf(answers(100));
            assertAllOver(set);
        }
    }

    @Test
    void forEachHandsOnAndClosesTheSource() throws Exception {
        AtomicBoolean isClosed = new AtomicBoolean();
        List<String> taken = new ArrayList<>();
        try (WorkerSet<String, String> set = set()) {
            serve();

            set.forEach(words(10).onClose(() -> isClosed.set(true)), taken::add);
        }
        assertThat(taken).isEqualTo(answers(10));
        assertThat(isClosed).isTrue();
    }

    @Test
    void mappingIsAGathererAsOthersAre() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            serve();
            JobMapping<String, String, String> mapping = set.mapping();

            assertThat(words(10).gather(mapping).map(String::length).toList()).hasSize(10);
            assertThat(words(300).parallel().gather(mapping).toList()).isEqualTo(answers(300));
            assertThat(words(5).gather(mapping.andThen(mapping.unordered())).toList())
                    .containsExactlyInAnyOrderElementsOf(answers(5));
            assertAllOver(set);
        }
    }

    @Test
    void endlessSourceEndsWithItsLimit() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            serve();

            assertThat(Stream.generate(() -> "word 0").gather(set.mapping().inFlight(3)).limit(2)
                    .toList()).containsExactly("WORD 0", "WORD 0");
            assertThat(set.map(Stream.generate(() -> "word 0")).limit(2).toList())
                    .containsExactly("WORD 0", "WORD 0");
            assertAllOver(set);
        }
    }

    @Test
    void failureInAGathererCancelsWhatIsOpen() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            serve();

            assertThatThrownBy(() -> Stream.concat(Stream.of("bad"), words(1_000))
                    .gather(set.mapping()).toList()).isInstanceOf(CallFailed.class);

            assertAllOver(set);
            assertThat(set.stats().submitted()).isLessThan(1_000);
        }
    }

    @Test
    void failureIsThatOfACallWithTheStackOfTheCaller() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            serve();

            assertThatThrownBy(() -> set.map(Stream.of("good", "bad", "good")).toList())
                    .isInstanceOf(CallFailed.class).hasMessageContaining("a bad word")
                    .satisfies(failure -> assertThat(failure.getStackTrace())
                            .anyMatch(frame -> frame.getClassName()
                                    .equals(JobMappingTest.class.getName())));
        }
    }

    @Test
    void failuresAreElementsWhereThatIsAskedFor() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            serve();

            List<String> results = set.mapping().withFailures()
                    .map(Stream.of("good", "bad", "better")).map(JobMappingTest::shown).toList();

            assertThat(results).containsExactly("good is GOOD", "bad fails", "better is BETTER");
        }
    }

    private static String shown(JobResult<String, String> result) {
        return switch (result) {
            case JobResult.Done<String, String>(String word, String answer) ->
                    word + " is " + answer;
            case JobResult.Failed<String, String>(String word, RuntimeException failure) -> {
                assertThat(failure).isInstanceOf(CallFailed.class);
                yield word + " fails";
            }
        };
    }

    @Test
    void jobOfAStreamWaitsForRoomWhateverThePolicy() throws Exception {
        List<BusyPolicy<String, String>> policies = List.of(BusyPolicy.reject(),
                BusyPolicy.waitUpTo(Duration.ZERO), BusyPolicy.callerRuns(_ -> "by the caller"));
        for (BusyPolicy<String, String> policy : policies) {
            try (WorkerSet<String, String> set =
                    stage.set(1).queueCapacity(1).whenBusy(policy).start()) {
                serve();

                assertThat(set.map(words(100)).toList()).isEqualTo(answers(100));
            }
        }
    }

    @Test
    void setWithoutWorkersFailsAsItDoesForACall() throws Exception {
        try (WorkerSet<String, String> set = stage.set(0).start()) {
            assertThatThrownBy(() -> set.map(words(1)).toList()).isInstanceOf(WorkersBusy.class)
                    .hasMessageStartingWith("this set has no worker: add one");
        }
    }

    @Test
    void closedSetFailsAsItDoesForACall() throws Exception {
        WorkerSet<String, String> set = set();
        set.close();

        assertThatThrownBy(() -> set.map(words(1)).toList()).isInstanceOf(EndClosed.class)
                .hasMessage("this set of workers was closed");
        assertThat(set.mapping().withFailures().map(words(2)).toList()).hasSize(2)
                .allMatch(result -> result instanceof JobResult.Failed);
    }

    @Test
    void setThatHasGivenUpFailsAsItDoesForACall() throws Exception {
        try (WorkerSet<String, String> set =
                stage.set(1).restartLimit(0, Duration.ofMinutes(1)).start()) {
            Puppet<String, String> worker = stage.enter();
            Stream<String> words = words(3).peek(word -> {
                if (word.equals("word 2")) {
                    worker.die();
                }
            });

            List<JobResult<String, String>> results =
                    set.mapping().withFailures().map(words).toList();

            assertThat(results).hasSize(3)
                    .allMatch(result -> result instanceof JobResult.Failed(String _, WorkerDied _));
            assertThatThrownBy(() -> set.map(words(1)).toList()).isInstanceOf(WorkerDied.class);
        }
    }

    @Test
    void interruptOfForEachIsAnInterruptedException() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            Puppet<String, String> worker = stage.enter();
            Stream<String> words = words(2).peek(word -> {
                if (word.equals("word 1")) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThatThrownBy(() -> set.forEach(words, _ -> {}))
                    .isInstanceOf(InterruptedException.class);

            assertThat(Thread.interrupted()).isFalse();
            assertThat(set.stats().cancelled()).isEqualTo(2);
            assertThat(worker.begin().isCancelled()).isTrue();
        }
    }

    @Test
    void consumerThatThrowsEndsForEachAndItsSource() throws Exception {
        AtomicBoolean isClosed = new AtomicBoolean();
        IllegalStateException failure = new IllegalStateException("of the consumer");
        try (WorkerSet<String, String> set = set()) {
            serve();

            assertThatThrownBy(() -> set.forEach(
                    Stream.generate(() -> "word").onClose(() -> isClosed.set(true)), _ -> {
                        throw failure;
                    })).isSameAs(failure);

            assertThat(isClosed).isTrue();
            assertAllOver(set);
        }
    }

    @Test
    void sourceThatThrowsEndsForEach() throws Exception {
        IllegalStateException failure = new IllegalStateException("of the source");
        try (WorkerSet<String, String> set = set()) {
            serve();

            assertThatThrownBy(() -> set.forEach(words(10).peek(word -> {
                if (word.equals("word 9")) {
                    throw failure;
                }
            }), _ -> {})).isSameAs(failure);

            assertAllOver(set);
        }
    }

    @Test
    void endsInAnswersThatGoNowhereAreClosed() throws Exception {
        CarriedEnds ends = new CarriedEnds();
        try (WorkerSet<String, DroppedJobsTest.Carry> set = WorkerSet
                .builder(String.class, DroppedJobsTest.Carry.class).worker(stage.worker())
                .workerCount(1).start()) {
            Puppet<String, DroppedJobsTest.Carry> worker =
                    stage.enter(String.class, DroppedJobsTest.Carry.class);
            try (Stream<DroppedJobsTest.Carry> answers = set.map(words(3))) {
                Iterator<DroppedJobsTest.Carry> iterator = answers.iterator();
                Thread answering = Thread.startVirtualThread(() -> answerThree(worker, ends));
                assertThat(iterator.next().ends()).isEmpty();
                assertThat(answering.join(Children.PATIENCE)).isTrue();
                assertThat(set.drain(Children.PATIENCE)).isTrue();
            }
            ends.assertAllClosed(); // at once, and not when they are found to be forgotten
        } finally {
            ends.close();
        }
    }

    private static void answerThree(Puppet<String, DroppedJobsTest.Carry> worker,
            CarriedEnds ends) {
        try {
            worker.answer(new DroppedJobsTest.Carry(List.of()));
            List<Sender<String>> carried = List.of(ends.sender());
            worker.answer(new DroppedJobsTest.Carry(carried));
            worker.answer(new DroppedJobsTest.Carry(List.of(ends.sender())));
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void timeLimitIsThatOfEachJob() throws Exception {
        try (WorkerSet<String, String> set = set()) {
            JobMapping<String, String, String> none = set.mapping().timeout(Duration.ZERO);

            assertThatThrownBy(() -> none.map(words(1)).toList()).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no worker got it");
            assertThat(none.withFailures().map(words(3)).toList()).hasSize(3);
        }
    }

    @Test
    void idempotentJobIsGivenToASecondWorker() throws Exception {
        try (WorkerSet<String, String> set = set();
                Stream<String> answers = set.mapping().idempotent().map(words(2))) {
            Puppet<String, String> first = stage.enter();
            Thread.startVirtualThread(() -> {
                try {
                    Question<?, ?> _ = first.begin();
                    first.die();
                    serve();
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            });

            assertThat(answers.toList()).isEqualTo(answers(2));
            assertThat(set.stats().retried()).isEqualTo(1);
        }
    }

    @Test
    void progressIsOnTheThreadThatTakes() throws Exception {
        List<Progress> heard = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (WorkerSet<String, String> set = set()) {
            serve();
            JobMapping<String, String, String> mapping = set.mapping().onProgress(step -> {
                heard.add(step);
                threads.add(Thread.currentThread());
            });

            assertThat(mapping.map(Stream.of("a", "b")).toList()).hasSize(2);
            assertThat(Stream.of("a").gather(mapping).toList()).hasSize(1);
        }
        assertThat(heard).containsExactly(new Progress(1, 2, ""), new Progress(2, 2, ""),
                new Progress(1, 0, ""));
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    /// The worker does nothing before so many jobs were taken from the source, and no more may be.
    private void assertInFlight(int count,
            Function<WorkerSet<String, String>, JobMapping<String, String, String>> mapping)
            throws Exception {
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch areTaken = new CountDownLatch(count);
        try (WorkerSet<String, String> set = set()) {
            Thread.startVirtualThread(() -> {
                try {
                    areTaken.await();
                    serve();
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            });

            assertThat(mapping.apply(set).map(Stream.generate(() -> "word").peek(_ -> {
                taken.incrementAndGet();
                areTaken.countDown();
            })).findFirst()).contains("WORD");

            assertThat(taken).hasValue(count);
        }
    }

    @Test
    void asManyJobsAreOpenAsTheMappingSays() throws Exception {
        assertInFlight(256, WorkerSet::mapping);
        assertInFlight(3, set -> set.mapping().inFlight(3));
        assertInFlight(2, set -> set.mapping().timeout(Duration.ofHours(1)));
        assertInFlight(5, set -> set.mapping().timeout(Duration.ofHours(1),
                TimeoutAction.ERROR).inFlight(5));
    }

    @Test
    void wrongOptionsAreRefused() throws Exception {
        try (WorkerSet<String, String> set = stage.set(0).start()) {
            assertThatThrownBy(() -> set.mapping().inFlight(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a stream has one job in flight at least: inFlight=0, limit=1");
            assertThatThrownBy(() -> set.mapping().timeout(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a job's time is not negative: timeout=-1 s, limit=0 s");
        }
    }
}
