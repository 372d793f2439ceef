package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.options;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.worker.Batch.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Decisions of a set on jobs that go to a worker together, by the marks of both.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BatchTest {

    /// A set whose workers have done many jobs, each in so many nanoseconds.
    private static Decisions set(int workers, long nanosAJob, int queueCapacity) {
        Decisions set = new Decisions(options(workers, 1, SetOptions.BY_PACE, 0, queueCapacity))
                .readyForBatches();
        for (WorkerHandle<String, String> worker : set.roster.all()) {
            for (int i = 0; i < 300; i++) {
                worker.pace().ended(nanosAJob, 1);
            }
        }
        return set;
    }

    /// The worker has done the first of its jobs, and says so.
    private static void settle(Decisions set, WorkerHandle<String, String> worker, int jobs) {
        set.decide(() -> {
            for (int i = 0; i < jobs; i++) {
                Attempt<String, String> next =
                        requireNonNull(worker.running().getFirst().batch().settleNext());
                if (set.events.ended(next, "done", null)) {
                    set.lock.completeLater(next.job());
                }
            }
            set.events.released(worker);
        });
    }

    @Test
    void jobsWaitWhileTheirWorkerHasTwoBatchesAndThenGoTogether() {
        Decisions set = set(1, 1, 900);
        set.give("a");
        set.give("b");
        set.give("c");
        set.give("d");
        assertThat(set.orders).containsExactly("send a to 1", "send b to 1", "watch");

        settle(set, set.worker(1), 1);

        assertThat(set.orders).endsWith("send c d to 1");
    }

    @Test
    void batchHasNoMoreThanHalfOfWhatAWorkerGetsAhead() {
        Decisions set = set(1, 1, 900);
        for (int i = 0; i < 600; i++) {
            set.give("job");
        }

        settle(set, set.worker(1), 1);

        assertThat(set.worker(1).running().getLast().batch().attempts()).hasSize(128);
        assertThat(set.worker(1).running()).hasSize(129);
    }

    @Test
    void jobsOfAMillisecondGoOneByOne() {
        Decisions set = set(1, 900_000, 900);
        for (int i = 0; i < 9; i++) {
            set.give("job");
        }

        settle(set, set.worker(1), 1);

        assertThat(set.worker(1).running()).hasSize(2)
                .allSatisfy(attempt -> assertThat(attempt.batch().isOfOne()).isTrue());
    }

    @Test
    void jobThatReportsBeforeItsEndGoesAlone() {
        Decisions set = set(1, 1, 900);
        set.give("a");
        set.give("b");
        set.give("c");
        PendingJob<String, String> heard = new PendingJob<>(set,
                new Task.Bidirectional<>("heard"),
                new JobOptions<>(null, TimeoutAction.ERROR, false, _ -> {}, null, null, 0),
                Headers.NONE);
        assertThat(set.isAdmitted(heard)).isTrue();
        set.give("d");
        set.give("e");

        settle(set, set.worker(1), 1);
        settle(set, set.worker(1), 1);
        settle(set, set.worker(1), 1);

        assertThat(set.orders).endsWith("send c to 1", "send heard to 1", "send d e to 1");
    }

    @Test
    void shortestJobsWakeNoOtherWorkerThoughOneHasItsMost() {
        Decisions set = set(4, 1, 900);

        for (int i = 0; i < 600; i++) {
            set.give("job");
        }

        assertThat(set.roster.busy()).isEqualTo(1);
    }

    @Test
    void shortJobsWakeAnotherWorkerOnceOneHasTwoHundredMicrosecondsOfThem() {
        Decisions set = set(4, 5_000, 900);
        for (int i = 0; i < 40; i++) {
            set.give("job");
        }
        assertThat(set.roster.busy()).isEqualTo(1);

        for (int i = 0; i < 20; i++) {
            set.give("one more");
        }

        assertThat(set.roster.busy()).isGreaterThan(1);
    }

    @Test
    void withoutAQueueAJobNeedNotWaitForABatch() {
        Decisions set = set(1, 1, 0);

        for (int i = 0; i < 256; i++) {
            assertThat(set.isAdmitted(set.job("job"))).isTrue();
        }

        assertThat(set.isAdmitted(set.job("one too many"))).isFalse();
    }

    @Test
    void deathBlamesTheJobAtTheMarkAndAnotherWorkerGetsThoseAfterIt() {
        Decisions set = set(1, 1, 900);
        PendingJob<String, String> first = set.give("first");
        set.give("second");
        PendingJob<String, String> done = set.give("done");
        PendingJob<String, String> begun = set.give("begun");
        PendingJob<String, String> ahead = set.give("ahead");
        settle(set, set.worker(1), 2);
        settle(set, set.worker(1), 1);
        Decisions.mark(begun);

        set.die(1);
        set.startAll();

        assertThat(first.future()).isCompletedWithValue("done");
        assertThat(done.future()).isCompletedWithValue("done");
        assertThatThrownBy(() -> begun.future().join()).cause()
                .isInstanceOfSatisfying(WorkerDied.class,
                        death -> assertThat(death.hasStarted()).isTrue());
        assertThat(set.orders).endsWith("send ahead to 2");
        assertThat(ahead.attempts()).isEqualTo(1);
    }

    @Test
    void jobThatWorkersGiveBackAgainAndAgainFails() {
        Decisions set = set(1, 1, 900);
        PendingJob<String, String> job = set.give("refused");

        for (int i = 0; i < 4; i++) {
            Batch<String, String> batch = Decisions.attempt(job).batch();
            set.decide(() -> set.events.over(batch));
        }

        assertThatThrownBy(() -> job.future().join())
                .hasMessageContaining("given the job back without beginning it");
        assertThat(set.worker(1).running()).isEmpty();
    }

    @Test
    void cancelOfAJobInABatchTakesTheOthersBackAndInterruptsItOnlyIfItIsBegun() {
        Decisions set = set(1, 1, 900);
        set.give("a");
        set.give("b");
        PendingJob<String, String> begun = set.give("begun");
        PendingJob<String, String> cancelled = set.give("cancelled");
        PendingJob<String, String> last = set.give("last");
        settle(set, set.worker(1), 2);
        Attempt<String, String> one = Decisions.attempt(begun);
        Decisions.mark(begun);
        set.orders.clear();

        set.decide(() -> {
            assertThat(set.queue.giveUp(cancelled, null, null)).isTrue();
            set.events.stop(Decisions.attempt(cancelled));
        });

        assertThat(set.orders).containsExactly("send last to 1");
        assertThat(cancelled.attempt()).isNull();
        assertThat(one.isCurrent()).isTrue();
        assertThat(Decisions.attempt(last).batch()).isNotSameAs(one.batch());
        assertThat(set.worker(1).running()).hasSize(2);
    }

    @Test
    void jobWhoseTimeIsOverBeforeItIsBegunFailsAloneAndItsWorkerLives() {
        Decisions set = set(1, 1, 900);
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> late =
                set.job("late", Duration.ofNanos(Long.MAX_VALUE), TimeoutAction.RESTART, false);
        assertThat(set.isAdmitted(late)).isTrue();
        Decisions.mark(first);
        set.orders.clear();

        set.expire(late);

        assertThatThrownBy(() -> late.future().join()).hasCauseInstanceOf(TimedOut.class)
                .hasMessageContaining("had not come to it");
        assertThat(set.orders).isEmpty();
    }

    /// A worker with a batch of three idempotent jobs.
    private static List<PendingJob<String, String>> three(Decisions set) {
        set.give("first");
        set.give("second");
        List<PendingJob<String, String>> jobs = new ArrayList<>();
        for (String data : List.of("a", "b", "poison")) {
            PendingJob<String, String> job = set.job(data, null, TimeoutAction.ERROR, true);
            assertThat(set.isAdmitted(job)).isTrue();
            jobs.add(job);
        }
        settle(set, set.worker(1), 2);
        assertThat(Decisions.attempt(jobs.getFirst()).batch().attempts()).hasSize(3);
        return jobs;
    }

    @Test
    void jobThatKillsItsWorkersTakesNoneOfItsBatchWithIt() {
        Decisions set = set(1, 1, 900);
        List<PendingJob<String, String>> jobs = three(set);
        PendingJob<String, String> poison = jobs.getLast();
        Decisions.mark(poison); // the others are done, and their results lost

        set.die(1);
        set.startAll();
        assertThat(set.worker(2).running()).as("each alone").hasSize(1);
        settle(set, set.worker(2), 1);
        settle(set, set.worker(2), 1);
        set.worker(2).setTakesBatches();
        Decisions.begin(poison);
        set.die(2);

        assertThat(jobs.get(0).future()).isCompletedWithValue("done");
        assertThat(jobs.get(1).future()).isCompletedWithValue("done");
        assertThatThrownBy(() -> poison.future().join()).hasCauseInstanceOf(WorkerDied.class);
        assertThat(set.quarantined).containsExactly("poison");
    }

    @Test
    void cancelOfAJobThatIsDoneInterruptsNoOtherOneOfItsBatch() {
        Decisions set = set(1, 1, 900);
        List<PendingJob<String, String>> jobs = three(set);
        Decisions.mark(jobs.get(1));
        Batch<String, String> batch = Decisions.attempt(jobs.getFirst()).batch();

        set.decide(() -> set.events.stop(Decisions.attempt(jobs.getFirst())));
        assertThat(batch.isInterrupted()).isFalse();
        set.decide(() -> set.events.stop(Decisions.attempt(jobs.get(1))));

        assertThat(batch.isInterrupted()).isTrue();
    }

    @Test
    void jobsOfABatchThatWasSentBeforeTheOneBegunCountAsBegunAtADeath() {
        Decisions set = set(1, 1, 900);
        PendingJob<String, String> earlier = set.give("earlier");
        PendingJob<String, String> later = set.give("later");
        Decisions.attempt(earlier).batch().setOrder(1);
        Decisions.attempt(later).batch().setOrder(2);
        Decisions.mark(later);

        set.die(1);

        for (PendingJob<String, String> job : List.of(earlier, later)) {
            assertThatThrownBy(() -> job.future().join()).cause()
                    .isInstanceOfSatisfying(WorkerDied.class,
                            death -> assertThat(death.hasStarted()).isTrue());
        }
    }

    @Test
    void jobsOfABatchThatCannotBeSentGoOneByOneAndTheirWorkerIsFree() {
        Decisions set = set(1, 1, 900);
        List<PendingJob<String, String>> jobs = three(set);
        Batch<String, String> batch = Decisions.attempt(jobs.getFirst()).batch();

        set.decide(() -> set.events.separate(batch));

        assertThat(set.worker(1).running()).isNotEmpty()
                .allSatisfy(attempt -> assertThat(attempt.batch().isOfOne()).isTrue());
    }

    @Test
    void fullQueueGathersNothing() {
        Decisions set = set(1, 1, 1);

        for (int i = 0; i < 200; i++) {
            assertThat(set.isAdmitted(set.job("job"))).isTrue();
        }
    }

    @Test
    void jobsThatAreTooLongToGoTogetherGoLaterAndFewerAtATime() {
        Decisions set = set(1, 1, 900);
        for (String job : List.of("a", "b", "c", "d", "e")) {
            set.give(job);
        }
        settle(set, set.worker(1), 1);
        Batch<String, String> batch = set.worker(1).running().getLast().batch();
        assertThat(batch.attempts()).hasSize(3);

        batch.setSentJobs(2);
        set.decide(() -> set.events.cut(batch));

        assertThat(set.worker(1).running()).hasSize(3);
        assertThat(set.queue.size()).isEqualTo(1);
    }
}
