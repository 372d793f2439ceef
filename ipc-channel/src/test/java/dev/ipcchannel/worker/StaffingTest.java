package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.begin;
import static dev.ipcchannel.worker.Decisions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.worker.Batch.Attempt;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Number of workers and the fate of each: by the decisions alone, without a process.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StaffingTest {

    private final CallFailed broken = new CallFailed("app.Broken", "", List.of());

    @Test
    void asManyAreStartedAsAreToTakeJobsAndToStandBy() {
        Decisions set = new Decisions(options(2, 1, 0, 1, 9));
        set.decide(set.staffing::balance);

        assertThat(set.orders).containsExactly("start", "start", "start");
        set.startAll();

        assertThat(set.roster.count(State.ACTIVE)).isEqualTo(2);
        assertThat(set.roster.count(State.SPARE)).isEqualTo(1);
        assertThat(set.staffing.isComplete()).isTrue();
    }

    @Test
    void spareHasThePlaceOfALostWorkerBeforeThatIsBuried() {
        Decisions set = new Decisions(options(1, 1, 0, 1, 9)).ready();
        begin(set.give("a"));
        set.give("b");
        set.orders.clear();

        set.decide(() -> set.events.lost(set.worker(1)));

        assertThat(set.orders).containsExactly("bury 1", "send b to 2");
        assertThat(set.worker(2).is(State.ACTIVE)).isTrue();
        set.decide(() -> set.events.lost(set.worker(1)));
        assertThat(set.orders).as("the first loss counts").hasSize(2);
    }

    @Test
    void workerLessIsOneThatIsIdle() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a");
        PendingJob<String, String> second = set.give("b");
        PendingJob<String, String> ofTheSecond =
                Decisions.attempt(first).worker() == set.worker(2) ? first : second;
        set.end(ofTheSecond, null);
        set.orders.clear();

        set.decide(() -> set.staffing.resize(-1));

        assertThat(set.orders).containsExactly("end 2");
    }

    @Test
    void busyWorkerEndsWhenItHasDoneWhatItHas() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.give("a");
        set.orders.clear();

        set.decide(() -> set.staffing.renew(set.worker(1), "its age"));
        assertThat(set.orders).containsExactly("start");
        set.end(job, null);

        assertThat(set.orders).containsExactly("start", "end 1");
        assertThat(job.future()).isCompletedWithValue("done");
    }

    /// Three jobs are the most that a worker gets by these settings.
    @Test
    void workerThatHasHadItsJobsIsReplacedAfterTheLast() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        for (String data : List.of("a", "b", "c")) {
            set.end(set.give(data), null);
        }

        assertThat(set.orders).containsExactly("send a to 1", "send b to 1", "send c to 1", "end 1",
                "start");
    }

    @Test
    void noWorkerIsWornOutWhileThisProcessExits() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        set.isGoingDown = true;
        for (String data : List.of("a", "b", "c", "d")) {
            set.end(set.give(data), null);
        }

        assertThat(set.orders).endsWith("send d to 1");
    }

    @Test
    void processThatExitsStartsNoMoreWorkersThanJobsWait() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        set.isGoingDown = true;
        set.die(1);
        set.die(2);
        assertThat(set.orders).doesNotContain("start");

        set.give("a");
        set.decide(set.staffing::onQueued);

        assertThat(set.orders).containsOnlyOnce("start");
    }

    @Test
    void workersThatEndTooOftenAreNotStartedAnyMore() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        for (int number = 1; number <= 3; number++) {
            set.die(number);
            set.startAll();
        }

        assertThat(set.givenUp).contains("restarts=3 within 3600 s, limit=2");
        assertThatThrownBy(() -> set.give("a")).isInstanceOf(WorkerDied.class)
                .hasMessageContaining("call WorkerSet.restart");
        set.decide(set.staffing::startAfresh);
        assertThat(set.orders).endsWith("start");
        set.startAll();
        assertThat(set.isAdmitted(set.job("a"))).isTrue();
    }

    @Test
    void startsAreSlowedDownWhileTheyFail() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        set.die(1);
        set.startAll();
        set.die(2);

        set.startAll();
        set.die(3);

        assertThat(set.delays).containsExactly(0L, 0L, 100_000_000L);
    }

    @Test
    void firstStartThatFailsIsReportedToTheOpener() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9));
        set.decide(set.staffing::balance);
        IllegalStateException failure = new IllegalStateException("no such program");

        set.decide(() -> set.staffing.startFailed(failure));

        assertThat(set.staffing.firstReady()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCause(failure);
        assertThat(set.orders).as("no second try").containsExactly("start");
    }

    @Test
    void timeThatIsOverCostsAWorkerItsLifeOnlyIfTheJobSaysSo() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> mild =
                set.job("a", Duration.ofSeconds(1), TimeoutAction.ERROR, false);
        PendingJob<String, String> hard =
                set.job("b", Duration.ofSeconds(1), TimeoutAction.RESTART, false);
        set.isAdmitted(mild);
        set.isAdmitted(hard);
        Attempt<String, String> overdue = Decisions.attempt(hard);
        int killed = overdue.worker().snapshot().number();
        set.orders.clear();

        mild.owner().expire(mild);
        hard.owner().expire(hard);

        assertThat(set.orders).containsExactly("kill " + killed);
        assertThat(mild.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(TimedOut.class);
        assertThat(hard.future()).as("it is not known yet what its worker was doing").isNotDone();
        set.decide(() -> set.recovery.failExpired(overdue, Decisions.REPORT));
        assertThat(hard.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(TimedOut.class)
                .withMessageContaining("its worker is killed and replaced");
    }

    @Test
    void workerIsReplacedAfterAnErrorThatTheTermsName() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.give("a");
        begin(job);
        set.orders.clear();

        set.end(job, broken);

        assertThat(set.orders).containsExactly("start", "end 1");
        assertThat(job.future()).isCompletedExceptionally();
    }

    /// A job that each worker refuses would go round for ever.
    @Test
    void jobThatIsRefusedBeforeItIsBegunGoesToAFewWorkersAndNoMore() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.give("a");
        int refusals = 0;
        while (!job.future().isDone()) {
            set.end(job, broken);
            set.startAll();
            refusals++;
        }

        assertThat(refusals).isEqualTo(4);
        assertThat(job.future()).failsWithin(Duration.ZERO).withThrowableThat().withCause(broken);
    }

    @Test
    void moreWorkersInDoubtThanThereAreToBeLoseTheirJobs() {
        Decisions set = new Decisions(options(1, 2, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a");
        PendingJob<String, String> stuck = set.give("b");
        begin(first);
        begin(stuck);
        set.end(first, broken); // worker 1 is in doubt, and stuck with a job
        set.startAll();
        PendingJob<String, String> third = set.give("c");
        set.give("d");
        begin(third);
        set.orders.clear();

        set.end(third, broken);

        assertThat(set.orders).containsExactly("bury 1", "start");
    }

    @Test
    void workerWithoutWorkGetsNoneAnyMoreOnceThisProcessExits() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.give("a");
        WorkerHandle<String, String> worker = set.worker(1);
        set.isGoingDown = true;

        set.decide(() -> assertThat(set.events.isNeededAtExit(worker)).isTrue());
        set.end(job, null);
        set.decide(() -> assertThat(set.events.isNeededAtExit(worker)).isFalse());

        assertThat(worker.is(State.RETIRING)).isTrue();
        set.give("b");
        assertThat(set.orders).doesNotContain("send b to 1");
    }

    @Test
    void wordOfAWorkerThatItsJvmIsInDoubtReplacesItOnce() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();

        set.decide(() -> set.events.goesAway(set.worker(1), "OutOfMemoryError"));
        set.decide(() -> set.events.goesAway(set.worker(1), "OutOfMemoryError"));

        assertThat(set.orders).containsExactly("start", "end 1");
    }
}
