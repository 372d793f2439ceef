package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.ring.ModelScenario.Habit;
import dev.ipcchannel.internal.ring.WakeExplorer.Exploration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A proof by search that no process sleeps for ever beside work, that nothing committed is lost or
/// out of order, and that a process that waits for a dead or closed peer ends: it visits every
/// state of two processes with a lane between them.
///
/// [WakeExplorer] says what is explored, [WakeMutantTest] shows that it finds what it looks for.
/// All scenarios run on the hardware that reorders more, which does everything that the other does.
/// Each test asserts a least number of states, so that it cannot quietly shrink, and ends that must
/// be among the ends, so that some run got there.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WakeExplorerTest {

    @Test
    void everyMessageCrossesARingThatHoldsOne() {
        Exploration exploration = explore(ModelScenario.sending(24, 24), 100_000);

        assertThat(exploration.ends()).containsExactlyInAnyOrder(
                "writer IDLE behind 2, reader asleep behind 2",
                "writer IDLE behind 2, reader dead behind 1",
                "writer IDLE behind 2, reader dead behind 2",
                "writer PEER_GONE behind 1, reader dead behind 0",
                "writer PEER_GONE behind 1, reader dead behind 1",
                "writer PEER_GONE behind 2, reader dead behind 1",
                "writer PEER_GONE behind 2, reader dead behind 2",
                "writer dead behind 0, reader PEER_GONE behind 0",
                "writer dead behind 1, reader PEER_GONE behind 1",
                "writer dead behind 2, reader PEER_GONE behind 2");
    }

    @Test
    void threeMessagesGoRoundTheRing() {
        Exploration exploration = explore(ModelScenario.sending(64, 64, 8).inRing(256, 0),
                1_000_000);

        assertThat(exploration.ends()).contains(
                "writer IDLE behind 3, reader asleep behind 3",
                "writer dead behind 3, reader PEER_GONE behind 3");
    }

    @Test
    void readerOfAWriterThatClosesEndsAfterItsLastMessage() {
        Exploration exploration = explore(ModelScenario.sending(24, 24).with(Habit.WRITER_CLOSES),
                350_000);

        assertThat(exploration.ends()).contains(
                "writer CLOSED behind 2, reader PEER_GONE behind 2",
                "writer dead behind 2, reader PEER_GONE behind 2");
    }

    @Test
    void writerEndsWhenTheReaderClosesBeforeItHasReadAll() {
        ModelScenario scenario = ModelScenario.sending(24, 24, 24).readingOnly(1).with(
                Habit.READER_CLOSES);

        assertThat(explore(scenario, 40_000).ends()).contains(
                "writer PEER_GONE behind 1, reader CLOSED behind 1",
                "writer PEER_GONE behind 2, reader CLOSED behind 1");
    }

    @Test
    void paddingAtTheRingsEndIsPassed() {
        ModelScenario scenario = ModelScenario.sending(64, 8).inRing(256, 192).with(
                Habit.WRITER_CLOSES);

        assertThat(explore(scenario, 350_000).ends()).contains(
                "writer CLOSED behind 2, reader PEER_GONE behind 2");
    }

    @Test
    void recordsThatEndWithTheRingArePassed() {
        ModelScenario scenario = ModelScenario.sending(8, 64).inRing(256, 192).with(
                Habit.WRITER_CLOSES);

        assertThat(explore(scenario, 100_000).ends()).contains(
                "writer CLOSED behind 2, reader PEER_GONE behind 2");
    }

    @Test
    void positionsMayTurnNegative() {
        ModelScenario scenario = ModelScenario.sending(24, 24).inRing(128, Long.MAX_VALUE - 63);

        assertThat(explore(scenario, 100_000).ends()).contains(
                "writer IDLE behind 2, reader asleep behind 2");
    }

    @Test
    void spaceThatIsExactlyEnoughWakesTheWriter() {
        ModelScenario scenario = ModelScenario.sending(8, 64, 8).inRing(256, 0).readingOnly(1);

        assertThat(explore(scenario, 10_000).ends()).contains(
                "writer IDLE behind 3, reader IDLE behind 1");
    }

    @Test
    void readerThatGivesSpaceBackInBatchesStillWakesTheWriter() {
        ModelScenario scenario = ModelScenario.sending(24, 24).with(Habit.READER_BATCHES);

        assertThat(explore(scenario, 100_000).ends()).contains(
                "writer IDLE behind 2, reader asleep behind 2");
    }

    @Test
    void readerThatMovesStillWakesTheWriterAndIsWoken() {
        ModelScenario scenario = ModelScenario.sending(24, 24).with(Habit.READER_MOVES);

        assertThat(explore(scenario, 100_000).ends()).contains(
                "writer IDLE behind 2, reader asleep behind 2");
    }

    @Test
    void waitThatTimesOutLeavesTheNextOneSound() {
        ModelScenario scenario = ModelScenario.sending(24, 24).with(Habit.A_WAIT_TIMES_OUT);

        assertThat(explore(scenario, 500_000).ends()).contains(
                "writer IDLE behind 2, reader asleep behind 2",
                "writer IDLE behind 1, reader asleep behind 1");
    }

    @Test
    void writerThatGivesALongMessageUpIsWokenForAShortOne() {
        ModelScenario scenario =
                ModelScenario.sending(64, 8, 64, 8).inRing(256, 0).readingOnly(1).with(
                        Habit.A_WAIT_TIMES_OUT);

        assertThat(explore(scenario, 60_000).ends()).contains(
                "writer IDLE behind 3, reader IDLE behind 1");
    }

    @Test
    void bellThatFindsItsQueueFullIsNotMissed() {
        ModelScenario scenario = ModelScenario.sending(24, 24).with(Habit.QUEUES_ARE_SHORT);

        assertThat(explore(scenario, 100_000).ends()).contains(
                "writer IDLE behind 2, reader asleep behind 2");
    }

    private static Exploration explore(ModelScenario scenario, int fewestStates) {
        Exploration exploration = WakeExplorer.explore(scenario);

        assertThat(exploration.flaw()).as(() -> String.join("\n", exploration.trace())).isNull();
        assertThat(exploration.states()).isGreaterThan(fewestStates);
        return exploration;
    }
}
