package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.attempt;
import static dev.ipcchannel.worker.Decisions.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers that are replaced for the memory that they have, and that end when they are idle: by the
/// decisions alone, without a process.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerLimitsTest {

    private static final long LIMIT = 1000;

    @Test
    void memoryIsMeasuredAfterAJobAndNotAgainBeforeThatIsDone() {
        Decisions set = new Decisions(options(1, LIMIT, null)).ready();
        set.end(set.give("a"), null);
        set.end(set.give("b"), null);
        assertThat(set.orders).containsOnlyOnce("measure 1");

        set.decide(() -> set.events.measured(set.worker(1), LIMIT));
        set.end(set.give("c"), null);

        assertThat(set.orders).filteredOn("measure 1"::equals).hasSize(2);
        assertThat(set.delays.getLast()).as("nanoseconds to the next time")
                .isPositive().isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(set.worker(1).is(State.ACTIVE)).isTrue();
    }

    @Test
    void nothingIsMeasuredWithoutALimit() {
        Decisions set = new Decisions(options(1, Long.MAX_VALUE, null)).ready();

        set.end(set.give("a"), null);

        assertThat(set.orders).containsExactly("send a to 1");
    }

    @Test
    void workerWithMoreThanTheLimitEndsItsJobAndOthersDoWhatItHasAhead() {
        Decisions set = new Decisions(options(2, LIMIT, null)).ready();
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> busy = set.give("busy");
        WorkerHandle<String, String> large = attempt(first).worker();
        set.end(first, null);
        PendingJob<String, String> begun = set.give("begun");
        assertThat(attempt(begun).worker()).isSameAs(large);
        Decisions.begin(begun);

        set.decide(() -> set.events.measured(large, LIMIT + 1));

        assertThat(large.is(State.RETIRING)).isTrue();
        assertThat(set.orders).endsWith("start");
        set.end(begun, null);
        assertThat(set.orders).endsWith("end " + large.snapshot().number());
        assertThat(begun.future()).isCompletedWithValue("done");
        assertThat(attempt(busy).worker().is(State.ACTIVE)).isTrue();
        assertThat(set.staffing.restarts()).isZero();
    }

    @Test
    void jobThatALargeWorkerHasNotBegunGoesToAnotherAlsoIfItsKeyWasThatWorkers() {
        Decisions set = new Decisions(options(1, LIMIT, null)).readyForBatches();
        WorkerHandle<String, String> large = set.worker(1);
        PendingJob<String, String> begun = set.give("begun");
        PendingJob<String, String> next = set.give("next", "key", 0);
        Decisions.mark(begun);
        assertThat(attempt(next).worker()).isSameAs(large);

        set.decide(() -> set.events.measured(large, LIMIT + 1));

        assertThat(next.is(PendingJob.State.QUEUED)).isTrue();
        set.startAll();
        assertThat(attempt(next).worker().is(State.ACTIVE)).isTrue();
        assertThat(attempt(begun).worker()).isSameAs(large);
    }

    @Test
    void idleWorkersEndButForTheFewestThatStay() {
        Decisions set = new Decisions(options(3, Long.MAX_VALUE, Duration.ofSeconds(1))).ready();
        PendingJob<String, String> job = set.give("busy");

        set.decide(() -> set.staffing.endIdle(0));

        assertThat(set.roster.count(State.ACTIVE)).isEqualTo(1);
        assertThat(attempt(job).worker().is(State.ACTIVE)).isTrue();
        assertThat(set.orders).filteredOn(order -> order.startsWith("end ")).hasSize(2);
        assertThat(set.orders).doesNotContain("start");
        set.end(job, null);
        set.decide(() -> set.staffing.endIdle(0));
        assertThat(set.roster.count(State.ACTIVE)).isEqualTo(1);
    }

    @Test
    void workerThatHasDoneTheMostJobsStays() {
        Decisions set = new Decisions(options(3, Long.MAX_VALUE, Duration.ofSeconds(1))).ready();
        PendingJob<String, String> job = set.give("a");
        WorkerHandle<String, String> warm = attempt(job).worker();
        set.end(job, null);
        set.decide(() -> set.staffing.endIdle(TimeUnit.HOURS.toNanos(1))); // a look at its job

        set.decide(() -> set.staffing.endIdle(0));

        assertThat(set.roster.count(State.ACTIVE)).isEqualTo(1);
        assertThat(warm.is(State.ACTIVE)).isTrue();
    }

    @Test
    void workerThatIsStillStartingIsNoneOfThoseThatStay() {
        Decisions set = new Decisions(options(3, Long.MAX_VALUE, Duration.ofSeconds(1))).ready();
        set.decide(() -> set.staffing.endIdle(0));
        set.orders.clear();
        PendingJob<String, String> busy = set.give("busy");
        PendingJob<String, String> ahead = set.give("ahead");
        PendingJob<String, String> waits = set.give("waits");
        while (waits.ageNanos() < Staffing.GROWTH_NANOS) {
            Thread.onSpinWait();
        }
        set.decide(set.staffing::grow);
        assertThat(set.orders).contains("start");
        for (PendingJob<String, String> job : List.of(busy, ahead, waits)) {
            set.end(job, null);
        }
        set.decide(() -> set.staffing.endIdle(TimeUnit.HOURS.toNanos(1)));

        set.decide(() -> set.staffing.endIdle(0));

        assertThat(set.roster.count(State.ACTIVE)).as("ready").isEqualTo(1);
    }

    @Test
    void workersStayUntilTheyHaveBeenIdleForThatLong() {
        Decisions set = new Decisions(options(2, Long.MAX_VALUE, Duration.ofSeconds(1))).ready();
        set.decide(() -> set.staffing.endIdle(TimeUnit.HOURS.toNanos(1)));

        assertThat(set.roster.count(State.ACTIVE)).isEqualTo(2);
    }

    @Test
    void workersComeBackWhenJobsHaveWaited() {
        Decisions set = new Decisions(options(3, Long.MAX_VALUE, Duration.ofSeconds(1))).ready();
        set.decide(() -> set.staffing.endIdle(0));
        set.orders.clear();
        set.give("busy");
        set.give("ahead");
        PendingJob<String, String> waits = set.give("waits");

        set.decide(set.staffing::onQueued);
        set.decide(set.staffing::onQueued);
        assertThat(set.orders).containsOnlyOnce("grow");
        while (waits.ageNanos() < Staffing.GROWTH_NANOS) {
            Thread.onSpinWait();
        }
        set.decide(set.staffing::grow);

        assertThat(set.orders).filteredOn("start"::equals).hasSize(1);
        assertThat(set.roster.size()).isEqualTo(2);
        set.startAll();
        assertThat(waits.attempt()).isNotNull();
    }

    @Test
    void jobsThatHaveNotWaitedStartNoWorker() {
        Decisions set = new Decisions(options(3, Long.MAX_VALUE, Duration.ofSeconds(1))).ready();
        set.decide(() -> set.staffing.endIdle(0));
        set.orders.clear();
        set.decide(set.staffing::grow);

        assertThat(set.orders).isEmpty();
        assertThat(set.roster.size()).isEqualTo(1);
    }
}
