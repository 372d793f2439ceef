package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.begin;
import static dev.ipcchannel.worker.Decisions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.worker.Batch.Attempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The worker that gets a job, and the end of jobs: by the decisions alone, without a process.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobQueueTest {

    @Test
    void jobsGoToDifferentWorkersFirst() {
        Decisions set = new Decisions(options(2, 2, 0, 0, 9)).ready();

        PendingJob<String, String> first = set.give("a");
        PendingJob<String, String> second = set.give("b");

        assertThat(Decisions.attempt(first).worker())
                .isNotSameAs(Decisions.attempt(second).worker());
    }

    @Test
    void workerThatHasJustEndedAJobGetsTheNextOne() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a");
        WorkerHandle<String, String> warm = Decisions.attempt(first).worker();
        set.end(first, null);

        PendingJob<String, String> next = set.give("b");

        assertThat(Decisions.attempt(next).worker()).isSameAs(warm);
    }

    @Test
    void jobsThatWaitGoInTheOrderInWhichTheyCame() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a");
        PendingJob<String, String> second = set.give("b");
        PendingJob<String, String> third = set.give("c");

        set.end(first, null);
        set.end(second, null);

        assertThat(set.orders).containsExactly("send a to 1", "send b to 1", "send c to 1");
        assertThat(first.future()).isCompletedWithValue("done");
        assertThat(third.future()).isNotDone();
    }

    @Test
    void fullQueueHasRoomAgainWhenAWorkerTakesAJob() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 1)).ready();
        PendingJob<String, String> first = set.give("a");
        set.give("b");

        assertThat(set.isAdmitted(set.job("c"))).isFalse();
        assertThat(set.queue.hasRoom()).isFalse();
        set.end(first, null);

        assertThat(set.queue.hasRoom()).isTrue();
        assertThat(set.isAdmitted(set.job("c"))).isTrue();
    }

    @Test
    void setWithoutAWorkerRefusesWithItsNumbers() {
        Decisions set = new Decisions(options(0, 1, 0, 0, 7)).ready();

        assertThatThrownBy(() -> set.give("a")).isInstanceOf(WorkersBusy.class)
                .hasMessageStartingWith("this set has no worker: add one: workers=0, busy=0,"
                        + " queued=0, limit=7");
    }

    @Test
    void jobThatIsGivenUpWhileItWaitsIsGone() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a");
        PendingJob<String, String> second = set.give("b");

        assertThat(second.future().cancel(false)).isTrue();
        set.end(first, null);

        assertThat(set.orders).containsExactly("send a to 1");
        assertThat(set.queue.isIdle()).isTrue();
    }

    @Test
    void workerKeepsAJobThatIsGivenUpUntilItHasEndedIt() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a");

        assertThat(first.future().cancel(false)).isTrue();
        set.give("b");
        assertThat(set.orders).containsExactly("send a to 1");
        set.end(first, null);

        assertThat(set.orders).containsExactly("send a to 1", "send b to 1");
        assertThat(set.queue.stats(0).cancelled()).isEqualTo(1);
    }

    @Test
    void timeOfAJobThatWaitsIsItsEnd() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        set.give("a");
        PendingJob<String, String> second =
                set.job("b", Duration.ofSeconds(5), TimeoutAction.RESTART, false);
        set.isAdmitted(second);

        second.owner().expire(second);

        assertThat(second.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(TimedOut.class)
                .withMessageContaining("timeout=5 s: no worker was free");
        assertThat(set.queue.size()).isZero();
    }

    @Test
    void jobWithoutTimeLeftReachesNoWorker() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job =
                set.job("a", Duration.ofMillis(-1), TimeoutAction.RESTART, false);

        assertThat(set.isAdmitted(job)).isTrue();

        assertThat(set.orders).isEmpty();
        assertThat(job.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(TimedOut.class)
                .withMessageContaining("timeout=-1 ms: none of it was left when the job was given");
        assertThat(set.queue.stats(0).failed()).isEqualTo(1);
    }

    @Test
    void closeFailsThoseThatWaitAndThoseThatCome() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> running = set.give("a");
        PendingJob<String, String> waiting = set.give("b");

        set.decide(() -> assertThat(set.staffing.close(new EndClosed("closed"))).isTrue());

        assertThat(running.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(EndClosed.class);
        assertThat(waiting.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> set.give("c")).isInstanceOf(EndClosed.class);
        assertThat(set.orders).contains("end 1");
    }

    @Test
    void jobOfADeadWorkerGoesToAnotherOnceIfItMayBeDoneTwice() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.job("a", null, TimeoutAction.ERROR, true);
        set.isAdmitted(job);
        int first = Decisions.attempt(job).worker().snapshot().number();

        set.die(first); // not begun, so no job is to blame

        assertThat(set.orders).contains("bury " + first, "send a to " + (3 - first));
        set.die(3 - first);
        assertThat(job.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(WorkerDied.class)
                .withMessageContaining("send it again");
    }

    @Test
    void jobOfADeadWorkerThatMayNotBeDoneTwiceFailsWithWhatIsKnown() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.give("a");
        begin(job);

        set.die(Decisions.attempt(job).worker().snapshot().number());

        assertThat(job.future()).failsWithin(Duration.ZERO).withThrowableThat()
                .havingCause().isInstanceOfSatisfying(WorkerDied.class,
                        death -> assertThat(death.hasStarted()).isTrue())
                .withMessageContaining("ended with a job that it had begun")
                .withMessageContaining("WorkerSet.job(data).idempotent()");
    }

    @Test
    void jobsThatWereOnlyAheadAtADeadWorkerComeBeforeAllOthers() {
        Decisions set = new Decisions(options(1, 1, 2, 0, 9)).ready();
        PendingJob<String, String> begun = set.give("a");
        PendingJob<String, String> ahead = set.give("b");
        set.give("c");
        set.give("d");
        begin(begun);
        set.orders.clear();

        set.die(1);
        set.startAll();

        assertThat(set.orders).containsSubsequence("send b to 2", "send c to 2", "send d to 2");
        assertThat(begun.future()).isCompletedExceptionally();
        assertThat(ahead.future()).isNotDone();
    }

    @Test
    void jobThatTwoWorkersDiedOfIsNotTriedAgain() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        for (int number = 1; number <= 2; number++) {
            begin(set.give("killer"));
            set.die(number);
            set.startAll();
        }

        assertThat(set.quarantined).containsExactly("killer");
        assertThatThrownBy(() -> set.give("killer")).isInstanceOf(WorkerDied.class)
                .hasMessageContaining("two workers have died with one that is equal to it");
        set.decide(set.recovery::forgiveJobs);
        assertThat(set.isAdmitted(set.job("killer"))).isTrue();
    }

    @Test
    void tryAtADeadWorkerIsNoneOfItsJobAnyMore() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job = set.job("a", null, TimeoutAction.ERROR, true);
        set.isAdmitted(job);
        Attempt<String, String> first = Decisions.attempt(job);
        set.die(first.worker().snapshot().number());

        assertThat(first.isCurrent()).isFalse();
        assertThat(Decisions.attempt(job).isCurrent()).isTrue();
        set.decide(() -> assertThat(set.events.ended(first, "late", null)).isFalse());
        assertThat(job.future()).isNotDone();
    }

    @Test
    void answerAfterTheTimeIsOverIsNone() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> job =
                set.job("a", Duration.ofSeconds(5), TimeoutAction.RESTART, false);
        set.isAdmitted(job);
        Attempt<String, String> attempt = Decisions.attempt(job);
        job.owner().expire(job);

        set.decide(() -> assertThat(set.events.ended(attempt, "late", null)).isFalse());

        assertThat(attempt.isOver()).isTrue();
        assertThat(job.future()).isNotDone();
    }

    @Test
    void workerOfShortJobsGetsThemAheadBeforeAnotherOneIsWoken() {
        Decisions set = quick(2);
        WorkerHandle<String, String> warm = Decisions.attempt(set.give("first")).worker();

        for (int i = 0; i < 200; i++) {
            set.give("short");
        }

        assertThat(warm.running()).hasSize(201);
        assertThat(set.orders).containsOnlyOnce("watch");
    }

    /// A set whose workers have done many jobs, each in a nanosecond.
    private static Decisions quick(int workers) {
        Decisions set = new Decisions(options(workers, 1, SetOptions.BY_PACE, 0, 900)).ready();
        set.roster.all().forEach(JobQueueTest::doManyShortJobs);
        return set;
    }

    private static void doManyShortJobs(WorkerHandle<String, String> worker) {
        for (int i = 0; i < 300; i++) {
            worker.pace().ended(1, 1);
        }
    }

    @Test
    void shortJobIsLeftToTheWorkerThatIsAtOthersThoughAnotherOneIsFree() {
        Decisions set = new Decisions(options(2, 1, SetOptions.BY_PACE, 0, 900)).ready();
        PendingJob<String, String> one = set.give("one");
        PendingJob<String, String> other = set.give("other");
        set.roster.all().forEach(JobQueueTest::doManyShortJobs);
        WorkerHandle<String, String> warm = Decisions.attempt(one).worker();
        set.end(one, null);
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> _ = set.give("second");
        warm.pace().limit(1); // it has no room for more
        PendingJob<String, String> waits = set.give("waits");

        set.end(other, null);

        assertThat(waits.attempt()).as("with the other one, which is free").isNull();
        set.end(first, null);
        assertThat(Decisions.attempt(waits).worker()).isSameAs(warm);
    }

    @Test
    void jobThatIsLeftToAWorkerGoesToAnotherOneOnceThatStandsWithALongJob() {
        Decisions set = quick(2);
        PendingJob<String, String> first = set.give("long");
        WorkerHandle<String, String> warm = Decisions.attempt(first).worker();
        PendingJob<String, String> _ = set.give("ahead");
        warm.pace().limit(1);
        PendingJob<String, String> waits = set.give("waits");
        assertThat(waits.attempt()).isNull();

        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());

        assertThat(Decisions.attempt(waits).worker()).isNotSameAs(warm);
    }

    @Test
    void workerOfLongJobsGetsNothingAhead() {
        Decisions set = new Decisions(options(1, 1, SetOptions.BY_PACE, 0, 900)).ready();

        set.give("a");
        set.give("b");

        assertThat(set.orders).containsExactly("send a to 1");
    }

    @Test
    void whatFollowsALongJobGoesToAnotherWorkerInTheOrderInWhichItCame() {
        Decisions set = quick(2);
        PendingJob<String, String> stuck = set.give("long");
        WorkerHandle<String, String> warm = Decisions.attempt(stuck).worker();
        PendingJob<String, String> second = set.give("second");
        PendingJob<String, String> third = set.give("third");
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        assertThat(Decisions.attempt(second).batch().isWithdrawn()).as("it has just begun")
                .isFalse();

        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());

        int other = 3 - warm.snapshot().number();
        set.worker(other).pace().limit(0); // it gets one at a time
        Attempt<String, String> secondTry = Decisions.attempt(second);
        Attempt<String, String> thirdTry = Decisions.attempt(third);
        assertThat(Decisions.attempt(stuck).batch().isWithdrawn()).isFalse();
        assertThat(secondTry.batch().isWithdrawn()).isTrue();
        set.orders.clear();
        set.decide(() -> assertThat(set.events.isGivenBack(thirdTry)).isTrue());
        set.decide(() -> assertThat(set.events.isGivenBack(secondTry)).isTrue());
        assertThat(set.orders).containsExactly("send third to " + other);
        set.end(third, null);
        assertThat(set.orders).endsWith("send second to " + other);
        assertThat(warm.running()).hasSize(1);
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isFalse());
    }

    /// Two threads that give jobs at once may send them in the other order.
    @Test
    void jobThatWasGivenFirstAfterALongOneIsAskedForAsWell() {
        Decisions set = quick(2);
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> second = set.give("second");
        begin(second);

        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());

        assertThat(Decisions.attempt(first).batch().isWithdrawn()).isTrue();
        assertThat(Decisions.attempt(second).batch().isWithdrawn()).isFalse();
    }

    @Test
    void endOfAJobThatWasNotBegunIsNoProgress() {
        Decisions set = quick(2);
        PendingJob<String, String> stuck = set.give("long");
        begin(stuck);
        WorkerHandle<String, String> worker = Decisions.attempt(stuck).worker();
        PendingJob<String, String> cancelled = set.give("cancelled");
        set.give("third");
        set.decide(set.recovery::withdrawFromStanding);
        set.decide(set.recovery::withdrawFromStanding);
        assertThat(worker.isStanding()).isTrue();
        assertThat(cancelled.future().cancel(false)).isTrue();

        set.end(cancelled, null);

        assertThat(worker.isStanding()).isTrue();
    }

    @Test
    void workerThatIsRenewedGivesWhatItHasAheadToItsOnlySuccessor() {
        Decisions set = quick(1);
        PendingJob<String, String> stuck = set.give("long");
        begin(stuck);
        PendingJob<String, String> ahead = set.give("ahead");
        set.decide(() -> set.staffing.renew(set.worker(1), "its age"));
        set.startAll();

        set.decide(set.recovery::withdrawFromStanding);
        set.decide(set.recovery::withdrawFromStanding);

        assertThat(Decisions.attempt(ahead).batch().isWithdrawn()).isTrue();
    }

    @Test
    void jobThatIsGivenBackIsNoneOfThoseThatAWorkerHasHad() {
        Decisions set = quick(1);
        PendingJob<String, String> first = set.give("first");
        Attempt<String, String> second = Decisions.attempt(set.give("second"));
        assertThat(set.worker(1).taken()).isEqualTo(2);

        set.decide(() -> assertThat(set.events.noRoom(second.batch())).isTrue());

        assertThat(set.worker(1).taken()).isEqualTo(1);
        set.end(first, null);
        assertThat(set.worker(1).taken()).isEqualTo(2);
    }

    @Test
    void jobThatHasBegunWhenItIsAskedForStays() {
        Decisions set = quick(2);
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> second = set.give("second");
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        begin(second);

        set.end(first, null);
        set.end(second, null);

        assertThat(second.future()).isCompletedWithValue("done");
    }

    @Test
    void jobThatFindsNoRoomAheadWaitsInTheQueue() {
        Decisions set = quick(1);
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> second = set.give("second");
        Attempt<String, String> attempt = Decisions.attempt(second);
        set.orders.clear();

        set.decide(() -> assertThat(set.events.noRoom(attempt.batch())).isTrue());

        assertThat(second.is(PendingJob.State.QUEUED)).isTrue();
        assertThat(set.orders).as("not to the same worker at once").isEmpty();
        set.end(first, null);
        assertThat(set.orders).containsExactly("send second to 1");
    }

    /// A thread that waits for room would look again and again.
    @Test
    void workerThatStandsIsNotFree() {
        Decisions set = quick(1);
        set.give("long");
        set.give("ahead");
        assertThat(set.roster.isAnyFree(0)).isTrue();

        set.decide(set.recovery::withdrawFromStanding);
        set.decide(set.recovery::withdrawFromStanding);

        assertThat(set.roster.isAnyFree(0)).isFalse();
    }

    @Test
    void onlyJobOfAWorkerIsNotTakenBackForLackOfRoom() {
        Decisions set = new Decisions(options(1, 1, SetOptions.BY_PACE, 0, 900)).ready();
        Attempt<String, String> attempt = Decisions.attempt(set.give("first"));

        set.decide(() -> assertThat(set.events.noRoom(attempt.batch())).isFalse());
    }
}
