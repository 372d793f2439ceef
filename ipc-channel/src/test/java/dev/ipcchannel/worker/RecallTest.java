package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.worker.Batch.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Jobs that are taken back from a worker: which of them it has not begun, by its mark and the
/// order in which it was sent them.
@Timeout(10)
class RecallTest {

    private static final int QUEUE = 900;

    /// A set of two workers whose jobs are so short that one gets them all.
    private static Decisions set() {
        Decisions set =
                new Decisions(options(2, 1, SetOptions.BY_PACE, 0, QUEUE)).readyForBatches();
        for (WorkerHandle<String, String> worker : set.roster.all()) {
            for (int i = 0; i < 300; i++) {
                worker.pace().ended(1, 1);
            }
        }
        return set;
    }

    @Test
    void whatAWorkerThatStandsHasNotBegunGoesToAnotherOneAtOnce() {
        Decisions set = set();
        PendingJob<String, String> stuck = set.give("stuck");
        WorkerHandle<String, String> warm = Decisions.attempt(stuck).worker();
        PendingJob<String, String> second = set.give("second");
        PendingJob<String, String> third = set.give("third");
        Decisions.mark(stuck);
        long before = set.epoch(warm.snapshot().number());
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());

        int other = 3 - warm.snapshot().number();
        assertThat(Decisions.attempt(stuck).worker()).isSameAs(warm);
        assertThat(Decisions.attempt(second).worker()).isSameAs(set.worker(other));
        assertThat(Decisions.attempt(third).worker()).isSameAs(set.worker(other));
        assertThat(set.epoch(warm.snapshot().number())).isEqualTo(before + 1);
        set.decide(() -> assertThat(set.recovery.withdrawFromStanding()).isTrue());
    }

    @Test
    void batchBeforeTheOneBegunStaysThoughItsResultHasNotCome() {
        Decisions set = set();
        PendingJob<String, String> done = set.give("done");
        WorkerHandle<String, String> warm = Decisions.attempt(done).worker();
        PendingJob<String, String> begun = set.give("begun");
        PendingJob<String, String> ahead = set.give("ahead");
        assertThat(Decisions.attempt(begun).batch()).isNotSameAs(Decisions.attempt(done).batch());
        Decisions.mark(begun);

        set.decide(() -> set.recovery.recall(warm));

        assertThat(Decisions.attempt(done).worker()).isSameAs(warm);
        assertThat(Decisions.attempt(begun).worker()).isSameAs(warm);
        assertThat(ahead.attempt()).satisfies(
                attempt -> assertThat(attempt == null || attempt.worker() != warm).isTrue());
    }

    @Test
    void orderOfBatchesIsThatOfTheirSending() {
        Decisions set = set();
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> second = set.give("second");
        WorkerHandle<String, String> warm = Decisions.attempt(first).worker();
        Attempt<String, String> one = Decisions.attempt(first);
        Attempt<String, String> other = Decisions.attempt(second);
        one.batch().setOrder(12); // two threads have sent them
        other.batch().setOrder(11);

        Decisions.mark(second);
        set.decide(() -> set.recovery.recall(warm));

        assertThat(other.isCurrent()).isTrue();
        assertThat(one.isCurrent()).isFalse();
    }

    @Test
    void batchBeforeTheOneBegunStaysAlsoWhereItsNumberIsGreater() {
        Decisions set = set();
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> second = set.give("second");
        Attempt<String, String> one = Decisions.attempt(first);
        Attempt<String, String> other = Decisions.attempt(second);
        one.batch().setOrder(12);
        other.batch().setOrder(11);

        Decisions.mark(first);
        set.decide(() -> set.recovery.recall(one.worker()));

        assertThat(one.isCurrent()).isTrue();
        assertThat(other.isCurrent()).isTrue();
    }

    @Test
    void batchOfWhichNoOrderIsKnownStaysWhereOneIsBegun() {
        Decisions set = set();
        PendingJob<String, String> first = set.give("first");
        PendingJob<String, String> second = set.give("second");
        Attempt<String, String> one = Decisions.attempt(first);
        Attempt<String, String> other = Decisions.attempt(second);
        other.batch().setOrderUnknown();

        Decisions.mark(first);
        set.decide(() -> set.recovery.recall(one.worker()));

        assertThat(one.isCurrent()).isTrue();
        assertThat(other.isCurrent()).isTrue();
    }

    /// Its worker has said that it begins a job which was taken back, and is about to give it back;
    /// the result of the one before is on the way.
    @Test
    void jobThatWasBegunAtOneRecallStaysAtTheNext() {
        Decisions set = set();
        PendingJob<String, String> begun = set.give("begun");
        PendingJob<String, String> ahead = set.give("ahead");
        Attempt<String, String> one = Decisions.attempt(begun);
        Attempt<String, String> other = Decisions.attempt(ahead);
        Decisions.mark(begun);
        set.decide(() -> set.recovery.recall(one.worker()));
        assertThat(other.isCurrent()).isFalse();

        Decisions.mark(other);
        set.decide(() -> set.recovery.recall(one.worker()));

        assertThat(one.isCurrent()).isTrue();
    }

    @Test
    void jobBetweenTheMarksOfBothIsTheHostsOnceItsWorkerHasEndedTheBatch() {
        Decisions set = set();
        PendingJob<String, String> tie = set.give("tie");
        Decisions.mark(tie); // it is about to look at our mark
        Attempt<String, String> attempt = Decisions.attempt(tie);
        set.decide(() -> set.recovery.recall(attempt.worker()));
        assertThat(attempt.isCurrent()).isTrue();

        set.decide(() -> set.events.over(attempt.batch())); // without a result

        assertThat(attempt.isCurrent()).isFalse();
        assertThat(Decisions.attempt(tie).batch()).isNotSameAs(attempt.batch());
    }

    @Test
    void jobOfAKeyWaitsUntilTheOneBetweenTheMarksOfBothIsBackOrDone() {
        Decisions set = set();
        PendingJob<String, String> first = set.give("first", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        PendingJob<String, String> tie = set.give("tie", "key", 0);
        PendingJob<String, String> next = set.give("next", "key", 0);
        set.end(first, null);
        set.end(second, null);
        Attempt<String, String> attempt = Decisions.attempt(tie);
        assertThat(Decisions.attempt(next).batch()).isSameAs(attempt.batch());
        Decisions.mark(tie); // it is about to look at our mark
        set.decide(() -> set.recovery.recall(attempt.worker()));
        assertThat(attempt.isCurrent()).isTrue();
        assertThat(next.attempt()).as("before it is known what becomes of the one before").isNull();

        set.orders.clear();
        set.decide(() -> set.events.over(attempt.batch())); // without a result

        assertThat(set.orders).first().asString().startsWith("send tie");
        assertThat(Decisions.attempt(next).worker()).isSameAs(attempt.worker());
    }
}
