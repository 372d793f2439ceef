package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Codec;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Outcome.Next;
import dev.ipcchannel.internal.job.Row;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Batches of jobs to a worker that has no mark: it says by words which job it begins, and what it
/// gives back.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportedBatchTest {

    private static final Codec<String> TEXTS = Codec.of(String.class);
    private static final int WARM = 200; // jobs after which a worker gets some ahead

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    private final List<CompletableFuture<String>> jobs = new ArrayList<>(); // of the batch

    /// Has a worker do short jobs one by one, until it gets a batch of three.
    private Question<Task<String>, Outcome<String>> three(WorkerSet<String, String> set,
            Puppet<String, String> worker) throws InterruptedException {
        for (int i = 0; i < WARM; i++) {
            CompletableFuture<String> warm = set.send("warm");
            answer(next(worker), "warm");
            assertThat(warm).succeedsWithin(Children.PATIENCE);
        }
        CompletableFuture<String> doing = set.send("doing");
        CompletableFuture<String> ahead = set.send("ahead");
        for (String job : List.of("a", "b", "c")) { // they wait, since the worker has two
            jobs.add(set.send(job));
        }
        for (CompletableFuture<String> job : List.of(doing, ahead)) {
            answer(next(worker), "before");
            assertThat(job).succeedsWithin(Children.PATIENCE).isEqualTo("before");
        }
        var batch = next(worker);
        assertThat(batch.value()).isInstanceOfSatisfying(Task.Batch.class,
                three -> assertThat(three.epoch()).as("it has no mark").isZero());
        return batch;
    }

    private static Question<Task<String>, Outcome<String>> next(Puppet<String, String> worker)
            throws InterruptedException {
        return Objects.requireNonNull(worker.responder().receive(Children.PATIENCE));
    }

    private static void answer(Question<Task<String>, Outcome<String>> job, String value)
            throws InterruptedException {
        job.part(new Outcome.Started<>(1_000, true));
        job.send(new Outcome.Value<>(value));
    }

    /// A worker does some jobs, whether they come together or not.
    private static void answerAll(Puppet<String, String> worker, String... answers)
            throws InterruptedException {
        int next = 0;
        while (next < answers.length) {
            Question<Task<String>, Outcome<String>> question = next(worker);
            if (question.value() instanceof Task.Batch<String>(_, _, byte[] jobs)) {
                Row.Reader row = new Row.Reader(jobs);
                int first = next;
                while (row.hasNext()) {
                    assertThat(row.next()).isEqualTo(Row.Kind.BIDIRECTIONAL);
                    next++;
                }
                question.send(results(Next.UNCHANGED, Arrays.copyOfRange(answers, first, next)));
            } else {
                answer(question, answers[next]);
                next++;
            }
        }
    }

    private static Outcome<String> results(Next next, String... answers) {
        Row.Writer row = new Row.Writer();
        for (String answer : answers) {
            row.add(Row.Kind.ANSWER, answer, TEXTS);
        }
        return new Outcome.Results<>(1_000, row.take(), next);
    }

    /// The worker has seen that what it has not begun is wanted back.
    private static void awaitWish(Question<Task<String>, Outcome<String>> batch) {
        await("the wish to have it back").atMost(Children.PATIENCE).until(() -> {
            boolean _ = batch.isCancelled(); // which takes in what has come
            return batch.isWithdrawn();
        });
    }

    private void assertBlamed(int job) {
        assertThat(jobs.get(job)).failsWithin(Children.PATIENCE).withThrowableThat().havingCause()
                .isInstanceOfSatisfying(WorkerDied.class,
                        death -> assertThat(death.hasStarted()).isTrue());
    }

    private void assertAnswered(int job, String answer) {
        assertThat(jobs.get(job)).succeedsWithin(Children.PATIENCE).isEqualTo(answer);
    }

    @Test
    void deathInTheMiddleOfABatchIsReportedForTheJobBegunAndForNoOther() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);
            batch.part(results(Next.BEGUN));
            batch.part(results(Next.BEGUN, "A"));
            worker.die();

            stage.enter().answer("by another");

            assertAnswered(0, "A");
            assertBlamed(1);
            assertAnswered(2, "by another");
        }
    }

    @Test
    void deathBeforeTheFirstIsBegunIsReportedForNone() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var _ = three(set, worker);
            worker.die();

            Puppet<String, String> other = stage.enter();
            for (String answer : List.of("A", "B", "C")) {
                other.answer(answer);
            }

            assertAnswered(0, "A");
            assertAnswered(1, "B");
            assertAnswered(2, "C");
        }
    }

    @Test
    void workerThatStandsIsAskedAndWhatItGivesBackGoesToAnother() throws Exception {
        try (var set = stage.set(1).start()) {
            var batch = three(set, stage.enter());
            set.add(); // after that, or it might get some of the three
            Puppet<String, String> second = stage.enter();
            batch.part(results(Next.BEGUN));

            awaitWish(batch);
            batch.part(results(Next.GIVEN_BACK));

            answerAll(second, "B", "C");
            assertAnswered(1, "B");
            assertAnswered(2, "C");
            assertThat(jobs.getFirst()).isNotDone();
            batch.send(results(Next.UNCHANGED, "A"));
            assertAnswered(0, "A");
            assertThat(set.drain(Children.PATIENCE)).isTrue();
        }
    }

    @Test
    void workerThatDiesAfterItHasGivenBackIsBlamedForTheJobBegunAlone() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);
            batch.part(results(Next.BEGUN));
            batch.part(results(Next.GIVEN_BACK)); // unasked, which is its own choice
            worker.die();

            Puppet<String, String> other = stage.enter();
            other.answer("B");
            other.answer("C");

            assertBlamed(0);
            assertAnswered(1, "B");
            assertAnswered(2, "C");
        }
    }

    @Test
    void cancelOfTheJobBegunInterruptsItOnceTheOthersAreGivenBack() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);
            batch.part(results(Next.BEGUN));

            assertThat(jobs.getFirst().cancel(true)).isTrue();
            awaitWish(batch);
            assertThat(batch.isCancelled()).as("another one could be met").isFalse();
            batch.part(results(Next.GIVEN_BACK));

            await("the interrupt").atMost(Children.PATIENCE).until(batch::isCancelled);
            batch.send(results(Next.UNCHANGED, "late"));
            answerAll(worker, "B", "C");
            assertAnswered(1, "B");
            assertAnswered(2, "C");
        }
    }

    @Test
    void cancelOfTheLastJobOfABatchInterruptsIt() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);
            batch.part(results(Next.BEGUN));
            batch.part(results(Next.BEGUN, "A"));
            batch.part(results(Next.BEGUN, "B"));
            assertAnswered(1, "B");

            assertThat(jobs.getLast().cancel(true)).isTrue();
            awaitWish(batch);
            batch.part(results(Next.GIVEN_BACK));

            await("the interrupt").atMost(Children.PATIENCE).until(batch::isCancelled);
            batch.send(results(Next.UNCHANGED, "late"));
            assertThat(set.drain(Children.PATIENCE)).isTrue();
        }
    }

    @Test
    void workerThatBeginsMoreThanThereIsIsReplacedAndItsJobsAreNotDoneTwice() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);

            batch.part(results(Next.BEGUN, "A", "B", "C"));

            for (int i = 0; i < 3; i++) {
                assertThat(jobs.get(i)).succeedsWithin(Children.PATIENCE);
            }
            CompletableFuture<String> next = set.send("next");
            stage.enter().answer("by another");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("by another");
            assertThat(set.stats().restarts()).isEqualTo(1);
        }
    }

    @Test
    void workerThatBeginsWhatItHasGivenBackIsReplaced() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);

            batch.part(results(Next.BEGUN));
            batch.part(results(Next.GIVEN_BACK, "A"));
            batch.part(results(Next.BEGUN));
            worker.die();

            Puppet<String, String> other = stage.enter();
            other.answer("B");
            other.answer("C");
            assertAnswered(0, "A");
            assertAnswered(1, "B");
            assertAnswered(2, "C");
        }
    }

    @Test
    void resultsPastTheEndBelongToNoJobAndTheWorkerGoesOn() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            var batch = three(set, worker);

            batch.send(results(Next.UNCHANGED, "A", "B", "C", "D", "E"));

            assertAnswered(0, "A");
            assertAnswered(1, "B");
            assertAnswered(2, "C");
            CompletableFuture<String> next = set.send("next");
            answer(next(worker), "next");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("next");
            assertThat(set.stats().completed()).isEqualTo(WARM + 6);
        }
    }
}
