package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.job.RecallExplorer.Exploration;
import dev.ipcchannel.internal.job.RecallScenario.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// No job is run twice or lost, whatever is taken back and whenever the worker dies: shown by
/// visiting every state of a host and a worker with two marks between them.
///
/// [RecallExplorer] says what is explored, [RecallMutantTest] that it finds what it looks for. Each
/// test asserts how many states there are at least, so that it cannot quietly shrink, and ends that
/// have to be among the ends, so that some run got there.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecallExplorerTest {

    private static final int KILLS = 100_000;
    private static final int LATEST_KILL = 120; // moves: some die after all is done
    private static final int LONGEST_BATCH = 5;
    private static final int MOST_BATCHES = 4;
    private static final int MOST_RECALLS = 3;
    private static final Batch ONE_AND_TWO = new Batch(1, 2);
    private static final Batch THREE_AND_FOUR = new Batch(3, 2);

    @Test
    void oneBatchIsRunOrTakenBack() {
        assertThat(explore(RecallScenario.of(ONE_AND_TWO), 3_000).ends())
                .containsExactlyInAnyOrder(
                        "run=1,2 given=", "run=1 given=2", "run= given=1,2",
                        "run=1,2 given= dead", "run=1 given=2 dead", "run= given=1,2 dead",
                        "run=1 given= dead", // the mark was at 2
                        "run= given=2 dead"); // the mark was at 1
    }

    @Test
    void withoutADeathEachJobIsRunOnce() {
        assertThat(explore(RecallScenario.of(ONE_AND_TWO, THREE_AND_FOUR).withoutDeath(), 4_000)
                .ends())
                .containsExactlyInAnyOrder("run=1,2,3,4 given=", "run=1,2,3 given=4",
                        "run=1,2 given=3,4", "run=1 given=2,3,4", "run= given=1,2,3,4");
    }

    @Test
    void jobsOfTwoBatchesAreTakenBackOnceOrTwice() {
        RecallScenario scenario = RecallScenario.of(ONE_AND_TWO, THREE_AND_FOUR);

        assertThat(explore(scenario, 30_000).ends())
                .isEqualTo(explore(scenario.recalled(2), 250_000).ends())
                .contains("run=1,2,3 given=4", "run=1 given=3,4 dead", "run= given=1,2,3,4 dead");
    }

    @Test
    void numbersNeedNotGrowAlongTheRing() {
        assertThat(explore(RecallScenario.of(THREE_AND_FOUR, ONE_AND_TWO), 30_000).ends())
                .contains("run=3,4 given=1,2", "run=3 given=1,2,4", "run=1,3,4 given=2 dead");
    }

    @Test
    void batchOfTheNewEpochIsRun() {
        RecallScenario scenario = RecallScenario.of(ONE_AND_TWO).then(THREE_AND_FOUR).recalled(2);

        assertThat(explore(scenario, 300_000).ends())
                .contains("run=3,4 given=1,2", "run=1,3,4 given=2", "run=1,3 given=2,4");
    }

    /// Longer runs than can be visited whole, each followed once, with a worker that is killed.
    @Test
    void workersThatAreKilledAnywhereLeaveTheTruth() {
        assertThat(flawOfKills(RecallMutant.NONE)).isNull();
    }

    /// The same with an order taken away: they would find a flaw.
    @Test
    void killsFindAJobThatWasBegunBeforeItsMark() {
        // The second comes first where another worker has got the job meanwhile.
        assertThat(flawOfKills(RecallMutant.MARK_AFTER_JOB))
                .containsPattern("is given away and was run|is run twice");
    }

    private static @Nullable String flawOfKills(RecallMutant mutant) {
        long seed = System.nanoTime();
        System.out.println("recalls of killed workers: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            RecallScenario scenario = anyScenario(random).without(mutant);
            String flaw = RecallExplorer.followKilled(scenario, random.nextInt(LATEST_KILL),
                    random);
            if (flaw != null) {
                return "kill=%d, %s: %s".formatted(kill, scenario, flaw);
            }
        }
        return null;
    }

    private static RecallScenario anyScenario(SplittableRandom random) {
        List<Batch> batches = new ArrayList<>();
        int next = 1;
        for (int left = 1 + random.nextInt(MOST_BATCHES); left > 0; left--) {
            Batch batch = new Batch(next, 1 + random.nextInt(LONGEST_BATCH));
            batches.add(batch);
            next = batch.end();
        }
        Collections.shuffle(batches, new Random(random.nextLong()));
        int later = random.nextInt(batches.size());
        int recalls = random.nextInt(later, MOST_RECALLS + 1);
        return RecallScenario.of(batches.subList(later, batches.size()).toArray(Batch[]::new))
                .then(batches.subList(0, later).toArray(Batch[]::new)).recalled(recalls);
    }

    private static Exploration explore(RecallScenario scenario, int fewestStates) {
        Exploration exploration = RecallExplorer.explore(scenario);

        assertThat(exploration.flaw()).as(() -> String.join("\n", exploration.trace())).isNull();
        assertThat(exploration.states()).isGreaterThan(fewestStates);
        return exploration;
    }
}
