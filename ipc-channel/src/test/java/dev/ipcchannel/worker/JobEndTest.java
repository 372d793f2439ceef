package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A job ends once: what the set learns first decides its future and its count, and nothing that
/// follows from that end, or comes after it, changes either.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobEndTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration BEGUN = Duration.ofSeconds(1); // by then its worker has begun it

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    @Test
    void jobWhoseTimeIsOverHasTimedOutThoughItsWorkerEndsItBeforeThatIsReported() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CountDownLatch hold = worker.link().holdAfterCancel(); // which the timer's thread sends
            CompletableFuture<String> job =
                    set.job("a job").timeout(BEGUN, TimeoutAction.ERROR).send();
            Question<Task<String>, Outcome<String>> question = worker.begin();

            assertThat(worker.link().awaitHeld()).isTrue();
            await("it is cancelled").atMost(Children.PATIENCE).until(question::isCancelled);
            question.end();
            await("the worker is free").atMost(Children.PATIENCE)
                    .until(() -> set.stats().busy() == 0);
            hold.countDown();

            assertTimedOut(job);
            assertCounts(set, 0, 1, 0);
        }
    }

    @Test
    void answerThatComesAfterTheTimeIsOverIsDropped() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CountDownLatch hold = worker.link().holdAfterCancel();
            CompletableFuture<String> job =
                    set.job("a job").timeout(BEGUN, TimeoutAction.ERROR).send();
            Question<Task<String>, Outcome<String>> question = worker.begin();

            assertThat(worker.link().awaitHeld()).isTrue();
            question.send(new Outcome.Value<>("too late"));
            await("the worker is free").atMost(Children.PATIENCE)
                    .until(() -> set.stats().busy() == 0);
            hold.countDown();

            assertTimedOut(job);
            assertCounts(set, 0, 1, 0);
        }
    }

    @Test
    void jobThatIsCancelledBeforeItsDeadWorkerHadGotItIsCounted() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> first = set.send("first");
            CompletableFuture<String> second = set.send("second");
            Question<Task<String>, Outcome<String>> question = worker.begin();
            CountDownLatch hold = worker.link().hold(); // the thread that sends the second

            question.send(new Outcome.Value<>("done"));
            assertThat(worker.link().awaitHeld()).isTrue();
            second.cancel(false);
            worker.die();
            hold.countDown();

            assertThat(first).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            assertThat(set.drain(Children.PATIENCE)).isTrue();
            assertCounts(set, 1, 0, 1);
        }
    }

    @Test
    void jobThatCannotGoToAnotherWorkerSinceTheSetIsClosedIsCounted() throws Exception {
        WorkerSet<String, String> set = stage.set(1).start();
        Puppet<String, String> worker = stage.enter();
        CountDownLatch hold = worker.link().hold();
        Waits<CompletableFuture<String>> send = Waits.in(() -> set.send("a job"));
        assertThat(worker.link().awaitHeld()).isTrue();
        Waits<Void> close = Waits.run(set::close);
        await("the set is closed").atMost(Children.PATIENCE)
                .until(() -> set.workers().stream()
                        .allMatch(member -> member.state() == WorkerSnapshot.State.GONE));
        worker.die();
        hold.countDown();

        Void _ = close.value();
        assertThat(send.value()).failsWithin(Children.PATIENCE).withThrowableThat()
                .withCauseInstanceOf(EndClosed.class);
        assertCounts(set, 0, 1, 0);
    }

    @Test
    void cancelOfAJobWhoseAnswerIsThereSaysNoAndFindsTheAnswer() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> first = set.send("first");
            CompletableFuture<String> second = set.send("second");
            Question<Task<String>, Outcome<String>> question = worker.begin();
            CountDownLatch hold = worker.link().hold(); // the thread that has the answer

            question.send(new Outcome.Value<>("done"));
            assertThat(worker.link().awaitHeld()).isTrue();

            assertThat(first.cancel(false)).isFalse();
            assertThat(first).isCompletedWithValue("done");
            assertThat(set.stats().completed()).isEqualTo(1);
            hold.countDown();
            worker.answer("done as well");
            assertThat(second).succeedsWithin(Children.PATIENCE);
            assertCounts(set, 2, 0, 0);
        }
    }

    @Test
    void futureThatIsCompletedInAnyOtherWayIsCancelled() throws Exception {
        try (var set = stage.set(1).jobsAtOnce(4).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> cancelled = set.send("one");
            CompletableFuture<String> completed = set.send("two");
            CompletableFuture<String> failed = set.send("three");
            CompletableFuture<String> elsewhere = set.send("four");
            List<Question<Task<String>, Outcome<String>>> questions = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                questions.add(worker.begin());
            }

            assertThat(cancelled.cancel(true)).isTrue();
            assertThat(cancelled.cancel(true)).isTrue();
            assertThat(completed.complete("mine")).isTrue();
            assertThat(failed.completeExceptionally(new IllegalStateException("mine"))).isTrue();
            var _ = elsewhere.completeAsync(() -> "mine as well", Runnable::run);

            assertThat(cancelled).isCancelled();
            assertThat(completed).isCompletedWithValue("mine");
            assertThat(failed).isCompletedExceptionally();
            assertThat(elsewhere).isCompletedWithValue("mine as well");
            assertCounts(set, 0, 0, 4);
            for (Question<Task<String>, Outcome<String>> question : questions) {
                await("it is cancelled").atMost(Children.PATIENCE).until(question::isCancelled);
                question.end();
            }
            assertThat(set.drain(Children.PATIENCE)).isTrue();
            assertCounts(set, 0, 0, 4);
        }
    }

    @Test
    void workerThatDiesAfterItsJobsTimeIsOverDoesNotChangeWhy() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> job =
                    set.job("a job").timeout(SHORT, TimeoutAction.RESTART).send();
            var _ = worker.begin();
            worker.kill(); // its link stays: last words are waited for longer than that

            assertTimedOut(job);
            assertThat(set.drain(Children.PATIENCE)).isTrue();
            assertCounts(set, 0, 1, 0);
        }
    }

    @Test
    void jobThatTheCallerDoesIsInHand() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (var set = stage.set(1).queueCapacity(0)
                .whenBusy(BusyPolicy.<String, String>callerRuns(data -> {
                    begun.countDown();
                    end.await();
                    return data;
                })).start()) {
            CompletableFuture<String> first = set.send("first");
            Waits<String> call = Waits.in(() -> set.call("here"));
            assertThat(begun.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            assertThat(set.stats().running()).isEqualTo(2);
            stage.enter().answer("done");
            assertThat(first).succeedsWithin(Children.PATIENCE);
            assertThat(set.drain(SHORT)).isFalse();

            end.countDown();
            assertThat(call.value()).isEqualTo("here");
            assertThat(set.drain(Children.PATIENCE)).isTrue();
            assertCounts(set, 2, 0, 0);
        }
    }

    private static void assertTimedOut(CompletableFuture<String> job) {
        assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                .withCauseInstanceOf(TimedOut.class)
                .withMessageContaining("Failed to receive response in time");
    }

    /// None is open.
    private static void assertCounts(WorkerSet<?, ?> set, long completed, long failed,
            long cancelled) {
        WorkerSetStats stats = set.stats();
        assertThat(stats).extracting(WorkerSetStats::completed, WorkerSetStats::failed,
                WorkerSetStats::cancelled, WorkerSetStats::submitted)
                .containsExactly(completed, failed, cancelled, completed + failed + cancelled);
    }
}
