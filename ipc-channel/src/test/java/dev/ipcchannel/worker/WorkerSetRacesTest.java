package dev.ipcchannel.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
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

/// Each job completes its future once, whatever happens when.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetRacesTest {

    private static final Duration SHORT = Duration.ofMillis(150);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    /// Has a channel's end in it.
    ///
    /// @param end of a channel
    record Box(Sender<String> end) {}

    /// Cannot be counted.
    ///
    /// @param name whatever
    record Spiteful(String name) {

        @Override
        public int hashCode() {
            throw new IllegalStateException("no hash code");
        }
    }

    @Test
    void jobWhoseWorkerDiedWhileItWasSentIsDoneByAnother() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> first = stage.enter();
            CountDownLatch hold = first.link().hold();
            Waits<CompletableFuture<String>> send =
                    Waits.in(() -> set.job("a job").idempotent().send());
            assertThat(first.link().awaitHeld()).isTrue();
            first.die();
            Question<Task<String>, Outcome<String>> again = stage.enter().begin();

            hold.countDown();

            CompletableFuture<String> answer = send.value();
            again.send(new Outcome.Value<>("done"));
            assertThat(answer).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            assertThat(set.stats().restarts()).isEqualTo(1);
        }
    }

    @Test
    void staleReportsOfADeadWorkerDoNotConcernTheNext() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> first = stage.enter();
            PendingJob<String, String> job =
                    set.dispatcher().job(new Task.Bidirectional<>("a job"),
                            set.defaults().withIdempotent());
            set.dispatcher().submit(job, false);
            var _ = first.begin();
            Batch<String, String> stale = requireNonNull(job.attempt()).batch();
            first.die();
            Puppet<String, String> second = stage.enter();
            Question<Task<String>, Outcome<String>> again = second.begin();

            stale.onUnreadablePart(new CodecFailed("late"));
            stale.onEnd(new Outcome.Value<>("late"));
            stale.onFailure(new CodecFailed("late"));
            assertThat(job.future()).isNotDone();
            again.part(new Outcome.Value<>("a part"));
            again.send(new Outcome.Value<>("done"));

            assertThat(job.future()).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            assertThat(set.stats().restarts()).isEqualTo(1);
        }
    }

    @Test
    void jobWhoseTimeIsOverWhileItsWorkerIsBuriedIsNotTriedAgain() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> first = stage.enter();
            CompletableFuture<String> job = set.job("a job").idempotent()
                    .timeout(SHORT, TimeoutAction.RESTART).send();
            var _ = first.begin();

            first.kill(); // its link stays: last words are waited for longer than that

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(TimedOut.class)
                    .withMessageContaining("Failed to receive response in time");
        }
    }

    @Test
    void workerThatDoesNotReactToACancelIsReplacedWhenTheTimeOfTheJobIsOver() throws Exception {
        try (var set = stage.set(1).jobTimeout(SHORT, TimeoutAction.RESTART).start()) {
            Puppet<String, String> deaf = stage.enter();
            CompletableFuture<String> cancelled = set.send("a job");
            var _ = deaf.begin();

            cancelled.cancel(false);

            CompletableFuture<String> next = set.job("another").timeout(Children.PATIENCE).send();
            stage.enter().answer("done");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("done");
        }
    }

    @Test
    void workerThatDoesNotReactToAnInterruptIsReplacedWhenTheTimeOfTheJobIsOver()
            throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> deaf = stage.enter();
            Waits<String> call =
                    Waits.in(() -> set.call("a job", Duration.ofSeconds(1), TimeoutAction.RESTART));
            Question<Task<String>, Outcome<String>> job = deaf.begin();

            call.thread().interrupt();

            call.failure().isInstanceOf(InterruptedException.class);
            await("it is told").atMost(Children.PATIENCE).until(job::isCancelled);
            CompletableFuture<String> next = set.send("another");
            stage.enter().answer("done");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("done");
        }
    }

    @Test
    void jobsThatCannotBeSentFailEachHoweverManyWait() throws Exception {
        int jobs = 50_000;
        try (var set = stage.set(1).queueCapacity(jobs).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> inHand = set.send("in hand");
            List<CompletableFuture<String>> waiting = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                waiting.add(set.send("half a letter: \ud800"));
            }

            worker.answer("done");

            assertThat(inHand).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            for (CompletableFuture<String> job : waiting) {
                assertThatThrownBy(() -> job.get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(CodecFailed.class);
            }
            CompletableFuture<String> next = set.send("next");
            worker.answer("done as well");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("done as well");
        }
    }

    @Test
    void closedEndInTheDataIsTheJobsFaultAndNotTheWorkers() throws Exception {
        try (var set = WorkerSet.builder(Box.class, String.class).worker(stage.worker())
                .workerCount(1).start(); Channel<String> channel = Channel.create(String.class)) {
            Sender<String> closed = channel.sender();
            closed.close();

            assertThat(set.send(new Box(closed))).failsWithin(Children.PATIENCE)
                    .withThrowableThat().withCauseInstanceOf(EndClosed.class);
            assertThat(set.stats().restarts()).isZero();
        }
    }

    @Test
    void jobThatCannotBeCountedFailsWithItsWorkerAllTheSame() throws Exception {
        try (var set = WorkerSet.builder(Spiteful.class, String.class).worker(stage.worker())
                .workerCount(1).start()) {
            CompletableFuture<String> job = set.send(new Spiteful("a job"));
            Puppet<Spiteful, String> worker = stage.enter(Spiteful.class, String.class);
            var _ = worker.begin();

            worker.die();

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class);
            CompletableFuture<String> next = set.send(new Spiteful("another"));
            stage.enter(Spiteful.class, String.class).answer("done");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("done");
        }
    }

    @Test
    void jobIsCompletedWhenTheListenerOfItsQuarantineThrows() throws Exception {
        WorkerListener throwing = new WorkerListener() {

            @Override
            public void onQuarantined(Object data) {
                throw new IllegalStateException("not to be heard: " + data);
            }
        };
        try (var set = stage.set(1).listener(throwing).start()) {
            CompletableFuture<String> job = set.job("a killer").idempotent().send();
            for (int i = 0; i < 2; i++) {
                Puppet<String, String> worker = stage.enter();
                var _ = worker.begin();
                worker.die();
            }

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class)
                    .withMessageContaining("This worker is offline");
            assertThatThrownBy(() -> set.send("a killer")).isInstanceOf(WorkerDied.class)
                    .hasMessageContaining("not tried any more");
        }
    }

    @Test
    void workerThatIsGoneIsReportedWithWhatItHadInHand() throws Exception {
        CompletableFuture<WorkerSnapshot> gone = new CompletableFuture<>();
        WorkerListener listener = new WorkerListener() {

            @Override
            public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
                gone.complete(worker);
            }
        };
        try (var set = stage.set(1).listener(listener).start()) {
            CompletableFuture<String> job = set.send("a job");
            Puppet<String, String> worker = stage.enter();
            var _ = worker.begin();

            worker.die();

            assertThat(job).failsWithin(Children.PATIENCE);
            assertThat(gone).succeedsWithin(Children.PATIENCE)
                    .satisfies(last -> assertThat(last.running()).isEqualTo(1));
        }
    }
}
