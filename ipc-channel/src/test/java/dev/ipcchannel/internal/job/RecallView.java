package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallRequest.Fact;
import dev.ipcchannel.internal.ring.Memory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The other side as the script of one process sees it: past answers are given again, and at the
/// first question that has no answer yet the script is left by an exception.
///
/// As a [Memory] it has the two marks alone, at the offsets that a ring of no bytes has them.
final class RecallView implements Memory {

    /// The host's mark, which is the epoch: that of the ring's writer.
    static final int EPOCH = 0;

    /// The worker's mark, which is the job that it begins: that of the ring's reader.
    static final int BEGUN = 1;

    private static final long FIRST_MARK = 384; // as docs/wire-format.md has it
    private static final long BETWEEN = 128;

    /// Leaves a script. It is never run on from there, only again from its start.
    static final class Paused extends RuntimeException {

        private Paused() {
            super("the answer is not known yet", null, false, false);
        }
    }

    private final RecallScenario scenario;
    private final long[] answers;
    private final RecallMutant unfenced;
    private int asked;
    private @Nullable RecallRequest request;

    /// @param unfenced the mutant in which this process has no fence
    RecallView(RecallScenario scenario, long[] answers, RecallMutant unfenced) {
        this.scenario = scenario;
        this.answers = answers;
        this.unfenced = unfenced;
    }

    boolean is(RecallMutant mutant) {
        return scenario.is(mutant);
    }

    private static int word(long offset) {
        long word = (offset - FIRST_MARK) / BETWEEN;
        if (offset % BETWEEN != 0 || word < EPOCH || word > BEGUN) {
            throw new AssertionError("no mark is there: offset=" + offset);
        }
        return (int) word;
    }

    @Override
    public long loadAcquire(long offset) {
        return ask(new RecallRequest.Load(word(offset)));
    }

    @Override
    public void storeRelease(long offset, long value) {
        ask(new RecallRequest.Store(word(offset), value));
    }

    @Override
    public void storePlain(long offset, long value) {
        throw new AssertionError("a mark is stored with release: offset=" + offset);
    }

    @Override
    public void fullFence() {
        if (!is(unfenced)) {
            ask(new RecallRequest.Fence());
        }
    }

    @Override
    public void copyIn(byte[] source, int start, long offset, int length) {
        throw new AssertionError("marks are words");
    }

    @Override
    public void copyOut(long offset, byte[] target, int start, int length) {
        throw new AssertionError("marks are words");
    }

    void send(long message) {
        ask(new RecallRequest.Send(message));
    }

    /// Waits for a message, or the other side's end after the last one.
    long receive() {
        return ask(new RecallRequest.Await(false, false));
    }

    /// Waits for a message, the other side's end, or a reason to take back.
    long nextEvent(boolean mayRecall) {
        return ask(new RecallRequest.Await(mayRecall, is(RecallMutant.DEATH_BEFORE_RESULTS)));
    }

    boolean chooses() {
        return ask(new RecallRequest.Choose()) != 0;
    }

    void note(Fact fact, int job) {
        ask(new RecallRequest.Note(fact, job));
    }

    int whatRuns() {
        return (int) ask(new RecallRequest.AskWhatRuns());
    }

    void stop() {
        ask(new RecallRequest.Stop());
    }

    void check(boolean holds, String alarm) {
        if (!holds) {
            ask(new RecallRequest.Alarm(alarm));
        }
    }

    /// The question that has no answer yet. Before [Paused] there is none.
    RecallRequest request() {
        return Objects.requireNonNull(request);
    }

    private long ask(RecallRequest question) {
        if (asked == answers.length) {
            request = question;
            throw new Paused();
        }
        return answers[asked++];
    }
}
