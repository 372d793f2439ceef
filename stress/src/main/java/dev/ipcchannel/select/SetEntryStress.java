package dev.ipcchannel.select;

import static java.util.Objects.requireNonNull;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.stress.Patience;
import dev.ipcchannel.stress.Start;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// Races for a [SetEntry] and its [dev.ipcchannel.internal.end.Membership], in their [Selection]:
/// the set notices every notification of an entry, and a receiver that has left belongs to itself
/// again.
///
/// An entry writes its change and then checks whether it is in the list of its set. The set takes
/// the entry out of the list, marks it as taken out, and then looks for changes. So one side sees
/// the other. The list is one word, with the previous entry in a plain field that the exchange of
/// the word publishes. A set announces its sleep before it looks at the list, and an entry is in
/// the list before it looks for a sleep.
public final class SetEntryStress {

    private SetEntryStress() {}

    /// A receiver without senders' messages.
    private static final class Idle {

        private final Sockets.Pair sockets = Sockets.pair();
        private final Inbox inbox =
                new Inbox(sockets.second(), new LaneSettings(4096, 0, 1 << 20, ""), null);

        SetEntry join(Selection selection) {
            AtomicReference<SetEntry> entry = new AtomicReference<>();
            selection.join(inbox, entry::set);
            return requireNonNull(entry.get());
        }

        void close() {
            inbox.close("the race is over");
            sockets.first().close();
        }
    }

    /// Whether any entry has notified the set since the last call.
    private static boolean hasEvent(Selection selection) {
        selection.enter();
        try {
            return Patience.uninterrupted(() -> selection.await(Deadline.NOW) ? 1 : 0) == 1;
        } finally {
            selection.exit();
        }
    }

    /// A set with one member, whose state is a number.
    static class Set {

        final Selection selection = new Selection();
        private final Idle idle = new Idle();
        final Inbox inbox = idle.inbox;
        final SetEntry entry = idle.join(selection);
        final Start start = new Start();
        volatile int changes;

        Set() {
            boolean _ = hasEvent(selection); // it has joined
        }

        void close() {
            selection.close();
            idle.close();
        }
    }

    /// An entry notifies while the set takes it out of the list: its last change is seen, by this
    /// round or by another round that it causes.
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the last change is seen")
    @Outcome(expect = FORBIDDEN, desc = "there is a change that the set does not look for")
    @State
    public static class SignalBesideRound extends Set {

        private int seen;

        @Actor
        public void signal() {
            start.await();
            changes = 1;
            entry.signal();
            changes = 2;
            entry.signal();
        }

        @Actor
        public void select() {
            start.await();
            selection.enter();
            selection.round(_ -> {
                seen = changes;
                return true;
            });
            selection.exit();
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = hasEvent(selection) ? changes : seen;
            close();
        }
    }

    /// An entry notifies while the set takes another entry out of the list: neither is lost, so
    /// each can notify again.
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both notifications are noticed")
    @Outcome(expect = FORBIDDEN, desc = "one has dropped out of the list")
    @State
    public static class SignalBesideAnother extends Set {

        private final Idle second = new Idle();
        private final SetEntry another = second.join(selection);

        public SignalBesideAnother() {
            boolean _ = hasEvent(selection);
            another.signal();
        }

        @Actor
        public void signal() {
            start.await();
            entry.signal();
        }

        @Actor
        public void select() {
            start.await();
            boolean _ = hasEvent(selection);
        }

        @Arbiter
        public void look(II_Result result) {
            boolean _ = hasEvent(selection);
            entry.signal();
            result.r1 = hasEvent(selection) ? 1 : 0;
            another.signal();
            result.r2 = hasEvent(selection) ? 1 : 0;
            close();
            second.close();
        }
    }

    /// An entry notifies while its set checks its list, goes to sleep, or sleeps: the set wakes.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the set sees the change in time")
    @Outcome(expect = FORBIDDEN, desc = "the set sleeps on")
    @State
    public static class SignalBesideSleep extends Set {

        private int seen;

        @Actor
        public void signal() {
            start.await();
            changes = 1;
            entry.signal();
        }

        @Actor
        public void select(I_Result result) {
            start.await();
            result.r1 = Patience.uninterrupted(this::awaitEvent);
        }

        private int awaitEvent() throws InterruptedException {
            Deadline deadline = Deadline.after(Patience.LIMIT);
            selection.enter();
            while (seen == 0 && !deadline.isPast()) {
                boolean _ = selection.await(deadline);
                selection.round(_ -> {
                    seen = changes;
                    return false;
                });
            }
            selection.exit();
            return deadline.isPast() ? 0 : seen;
        }

        @Arbiter
        public void close(I_Result result) {
            close();
        }
    }

    /// A receiver leaves its set and is used alone while a round enters it for the set: one happens
    /// after the other, and the set does not enter it again.
    @JCStressTest
    @Outcome(id = {"1, 2", "0, 1"}, expect = ACCEPTABLE, desc = "the set was there before, or not")
    @Outcome(expect = FORBIDDEN, desc = "the set is inside beside another, or after it has left")
    @State
    public static class LeaveBesideRound extends Set {

        private int uses; // plain: written inside the receiver's guard

        @Actor
        public void select(II_Result result) {
            start.await();
            selection.enter();
            selection.round(member -> {
                if (inbox.enterSoon(member)) {
                    result.r1 = ++uses;
                    inbox.exit();
                }
                return true;
            });
            selection.exit();
        }

        @Actor
        public void leave(II_Result result) {
            start.await();
            selection.leave(entry);
            inbox.enter();
            result.r2 = ++uses;
            inbox.exit();
        }

        @Arbiter
        public void close(II_Result result) {
            close();
        }
    }

    /// A set is closed while a receiver joins it: the receiver is in no set afterwards, because the
    /// close or the join removes it.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the receiver is its own")
    @Outcome(expect = FORBIDDEN, desc = "the receiver belongs to a set that is closed")
    @State
    public static class JoinBesideClose {

        private final Start start = new Start();
        private final Selection selection = new Selection();
        private final Idle idle = new Idle();

        @Actor
        public void join() {
            start.await();
            try {
                selection.join(idle.inbox, _ -> {});
            } catch (LaneException _) {
                // closed already
            }
        }

        @Actor
        public void close() {
            start.await();
            selection.close();
        }

        @Arbiter
        public void look(I_Result result) {
            try {
                idle.inbox.enter();
                idle.inbox.exit();
                result.r1 = 1;
            } catch (IllegalStateException _) { // it has an owner
                result.r1 = 0;
            }
            idle.close();
        }
    }
}
