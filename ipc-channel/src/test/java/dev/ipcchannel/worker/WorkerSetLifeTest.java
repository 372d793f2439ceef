package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Number of workers, and what happens when they come and go.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetLifeTest {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    @Test
    void setThatHasGivenUpSaysWhyAndTakesJobsAgainWhenAWorkerIsAdded() throws Exception {
        try (var set = stage.set(1).restartLimit(0, FOREVER).start()) {
            stage.enter().die();
            awaitGivenUp(set);

            set.add(); // to the one that is to be there

            CompletableFuture<String> first = set.send("a job");
            CompletableFuture<String> second = set.send("another job");
            var one = stage.enter().begin(); // one each, whichever comes first
            var other = stage.enter().begin();
            one.send(new Outcome.Value<>("done"));
            other.send(new Outcome.Value<>("done"));
            assertThat(first).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            assertThat(second).succeedsWithin(Children.PATIENCE).isEqualTo("done");
        }
    }

    @Test
    void closedSetRefusesToBeChanged() throws Exception {
        WorkerSet<String, String> set = stage.set(1).start();
        set.close();

        for (Waits.Action change : List.<Waits.Action>of(set::add, set::remove, set::restart)) {
            assertThatThrownBy(change::run).isInstanceOf(EndClosed.class)
                    .hasMessage("this set of workers was closed");
        }
    }

    @Test
    void restartOfASetThatHasGivenUpWaitsForItsWorkers() throws Exception {
        try (var set = stage.set(1).restartLimit(0, FOREVER).start()) {
            stage.enter().die();
            awaitGivenUp(set);
            stage.shut();
            Waits<Void> restart = Waits.run(set::restart).asleep();

            stage.open();

            Void _ = restart.value();
            assertThat(set.stats().active()).isEqualTo(1);
        }
    }

    private static void awaitGivenUp(WorkerSet<String, String> set) {
        await("the set gives up").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThatThrownBy(() -> set.tell("a job"))
                        .isInstanceOf(WorkerDied.class)
                        .hasMessageContaining("end too often")
                        .hasMessageContaining("WorkerSet.restart"));
    }

    @Test
    void longestDurationsAreTaken() throws Exception {
        try (var set = stage.set(1).maxAge(FOREVER).jobTimeout(FOREVER, TimeoutAction.RESTART)
                .whenBusy(BusyPolicy.waitUpTo(FOREVER)).restartLimit(3, FOREVER).start()) {
            Puppet<String, String> first = stage.enter();
            CompletableFuture<String> job = set.job("a job").idempotent().send();
            var _ = first.begin();

            first.die();

            stage.enter().answer("done");
            assertThat(job).succeedsWithin(Children.PATIENCE).isEqualTo("done");
        }
    }

    @Test
    void listenerThatTakesItsTimeKeepsNoThreadWaiting() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        WorkerListener slow = new WorkerListener() {

            @Override
            public void onStarted(WorkerSnapshot worker) {
                awaitUninterrupted(end);
            }

            @Override
            public void onGivenUp(String reason) {
                awaitUninterrupted(end);
            }
        };
        try (var set = stage.set(1).restartLimit(0, FOREVER).listener(slow).start()) {
            CompletableFuture<String> inHand = set.send("in hand");
            CompletableFuture<String> queued = set.send("in the queue");
            stage.enter().die();

            for (CompletableFuture<String> job : List.of(inHand, queued)) {
                assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                        .withCauseInstanceOf(WorkerDied.class);
            }
            end.countDown();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            boolean _ = latch.await(2 * Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Test
    void setMayBeClosedByListenersOfManyWorkersAtOnce() throws Exception {
        CompletableFuture<WorkerSet<String, String>> started = new CompletableFuture<>();
        CyclicBarrier both = new CyclicBarrier(2);
        WorkerListener closing = new WorkerListener() {

            @Override
            public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
                if (wasPlanned) {
                    return; // by one of the closes
                }
                try {
                    int _ = both.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
                started.join().close();
            }
        };
        WorkerSet<String, String> set = stage.set(2).listener(closing).start();
        Puppet<String, String> one = stage.enter();
        Puppet<String, String> other = stage.enter();
        started.complete(set);

        one.die();
        other.die();

        await("the set is closed").atMost(Children.PATIENCE)
                .until(() -> both.getNumberWaiting() == 0 && set.workers().isEmpty());
        Void _ = Waits.run(set::close).value();
        assertThatThrownBy(() -> set.send("too late")).isInstanceOf(EndClosed.class);
    }

    @Test
    void spareTakesThePlaceOfAWorkerThatDies() throws Exception {
        try (var set = stage.set(1).spares(1).start()) {
            Puppet<String, String> first = stage.enter();
            Puppet<String, String> spare = stage.enter();
            await("there is a spare").atMost(Children.PATIENCE)
                    .until(() -> set.stats().spare() == 1);
            stage.shut(); // no other one comes
            first.die();

            CompletableFuture<String> job = set.job("a job").idempotent().send();

            spare.answer("done");
            assertThat(job).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            stage.open();
        }
    }

    @Test
    void workerIsReplacedAfterItsLastJob() throws Exception {
        try (var set = stage.set(1).maxJobs(2).start()) {
            Puppet<String, String> first = stage.enter();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<String> job = set.send("a job");
                first.answer("done");
                assertThat(job).succeedsWithin(Children.PATIENCE);
            }
            CompletableFuture<String> third = set.send("one more");
            stage.enter().answer("by another");

            assertThat(third).succeedsWithin(Children.PATIENCE).isEqualTo("by another");
            assertThat(set.stats().restarts()).as("those not planned").isZero();
        }
    }

    @Test
    void workerIsReplacedAtItsAge() throws Exception {
        try (var set = stage.set(1).maxAge(Duration.ofMillis(50)).start()) {
            Puppet<String, String> first = stage.enter();
            var _ = stage.enter();

            assertThat(first.process().onExit()).succeedsWithin(Children.PATIENCE);
            assertThat(set.stats().restarts()).as("those not planned").isZero();
        }
    }

    @Test
    void restartReplacesEachWorkerWhenItHasDoneWhatItHasInHand() throws Exception {
        try (var set = stage.set(2).start()) {
            Puppet<String, String> one = stage.enter();
            Puppet<String, String> other = stage.enter();
            await("both are there").atMost(Children.PATIENCE)
                    .until(() -> set.stats().active() == 2);
            CompletableFuture<String> first = set.send("first");
            CompletableFuture<String> second = set.send("second");
            var ofOne = one.begin();
            var ofOther = other.begin();
            Waits<Void> restart = Waits.run(set::restart).asleep();

            ofOne.send(new Outcome.Value<>("done"));
            ofOther.send(new Outcome.Value<>("done"));

            Void _ = restart.value();
            assertThat(first).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            assertThat(second).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            assertThat(set.stats().active()).isEqualTo(2);
            assertThat(set.workers()).extracting(WorkerSnapshot::pid)
                    .doesNotContain(one.pid(), other.pid());
        }
    }

    @Test
    void closeFailsTheJobsThatWaitAndThoseInHand() throws Exception {
        WorkerSet<String, String> set = stage.set(1).start();
        CompletableFuture<String> inHand = set.send("in hand");
        CompletableFuture<String> queued = set.send("in the queue");
        Waits<String> call = Waits.in(() -> set.call("in the queue as well")).asleep();
        var _ = stage.enter().begin();

        set.close();

        for (CompletableFuture<String> job : List.of(inHand, queued)) {
            assertThat(job).failsWithin(Duration.ZERO).withThrowableThat()
                    .withCauseInstanceOf(EndClosed.class);
        }
        call.failure().isInstanceOf(EndClosed.class);
        assertThat(set.workers()).isEmpty();
        set.close();
    }

    @Test
    void workerDoesItsFirstJobBeforeItTakesOthers() throws Exception {
        stage.shut();
        WorkerSetBuilder<String, String> builder = stage.set(1).warmUp("first");
        Waits<WorkerSet<String, String>> start = Waits.in(builder::start);
        stage.open();
        Puppet<String, String> worker = stage.enter();
        Question<Task<String>, Outcome<String>> first = worker.begin();

        assertThat(Puppet.data(first)).isEqualTo("first");
        assertThat(start.result()).isNotDone();
        first.send(new Outcome.Value<>("dropped"));

        try (WorkerSet<String, String> set = start.value()) {
            assertThat(set.stats().completed()).isZero();
        }
    }

    @Test
    void workerThatFailsItsFirstJobCouldNotBeStarted() throws Exception {
        WorkerSetBuilder<String, String> builder = stage.set(1).warmUp("first");
        Waits<WorkerSet<String, String>> start = Waits.in(builder::start);
        stage.enter().begin().fail(new IllegalStateException("on purpose"));

        start.failure().isInstanceOf(CallFailed.class).hasMessageContaining("on purpose");
    }
}
