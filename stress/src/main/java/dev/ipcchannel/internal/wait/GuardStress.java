package dev.ipcchannel.internal.wait;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ipcchannel.stress.Patience;
import dev.ipcchannel.stress.Start;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Races for a [Guard]: a thread inside is alone and sees what its predecessor has written, and a
/// thread that waits for a visit is admitted after it.
///
/// Each entry takes the next number from a plain field. Two threads inside at once take the same
/// number, and so does a thread that does not see the writes before. The acquire of the entering
/// exchange pairs with the release of the exit, which is a thread's store, a visitor's exchange, or
/// the end of a wait (`isOver`, after `isInside` and after the exchange that handed the guard on).
public final class GuardStress {

    private GuardStress() {}

    /// A guard of an owner, with a number for each entry.
    static class Numbered {

        final Guard guard = new Guard("a guard");
        final Owner owner = new Owner("an owner", "wait");
        final Start start = new Start();
        private volatile boolean isDone; // after an entry that may wait for a visit's end
        private int entries; // plain: written inside alone

        Numbered() {
            boolean _ = guard.enter(null);
            guard.own(owner);
            guard.exit();
        }

        /// Enters and exits.
        ///
        /// @return the entry's number, 0 if there was none
        int enter(Owner as) {
            if (!guard.tryEnter(as)) {
                return 0;
            }
            int entry = ++entries;
            guard.exit();
            return entry;
        }

        /// Enters and exits while the other actor may be a visitor, which waits with [#awaitEntry].
        int enterBesideVisit(Owner as) {
            int entry = enter(as);
            isDone = true;
            return entry;
        }

        int visit() {
            return guard.visit() ? exitVisit() : 0;
        }

        int exitVisit() {
            int entry = ++entries;
            guard.exit();
            return entry;
        }

        int close() {
            return guard.tryClose() ? ++entries : 0;
        }

        void awaitEntry() {
            Patience.await(() -> isDone, "a thread that waited for a visit's end was not let go");
        }
    }

    /// Two threads of the owner. The exchange admits one; the release of its exit shows the other
    /// what it wrote.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "one is refused beside the other")
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "one comes after the other")
    @Outcome(expect = FORBIDDEN, desc = "two are inside, or neither, or one sees an old number")
    @State
    public static class TwoEntries extends Numbered {

        @Actor
        public void first(II_Result result) {
            start.await();
            result.r1 = enter(owner);
        }

        @Actor
        public void second(II_Result result) {
            start.await();
            result.r2 = enter(owner);
        }
    }

    /// A visitor may enter while a thread enters: the thread is never refused. The wait begins at
    /// the same word as the visit ends.
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the visitor finds the thread inside")
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "one comes after the other")
    @Outcome(expect = FORBIDDEN, desc = "the thread is refused, or two are inside")
    @State
    public static class EntryBesideVisit extends Numbered {

        @Actor
        public void enter(II_Result result) {
            start.await();
            result.r1 = enterBesideVisit(owner);
        }

        @Actor
        public void visit(II_Result result) {
            start.await();
            result.r2 = visit();
            awaitEntry();
        }
    }

    /// A visit ends while a thread finds it and begins to wait: the thread is admitted after it.
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "the thread comes in after the visit")
    @Outcome(expect = FORBIDDEN, desc = "the thread is refused, or inside beside the visitor")
    @State
    public static class EntryBesideVisitsEnd extends Numbered {

        public EntryBesideVisitsEnd() {
            boolean _ = guard.visit();
        }

        @Actor
        public void enter(II_Result result) {
            start.await();
            result.r1 = enterBesideVisit(owner);
        }

        @Actor
        public void endVisit(II_Result result) {
            start.await();
            result.r2 = exitVisit();
            awaitEntry();
        }
    }

    /// A closer beside a thread that enters and exits: after a close no thread enters, and the exit
    /// does not overwrite the close.
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the closer finds the thread inside")
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "the close comes after the thread")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the thread finds the guard closed")
    @Outcome(expect = FORBIDDEN, desc = "the thread is inside a closed guard, or the close is lost")
    @State
    public static class CloseBesideEntry extends Numbered {

        @Actor
        public void enter(III_Result result) {
            start.await();
            result.r1 = enter(owner);
        }

        @Actor
        public void close(III_Result result) {
            start.await();
            result.r2 = close();
        }

        @Arbiter
        public void look(III_Result result) {
            result.r3 = guard.isClosed() ? 1 : 0;
        }
    }

    /// A visitor closes the guard while a thread finds the visitor inside: the thread's wait ends,
    /// and the thread is not admitted.
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the thread finds the guard closed")
    @Outcome(expect = FORBIDDEN, desc = "the thread is inside, or the close is lost")
    @State
    public static class EntryBesideCloseByVisitor extends Numbered {

        public EntryBesideCloseByVisitor() {
            boolean _ = guard.visit();
        }

        @Actor
        public void enter(II_Result result) {
            start.await();
            result.r1 = enterBesideVisit(owner);
        }

        @Actor
        public void closeByVisitor() {
            start.await();
            guard.closeFromInside();
            awaitEntry();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r2 = guard.isClosed() ? 1 : 0;
        }
    }

    /// A thread of another owner beside the owner's thread: it never enters, not even for a moment
    /// in which the owner would be refused.
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the owner is inside, the stranger is not")
    @Outcome(expect = FORBIDDEN, desc = "the owner is refused, or the stranger inside")
    @State
    public static class StrangerBesideOwner extends Numbered {

        private final Owner stranger = new Owner("a stranger", "go away");

        @Actor
        public void enter(II_Result result) {
            start.await();
            result.r1 = enter(owner);
        }

        @Actor
        public void intrude(II_Result result) {
            start.await();
            result.r2 = enter(stranger);
        }
    }

    /// The guard changes its owner beside a visitor, which hands it on at its exit: to the new
    /// owner. The owner is written before the release of the exit, and read by a visitor inside.
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the visitor finds a thread inside")
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "the visitor is before or after it")
    @Outcome(expect = FORBIDDEN, desc = "the new owner does not find the guard its own")
    @State
    public static class ChangeOfOwnerBesideVisit extends Numbered {

        private final Owner next = new Owner("the next owner", "wait");

        @Actor
        public void change(II_Result result) {
            start.await();
            boolean _ = guard.tryEnter(owner);
            guard.own(next);
            guard.exit();
            result.r1 = enterBesideVisit(next);
        }

        @Actor
        public void visit(II_Result result) {
            start.await();
            result.r2 = visit();
            awaitEntry();
        }
    }
}
