package dev.ipcchannel.internal.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// Races for [RingMarks]: of two sides that store and then look, one sees the other, and a side
/// that sees a mark sees what was written before it.
///
/// The fence between store and look pairs with that of the other side; the release of the store
/// with the acquire of the look.
public final class MarksStress {

    private static final long MARK = 1;

    private MarksStress() {}

    /// A trailer after a ring of no bytes, with both sides' marks.
    static class Trailer {

        static final long NO_BYTES = 0;

        final Memory memory = new SegmentMemory(MemorySegment
                .ofArray(new long[(int) (RingLayout.readerMark(NO_BYTES) / Long.BYTES) + 1]));
        final RingMarks writer = RingMarks.ofWriter(memory, NO_BYTES);
        final RingMarks reader = RingMarks.ofReader(memory, NO_BYTES);
    }

    /// Both sides store and look at once. Without the fences each could look first, even on x86.
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "one sees the other")
    @Outcome(expect = FORBIDDEN, desc = "both look before they store")
    @State
    public static class TwoLooks extends Trailer {

        @Actor
        public void writes(JJ_Result result) {
            writer.set(MARK);
            result.r1 = writer.other();
        }

        @Actor
        public void reads(JJ_Result result) {
            reader.set(MARK);
            result.r2 = reader.other();
        }
    }

    /// A side that sees a mark sees all that was written before it. So a job's result that was
    /// committed before the begin of the next job is found. On AArch64 a plain store would not be
    /// enough.
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = ACCEPTABLE, desc = "the word comes first")
    @Outcome(expect = FORBIDDEN, desc = "the mark is seen before the word")
    @State
    public static class WordBeforeMark extends Trailer {

        private final long word = RingLayout.writerNeed(NO_BYTES);

        @Actor
        public void reads() {
            memory.storePlain(word, 1);
            reader.set(MARK);
        }

        @Actor
        public void writes(JJ_Result result) {
            result.r1 = writer.other();
            result.r2 = memory.loadAcquire(word);
        }
    }
}
