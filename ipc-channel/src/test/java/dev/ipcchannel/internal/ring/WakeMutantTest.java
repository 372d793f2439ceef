package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.ring.ModelScenario.Habit;
import dev.ipcchannel.internal.ring.ModelScenario.Hardware;
import dev.ipcchannel.internal.ring.WakeExplorer.Exploration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A check that every order that the ring and the lane keep is needed: each is taken away in turn,
/// and [WakeExplorer] finds what breaks, with a shortest trace of it. So the sound scenarios of
/// [WakeExplorerTest] are not sound for want of looking.
///
/// The two sides of each order:
///
/// | writer | reader | without it |
/// | --- | --- | --- |
/// | commit, fence, look at "asleep" | "asleep", fence, look at the ring | reader hangs |
/// | "asleep", fence, look at the position | publish, fence, look at "asleep" | writer hangs |
/// | release of the header in `commit` | acquire in `poll` | header seen before the payload |
/// | acquire in `refreshReaderPosition` | release in `publish` | payload overwritten unread |
/// | commit, then release in `close` | acquire of "closed", look at the ring | last message lost |
///
/// A mutant runs on x86-64, which is enough to break it, except the one that only AArch64 breaks.
/// The release in RingWriter.close has no mutant: in the lane's protocol the fence after each
/// commit covers for it. [CrashReplayTest] takes it away where there is no fence.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WakeMutantTest {

    private static final ModelScenario ONE_MESSAGE = ModelScenario.sending(8).on(Hardware.X86_64);
    private static final ModelScenario ONE_THAT_BLOCKS_THE_NEXT = ModelScenario.sending(24, 24)
            .readingOnly(1)
            .on(Hardware.X86_64);

    private static final String READER_HANGS = "the reader sleeps for ever beside a message";
    private static final String WRITER_HANGS = "the writer sleeps for ever beside free space";

    @Test
    void withoutItsFenceTheWriterLooksForASleeperBeforeTheCommitIsVisible() {
        Exploration exploration = explore(ONE_MESSAGE, ModelMutant.NO_FENCE_AFTER_COMMIT);

        assertThat(exploration.flaw()).isEqualTo(READER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "writer stores ring[0] = 0x100000008",
                "writer loads reader-asleep = 0",
                "reader-asleep = 1 becomes visible",
                "reader fences",
                "reader loads ring[0] = 0x0",
                "ring[0] = 0x100000008 becomes visible");
    }

    @Test
    void withoutItsFenceTheReaderLooksAgainBeforeItsSleepIsVisible() {
        Exploration exploration = explore(ONE_MESSAGE, ModelMutant.NO_FENCE_BEFORE_READER_SLEEPS);

        assertThat(exploration.flaw()).isEqualTo(READER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "reader stores reader-asleep = 1",
                "reader loads ring[0] = 0x0",
                "ring[0] = 0x100000008 becomes visible",
                "writer fences",
                "writer loads reader-asleep = 0",
                "reader-asleep = 1 becomes visible");
    }

    @Test
    void withoutItsFenceTheReaderLooksForASleeperBeforeItsPositionIsVisible() {
        Exploration exploration = explore(ONE_THAT_BLOCKS_THE_NEXT,
                ModelMutant.NO_FENCE_AFTER_PUBLISH);

        assertThat(exploration.flaw()).isEqualTo(WRITER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "reader stores reader-position = 64",
                "reader loads writer-asleep = 0",
                "writer-asleep = 1 becomes visible",
                "writer fences",
                "writer loads reader-position = 0",
                "reader-position = 64 becomes visible");
    }

    @Test
    void withoutItsFenceTheWriterLooksAgainBeforeItsSleepIsVisible() {
        Exploration exploration = explore(ONE_THAT_BLOCKS_THE_NEXT,
                ModelMutant.NO_FENCE_BEFORE_WRITER_SLEEPS);

        assertThat(exploration.flaw()).isEqualTo(WRITER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "writer stores writer-asleep = 1",
                "writer loads reader-position = 0",
                "reader-position = 64 becomes visible",
                "reader fences",
                "reader loads writer-asleep = 0",
                "writer-asleep = 1 becomes visible");
    }

    @Test
    void readerThatSleepsInSpiteOfItsSecondLookIsNotWoken() {
        Exploration exploration = explore(ONE_MESSAGE, ModelMutant.READER_WITHOUT_SECOND_LOOK);

        assertThat(exploration.flaw()).isEqualTo(READER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "reader loads ring[0] = 0x0",
                "ring[0] = 0x100000008 becomes visible",
                "writer loads reader-asleep = 0",
                "reader-asleep = 1 becomes visible",
                "reader loads ring[0] = 0x100000008");
    }

    @Test
    void writerThatSleepsInSpiteOfItsSecondLookIsNotWoken() {
        Exploration exploration = explore(ONE_THAT_BLOCKS_THE_NEXT,
                ModelMutant.WRITER_WITHOUT_SECOND_LOOK);

        assertThat(exploration.flaw()).isEqualTo(WRITER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "writer loads reader-position = 0",
                "reader-position = 64 becomes visible",
                "reader loads writer-asleep = 0",
                "writer-asleep = 1 becomes visible",
                "writer loads reader-position = 64");
    }

    @Test
    void readerThatFallsAsleepBetweenTheLookForItAndTheCommitIsNotWoken() {
        Exploration exploration = explore(ONE_MESSAGE, ModelMutant.BELL_BEFORE_COMMIT);

        assertThat(exploration.flaw()).isEqualTo(READER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "writer fences",
                "writer loads reader-asleep = 0",
                "reader-asleep = 1 becomes visible",
                "reader loads ring[0] = 0x0",
                "ring[0] = 0x100000008 becomes visible");
    }

    @Test
    void writerThatFallsAsleepBetweenTheLookForItAndThePublishIsNotWoken() {
        Exploration exploration = explore(ONE_THAT_BLOCKS_THE_NEXT,
                ModelMutant.BELL_BEFORE_PUBLISH);

        assertThat(exploration.flaw()).isEqualTo(WRITER_HANGS);
        assertThat(exploration.trace()).containsSubsequence(
                "reader fences",
                "reader loads writer-asleep = 0",
                "writer-asleep = 1 becomes visible",
                "writer loads reader-position = 0",
                "reader-position = 64 becomes visible");
    }

    @Test
    void readerThatLooksForTheCloseAfterTheRecordsLosesTheLastOne() {
        ModelScenario closing = ONE_MESSAGE.with(Habit.WRITER_CLOSES);

        Exploration exploration = explore(closing, ModelMutant.EMPTY_BEFORE_CLOSED);

        assertThat(exploration.flaw()).isEqualTo("a committed message is lost");
        assertThat(exploration.trace()).containsSubsequence(
                "reader loads ring[0] = 0x0",
                "ring[0] = 0x100000008 becomes visible",
                "writer-closed = 1 becomes visible",
                "reader loads writer-closed = 1");
    }

    @Test
    void payloadThatIsCopiedAfterThePublishIsOverwritten() {
        ModelScenario reusing =
                ModelScenario.sending(64, 64).inRing(256, 0).readingOnly(1).on(Hardware.X86_64);

        Exploration exploration = explore(reusing, ModelMutant.PUBLISH_BEFORE_COPY);

        assertThat(exploration.flaw()).isEqualTo("the reader sees a record that is not whole");
        assertThat(exploration.trace()).containsSubsequence(
                "reader-position = 128 becomes visible",
                "writer loads reader-position = 128",
                "ring[64] = 0x0 becomes visible",
                "reader copies ring[8] torn");
    }

    @Test
    void onAarch64AHeaderWithoutReleaseIsSeenBeforeItsPayload() {
        Exploration exploration = explore(ONE_MESSAGE.on(Hardware.AARCH64),
                ModelMutant.COMMIT_WITHOUT_RELEASE);

        assertThat(exploration.flaw()).isEqualTo("the reader sees a record that is not whole");
        assertThat(exploration.trace()).containsSubsequence(
                "writer stores ring[8] = 0x1",
                "ring[0] = 0x100000008 becomes visible",
                "reader loads ring[0] = 0x100000008",
                "reader copies ring[8] = 0x0");
    }

    @Test
    void onX86AHeaderWithoutReleaseGoesUnnoticed() {
        assertThat(explore(ONE_MESSAGE, ModelMutant.COMMIT_WITHOUT_RELEASE).flaw()).isNull();
    }

    private static Exploration explore(ModelScenario scenario, ModelMutant mutant) {
        return WakeExplorer.explore(scenario.without(mutant));
    }
}
