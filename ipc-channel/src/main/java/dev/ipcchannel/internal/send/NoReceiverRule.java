package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;

/// The rule for a message of a [Group] while there is no receiver, and the wait for one.
///
/// Used under the group's lock, which a wait leaves. After a wait the caller looks at the group
/// again, because another thread may have the turn by then, and the receiver may have left again. A
/// receiver joins and the group ends under that lock, followed by a wake-up of all, so no wait
/// misses it.
final class NoReceiverRule {

    private final Turn turn;
    private final Members members;
    private final Counters counters;
    private Runnable whenAlone = () -> {};

    NoReceiverRule(GroupState state) {
        this.turn = state.turn();
        this.members = state.members();
        this.counters = state.counters();
    }

    /// Runs `action`, on a thread of its own, for each wait that finds no receiver for a while.
    void whenAlone(Runnable action) {
        whenAlone = action;
    }

    /// Waits for a receiver, if that is the rule.
    ///
    /// @return false if there is none: the deadline came first, or the rule is not to wait
    boolean await(Unreceived rule, Deadline deadline) throws InterruptedException {
        if (rule != Unreceived.WAIT && rule != Unreceived.KEEP) {
            return false;
        }
        boolean isThere = isReceiverThere(deadline.earlier(Deadline.after(Deadline.LONG_WAIT)));
        if (!isThere && !deadline.isPast()) {
            Thread.ofVirtual().name("ipc-channel wait").start(whenAlone); // not under the lock
            isThere = isReceiverThere(deadline);
        }
        members.checkOpen();
        return isThere;
    }

    private boolean isReceiverThere(Deadline deadline) throws InterruptedException {
        return turn.await(() -> !members.isEmpty() || members.isEnded(), deadline, counters);
    }

    /// Whether a message for which [#await] has found no receiver is to be dropped. If not, its
    /// time is over.
    ///
    /// @throws LaneException if it is to be refused
    static boolean isToBeDropped(Unreceived rule) {
        if (rule == Unreceived.FAIL) {
            throw noReceiver();
        }
        return rule == Unreceived.DROP;
    }

    /// Handles a message that finds no receiver and does not wait.
    ///
    /// @throws LaneException if it is not to be dropped
    void dropOrRefuse(Unreceived rule) {
        if (rule != Unreceived.DROP) {
            throw noReceiver();
        }
        members.countDropped(1);
    }

    private static LaneException noReceiver() {
        return new LaneException(LaneException.Kind.NO_RECEIVER,
                "there is no receiver, and nothing was sent: open one, or wait for it");
    }
}
