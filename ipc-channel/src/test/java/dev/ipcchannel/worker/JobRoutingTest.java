package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.attempt;
import static dev.ipcchannel.worker.Decisions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.worker.Batch.Attempt;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The worker that gets the jobs of a key, and the order of jobs that have priorities: by the
/// decisions alone, without a process.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobRoutingTest {

    private static long number(PendingJob<String, String> job) {
        return attempt(job).worker().snapshot().number();
    }

    @Test
    void jobsOfAKeyGoToOneWorkerThoughOthersAreFree() {
        Decisions set = new Decisions(options(3, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("a", "key", 0);
        long number = number(first);

        for (int i = 0; i < 2; i++) {
            set.end(first, null);
            first = set.give("next", "key", 0);
            assertThat(number(first)).isEqualTo(number);
        }
    }

    @Test
    void keysAreSpreadOverTheWorkers() {
        Decisions set = new Decisions(options(3, 1, 0, 0, 9)).ready();

        List<Long> numbers = IntStream.range(0, 3).mapToObj(i -> {
            PendingJob<String, String> job = set.give("job", "key " + i, 0);
            long number = number(job);
            set.end(job, null);
            return number;
        }).toList();

        assertThat(numbers).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void jobOfAKeyWaitsForItsWorkerAndLetsOthersPass() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        PendingJob<String, String> other = set.give("other");
        assertThat(second.attempt()).isNull();
        assertThat(number(other)).isNotEqualTo(number(first));
        PendingJob<String, String> waits = set.give("waits");
        long number = number(first);

        set.end(other, null);
        assertThat(number(waits)).isNotEqualTo(number);
        set.end(first, null);
        assertThat(number(second)).isEqualTo(number);
    }

    @Test
    void keyThatHasNoWorkerYetGetsTheFirstThatIsFree() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> busy = set.give("busy");
        PendingJob<String, String> also = set.give("busy too");
        PendingJob<String, String> first = set.give("first", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        long number = number(also);

        set.end(also, null);
        assertThat(number(first)).isEqualTo(number);
        set.end(busy, null);
        assertThat(second.attempt()).as("with the other one, which is free").isNull();
        set.end(first, null);
        assertThat(number(second)).isEqualTo(number);
    }

    @Test
    void jobsOfAKeyWhoseWorkerDiesKeepTheirOrderAtAnotherOne() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> tried = set.idempotent("a", "key");
        PendingJob<String, String> second = set.give("b", "key", 0);
        PendingJob<String, String> third = set.give("c", "key", 0);
        int dead = (int) number(tried);

        set.die(dead);

        long next = number(tried);
        assertThat(next).isNotEqualTo(dead);
        set.end(tried, null);
        assertThat(number(second)).isEqualTo(next);
        set.end(second, null);
        assertThat(number(third)).isEqualTo(next);
    }

    @Test
    void jobsOfAKeyWaitUntilAWorkerThatIsReplacedHasEndedTheLastOne() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        WorkerHandle<String, String> old = attempt(first).worker();

        set.decide(() -> set.staffing.renew(old, "its age"));
        set.startAll();
        assertThat(second.attempt()).as("with another one, while the first is not over").isNull();

        set.end(first, null);
        assertThat(attempt(second).worker()).isNotSameAs(old);
    }

    @Test
    void keyOfAWorkerThatIsGoneMayHaveAnotherOne() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        WorkerHandle<String, String> old = attempt(first).worker();
        set.end(first, null);

        set.decide(() -> set.staffing.renew(old, "its age"));

        assertThat(attempt(set.give("second", "key", 0)).worker()).isNotSameAs(old);
        assertThat(old.keys()).isZero();
    }

    @Test
    void workerOfSeveralAtOnceDoesOneJobOfAKeyAtATime() {
        Decisions set = new Decisions(options(1, 3, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        PendingJob<String, String> third = set.give("third", "key", 0);
        PendingJob<String, String> other = set.give("other", "other key", 0);

        assertThat(second.attempt()).isNull();
        assertThat(other.attempt()).as("of another key, given later").isNotNull();
        set.end(first, null);
        assertThat(second.attempt()).isNotNull();
        assertThat(third.attempt()).isNull();
    }

    @Test
    void workerOfOneAtATimeGetsJobsOfAKeyAhead() {
        Decisions set = new Decisions(options(2, 1, 4, 0, 9)).ready();

        List<PendingJob<String, String>> jobs =
                IntStream.range(0, 5).mapToObj(i -> set.give("job " + i, "key", 0)).toList();

        assertThat(jobs).allSatisfy(job -> assertThat(number(job)).isEqualTo(number(jobs.get(0))));
    }

    @Test
    void jobOfAKeyThatIsTakenBackFromALongOneStaysWithItsWorker() {
        Decisions set = new Decisions(options(2, 1, SetOptions.BY_PACE, 0, 900)).ready();
        for (WorkerHandle<String, String> worker : set.roster.all()) {
            for (int i = 0; i < 300; i++) {
                worker.pace().ended(1, 1);
            }
        }
        PendingJob<String, String> stuck = set.give("long", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        WorkerHandle<String, String> worker = attempt(stuck).worker();
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        Attempt<String, String> secondTry = attempt(second);
        set.decide(() -> assertThat(set.events.isGivenBack(secondTry)).isTrue());
        assertThat(second.attempt()).isNull();

        set.end(stuck, null);

        assertThat(attempt(second).worker()).isSameAs(worker);
    }

    @Test
    void jobOfHigherPriorityComesFirst() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> busy = set.give("busy");
        set.give("low", null, -5);
        set.give("usual");
        PendingJob<String, String> high = set.give("high", null, 5);

        set.end(busy, null);
        set.end(high, null);

        assertThat(set.orders).startsWith("send busy to 1", "send high to 1", "send usual to 1");
    }

    @Test
    void jobsOfAKeyKeepTheirOrderWhateverTheirPriorities() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> busy = set.give("busy");
        set.give("first", "key", -5);
        set.give("second", "key", 5);

        set.end(busy, null);

        assertThat(set.orders).endsWith("send first to 1");
    }

    @Test
    void jobThatAnyWorkerMayDoComesBeforeALaterOneOfAKey() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> busy = set.give("busy", "key", 0);
        PendingJob<String, String> plain = set.give("plain");
        set.give("of the key", "key", 0);

        set.end(busy, null);
        assertThat(set.orders).endsWith("send plain to 1");
        set.end(plain, null);
        assertThat(set.orders).endsWith("send of the key to 1");
    }

    @Test
    void jobsThatWaitForTheirWorkerCountInTheQueue() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 1)).ready();
        set.give("busy", "key", 0);
        PendingJob<String, String> waits = set.give("waits", "key", 0);
        assertThat(set.queue.size()).isEqualTo(1);

        assertThat(set.isAdmitted(set.job("too many", "key", 0))).isFalse();
        assertThat(waits.future().cancel(false)).isTrue();
        assertThat(set.queue.size()).isZero();
        assertThat(set.isAdmitted(set.job("fits", "key", 0))).isTrue();
    }

    @Test
    void closeFailsThoseThatWaitForTheirWorker() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        set.give("busy", "key", 0);
        PendingJob<String, String> waits = set.give("waits", "key", 3);

        set.decide(() -> set.staffing.close(new EndClosed("closed")));

        assertThat(waits.future()).isCompletedExceptionally();
        assertThat(set.queue.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1001, 1001, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void priorityBeyondTheLimitsIsRefused(int priority) {
        JobOptions<String> options = JobOptions.of(null, TimeoutAction.ERROR);
        assertThatThrownBy(() -> options.withPriority(priority))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a job's priority is from -1000 to 1000: priority=" + priority
                        + (priority < 0 ? ", limit=-1000" : ", limit=1000"));
    }
}
