package dev.ipcchannel.call;

import static java.util.Objects.requireNonNull;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.stress.Patience;
import dev.ipcchannel.stress.Start;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// Races for a [Leadership]: only one thread has it, and no transfer of it is lost.
///
/// There are three pairs of words here: the release of the lead and the queue of nodes; an ask and
/// a wait for replies; a need and a release. In each pair both sides write their own word and then
/// read the other side's. All words are volatile, so at least one of the two sees the other.
public final class LeadershipStress {

    private LeadershipStress() {}

    private static boolean take(Leadership lead) {
        return lead.tryTake() || follow(lead, new Place());
    }

    private static boolean follow(Leadership lead, WaitNode node) {
        return Patience.uninterrupted(
                () -> lead.follow(node, Deadline.after(Patience.LIMIT)) ? 1 : 0) == 1;
    }

    /// The node of a thread that waits for a reply, which a race makes ready.
    static final class Place extends WaitNode {

        private volatile boolean isReady;

        @Override
        boolean isReady() {
            return isReady;
        }
    }

    /// Two threads wait for replies: the second gets the lead from the first. The first looks for
    /// waiting threads after it has freed the lead; the second looks at the lead once it waits.
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = ACCEPTABLE, desc = "one leads after the other")
    @Outcome(expect = FORBIDDEN, desc = "two lead at once, or one is never woken")
    @State
    public static class FollowBesideRelease {

        private final Start start = new Start();
        private final Leadership lead = new Leadership(() -> {});
        private int turns; // plain: written with the lead alone

        @Actor
        public void first(II_Result result) {
            start.await();
            result.r1 = lead();
        }

        @Actor
        public void second(II_Result result) {
            start.await();
            result.r2 = lead();
        }

        private int lead() {
            if (!take(lead)) {
                return 0;
            }
            int turn = ++turns;
            lead.releaseIfMine();
            return turn;
        }
    }

    /// A leading thread delivers a reply for a thread that is about to sleep, and continues to
    /// lead. The other thread announces that it waits before it looks, and is woken after its reply
    /// is there.
    @JCStressTest
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "the reply is seen")
    @Outcome(expect = FORBIDDEN, desc = "the thread is never woken, or sees no reply")
    @State
    public static class ReplyBesideFollow {

        private final Start start = new Start();
        private final Leadership lead = new Leadership(() -> {});
        private final Place place = new Place();
        private int reply; // plain: written before the place is ready

        public ReplyBesideFollow() {
            boolean _ = lead.tryTake();
        }

        @Actor
        public void await(I_Result result) {
            start.await();
            if (follow(lead, place)) {
                result.r1 = reply;
            }
        }

        @Actor
        public void deliver() {
            start.await();
            reply = 7;
            place.isReady = true;
            place.wake();
        }
    }

    /// A lead with a background thread that receives like that of a [ReplyDispatcher]: there is one
    /// reply, and for the next one the thread waits until it is interrupted.
    private static final class Background {

        private final Leadership lead = new Leadership(this::receive);
        private volatile @Nullable Thread thread;
        private volatile boolean hasLed;
        private volatile boolean isMetOutside; // an interrupt that was meant for a wait for replies
        private int turns; // plain: written with the lead alone

        private void receive() {
            thread = Thread.currentThread();
            boolean isNeverNeededAgain = false;
            while (!isNeverNeededAgain) {
                try {
                    isNeverNeededAgain = !lead.takeInBackground();
                    while (lead.isMine() && lead.isNeeded() && !lead.isAsked()) {
                        receiveOne();
                    }
                } catch (InterruptedException _) {
                    isMetOutside = true;
                } finally {
                    lead.releaseIfMine();
                }
            }
        }

        private void receiveOne() {
            turns++;
            hasLed = true;
            try {
                if (lead.beginReceiving() && turns > 1) {
                    awaitInterrupt();
                }
            } finally {
                lead.endReceiving();
            }
            if (Thread.currentThread().isInterrupted()) {
                isMetOutside = true;
            }
        }

        private void awaitInterrupt() {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park(this);
            }
        }

        private void awaitLead() {
            Patience.await(() -> hasLed, "the background thread did not take the lead");
        }

        /// Waits for the end of the thread.
        ///
        /// @return 1 if the thread ends, and was not interrupted outside its waits
        private int end() {
            Patience.await(() -> thread != null, "the background thread was not started");
            Thread ending = requireNonNull(thread);
            int ended = Patience.uninterrupted(() -> ending.join(Patience.LIMIT) ? 1 : 0);
            ending.interrupt(); // else its wait would not end
            return isMetOutside ? 0 : ended;
        }
    }

    /// A thread asks for the lead while the background thread begins or ends a wait for replies: it
    /// gets the lead, and the interrupt that ends the wait has no effect elsewhere. One side writes
    /// "asked" before it reads "receives"; the other side does the reverse.
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the lead is handed over")
    @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "an interrupt is met outside of the wait")
    @Outcome(expect = FORBIDDEN, desc = "the ask is lost, or two lead at once")
    @State
    public static class AskBesideReceive {

        private final Start start = new Start();
        private final Background background = new Background();

        @Actor
        public void need(II_Result result) {
            start.await();
            background.lead.need();
            result.r1 = background.end();
        }

        @Actor
        public void ask(II_Result result) {
            start.await();
            background.awaitLead();
            if (take(background.lead)) {
                int before = background.turns;
                background.turns = 0;
                result.r2 = before > 0 ? 1 : 0;
                background.lead.releaseIfMine();
            }
            background.lead.needNoMore();
            background.lead.end();
        }
    }

    /// The last call of the background thread ends while the thread begins a wait for replies: the
    /// thread does not remain there. One side clears the need before it reads "receives"; the other
    /// side writes "receives" before it reads the need.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the background thread ends")
    @Outcome(expect = FORBIDDEN, desc = "it waits for ever for what is not needed")
    @State
    public static class NeedNoMoreBesideReceive {

        private final Start start = new Start();
        private final Background background = new Background();

        @Actor
        public void need(I_Result result) {
            start.await();
            background.lead.need();
            result.r1 = background.end();
        }

        @Actor
        public void needNoMore() {
            start.await();
            background.awaitLead();
            background.lead.needNoMore();
            background.lead.end();
        }
    }

    /// Replies become needed in the background while a thread releases the lead: one of the two
    /// starts the background thread.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the background thread leads")
    @Outcome(expect = FORBIDDEN, desc = "an interrupt is met outside of a wait for replies")
    @State
    public static class NeedBesideRelease {

        private final Start start = new Start();
        private final Background background = new Background();

        @Actor
        public void release(I_Result result) {
            start.await();
            if (background.lead.tryTake()) {
                background.lead.releaseIfMine();
            }
            background.awaitLead();
            background.lead.needNoMore();
            background.lead.end();
            result.r1 = background.end();
        }

        @Actor
        public void need() {
            start.await();
            background.lead.need();
        }
    }
}
