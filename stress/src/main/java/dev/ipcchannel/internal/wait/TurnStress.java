package dev.ipcchannel.internal.wait;

import static java.util.Objects.requireNonNull;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.stress.Patience;
import dev.ipcchannel.stress.Start;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// Races for a [Turn]: only one thread has it, and sees what its predecessor has written.
///
/// Each use takes the next number from a plain field. The lock orders the threads inside, and so
/// also what a thread does with the turn and without the lock, between its entries. The volatile
/// word that disowns an owner without a lock orders it before the others.
public final class TurnStress {

    private static final WaitCount NO_COUNT = new WaitCount() {
        @Override
        public void waitBegins(long now) {}

        @Override
        public void waitEnds(long start, long now) {}
    };

    private TurnStress() {}

    private static Deadline deadline() {
        return Deadline.after(Patience.LIMIT);
    }

    /// Two threads take the turn and use it without the lock: the second waits for the first to
    /// give it back.
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "one comes after the other")
    @Outcome(expect = FORBIDDEN, desc = "two have the turn, or one never gets it")
    @State
    public static class TwoHolders {

        private final Start start = new Start();
        private final Turn turn = new Turn(null, false);
        private int uses; // plain: written by the thread that has the turn

        @Actor
        public void first(II_Result result) {
            start.await();
            result.r1 = Patience.uninterrupted(this::use);
        }

        @Actor
        public void second(II_Result result) {
            start.await();
            result.r2 = Patience.uninterrupted(this::use);
        }

        private int use() throws InterruptedException {
            turn.enter();
            try {
                if (!turn.awaitFree(() -> false, deadline(), NO_COUNT)) {
                    return 0;
                }
                turn.take();
            } finally {
                turn.exit();
            }
            int use = uses + 1;
            turn.enter(); // the other thread may enter, but must not get the turn
            turn.exit();
            uses = use;
            turn.enter();
            turn.end();
            turn.exit();
            return use;
        }
    }

    /// A thread waits for a condition whose change only [Turn#wakeAll] announces: the check and the
    /// sleep are one step for a thread inside.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the wait ends")
    @Outcome(expect = FORBIDDEN, desc = "the wake-up is lost")
    @State
    public static class WakeBesideWait {

        private final Start start = new Start();
        private final Turn turn = new Turn(null, false);
        private boolean isSo; // plain: read and written inside

        @Actor
        public void await(I_Result result) {
            start.await();
            turn.enter();
            try {
                result.r1 = Patience.uninterrupted(
                        () -> turn.await(() -> isSo, deadline(), NO_COUNT) ? 1 : 0);
            } finally {
                turn.exit();
            }
        }

        @Actor
        public void wake() {
            start.await();
            turn.enter();
            isSo = true;
            turn.wakeAll();
            turn.exit();
        }
    }

    /// The owner of a turn that another thread may break into, beside such a thread.
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "one comes after the other")
    @Outcome(expect = FORBIDDEN, desc = "two are inside, or one sees an old number")
    @State
    public static class BreakInBesideOwner {

        private final Start start = new Start();
        private volatile @Nullable Turn turn; // the owner's, made before the start
        private int uses; // plain: written inside

        @Actor
        public void own(II_Result result) {
            Turn own = new Turn(Thread.currentThread(), true);
            turn = own;
            start.await();
            own.enter();
            result.r1 = ++uses;
            own.exit();
        }

        @Actor
        public void breakIn(II_Result result) {
            start.await();
            Turn others = requireNonNull(turn);
            others.breakIn();
            result.r2 = ++uses;
            others.exit();
        }
    }

    /// Two threads are inside a turn and its inner turn: the exit of the inner turn keeps the lock
    /// if the thread still has the outer turn.
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "one comes after the other")
    @Outcome(expect = FORBIDDEN, desc = "two are inside, or one sees an old number")
    @State
    public static class InnerBesideOuter {

        private final Start start = new Start();
        private final Turn outer = new Turn(null, false);
        private final Turn inner = Turn.inside(outer);
        private int uses; // plain: written inside

        @Actor
        public void nest(II_Result result) {
            start.await();
            outer.enter();
            inner.enter();
            inner.exit();
            result.r1 = ++uses;
            outer.exit();
        }

        @Actor
        public void enter(II_Result result) {
            start.await();
            inner.enter();
            result.r2 = ++uses;
            inner.exit();
        }
    }

    /// The owner without a lock disowns its turn: another thread is refused, or sees all that the
    /// owner did. The volatile store of [Turn#disown] pairs with the load in [Turn#enter].
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "the other thread is refused")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "it sees what the owner did")
    @Outcome(expect = FORBIDDEN, desc = "it is inside beside the owner")
    @State
    public static class EntryBesideDisown {

        private final Start start = new Start();
        private volatile @Nullable Turn turn; // the owner's, made before the start
        private int uses; // plain: written inside

        @Actor
        public void disown() {
            Turn own = new Turn(Thread.currentThread(), false);
            turn = own;
            start.await();
            own.enter();
            uses = 1;
            own.exit();
            own.disown();
        }

        @Actor
        public void enter(I_Result result) {
            start.await();
            Turn others = requireNonNull(turn);
            try {
                others.enter();
            } catch (IllegalStateException _) { // it still belongs to the owner
                return;
            }
            result.r1 = ++uses;
            others.exit();
        }
    }
}
