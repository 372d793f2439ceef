package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.job.RecallExplorer.Exploration;
import dev.ipcchannel.internal.job.RecallScenario.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every order of beginning and taking back is needed: each is taken away in turn, and
/// [RecallExplorer] finds what breaks, with a shortest trace of it. So the sound scenarios of
/// [RecallExplorerTest] are not sound for want of looking.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecallMutantTest {

    private static final String ONE_RUNS_TWICE = "job 1 is run twice";
    private static final String ONE_WAITS =
            "the host sees a job that is not back while the worker stands in one before it";
    private static final String ONE_WAS_RUN = "job 1 is given away and was run";

    @Test
    void withoutItsFenceTheWorkerLooksBeforeItsMarkIsVisible() {
        Exploration exploration = explore(RecallMutant.NO_FENCE_AT_BEGIN);

        assertThat(exploration.flaw()).isEqualTo(ONE_RUNS_TWICE);
        assertThat(exploration.trace()).containsSubsequence(
                "worker stores begun = 1",
                "worker loads epoch = 0",
                "host loads begun = 0",
                "host notes: job 1 IS_GIVEN_AWAY",
                "worker notes: job 1 RUNS");
    }

    @Test
    void withoutItsFenceTheHostLooksBeforeItsEpochIsVisible() {
        Exploration exploration = explore(RecallMutant.NO_FENCE_AT_RECALL);

        assertThat(exploration.flaw()).isEqualTo(ONE_RUNS_TWICE);
        assertThat(exploration.trace()).containsSubsequence(
                "host stores epoch = 1",
                "host loads begun = 0",
                "worker fences",
                "worker loads epoch = 0",
                "worker notes: job 1 RUNS");
    }

    @Test
    void workerThatLooksFirstRunsWhatIsTakenBackThen() {
        assertThat(explore(RecallMutant.LOOK_BEFORE_MARK).flaw()).isEqualTo(ONE_RUNS_TWICE);
    }

    @Test
    void hostThatLooksFirstTakesBackWhatIsBegunThen() {
        assertThat(explore(RecallMutant.LOOK_BEFORE_EPOCH).flaw()).isEqualTo(ONE_RUNS_TWICE);
    }

    @Test
    void workerThatDoesNotLookRunsWhatWasTakenBack() {
        assertThat(explore(RecallMutant.NO_LOOK).flaw()).isEqualTo(ONE_RUNS_TWICE);
    }

    @Test
    void resultsThatComeAfterTheNextBatchIsBegunAreLostWithTheWorker() {
        Exploration exploration = explore(RecallMutant.RESULTS_AFTER_NEXT_BEGIN);

        assertThat(exploration.flaw()).isEqualTo(ONE_WAS_RUN);
        assertThat(exploration.trace()).containsSubsequence(
                "worker notes: job 1 RUNS",
                "worker stores begun = 3",
                "worker dies",
                "host sees the end",
                "host loads begun = 3",
                "host notes: job 1 IS_GIVEN_AWAY");
    }

    @Test
    void jobWhoseMarkComesAfterItCountsAsNotBegunWhereItsWorkerDied() {
        Exploration exploration = explore(RecallMutant.MARK_AFTER_JOB);

        assertThat(exploration.flaw()).isEqualTo(ONE_WAS_RUN);
        assertThat(exploration.trace()).containsSubsequence(
                "worker notes: job 1 RUNS",
                "worker dies",
                "host loads begun = 0");
    }

    @Test
    void deathThatIsDecidedBeforeResultsAreReceivedGivesTheirJobsAway() {
        assertThat(explore(RecallMutant.DEATH_BEFORE_RESULTS).flaw()).isEqualTo(ONE_WAS_RUN);
    }

    @Test
    void batchBeforeTheOneBegunIsDoneThoughItsResultsHaveNotBeenReceived() {
        Exploration exploration = explore(RecallMutant.EARLIER_BATCHES_TOO);

        assertThat(exploration.flaw()).isEqualTo(ONE_WAS_RUN);
        assertThat(exploration.trace()).containsSubsequence(
                "worker sends",
                "worker's message becomes visible",
                "begun = 3 becomes visible",
                "host loads begun = 3",
                "host notes: job 1 IS_GIVEN_AWAY");
    }

    @Test
    void batchThatComesLaterWouldWaitForALongJobOfAGreaterNumber() {
        Exploration exploration = RecallExplorer.explore(RecallScenario
                .of(new Batch(3, 2), new Batch(1, 2)).without(RecallMutant.NUMBERS_FOR_ORDER));

        assertThat(exploration.flaw()).isEqualTo(ONE_WAITS);
    }

    @Test
    void jobAtTheMarkMayRun() {
        assertThat(explore(RecallMutant.JOB_AT_THE_MARK_TOO).flaw()).isEqualTo(ONE_RUNS_TWICE);
    }

    @Test
    void batchesAfterTheOneBegunWouldWaitForALongJob() {
        assertThat(explore(RecallMutant.BEGUN_BATCH_ALONE).flaw()).isEqualTo(ONE_WAITS);
    }

    private static Exploration explore(RecallMutant mutant) {
        return RecallExplorer.explore(
                RecallScenario.of(new Batch(1, 2), new Batch(3, 2)).without(mutant));
    }
}
