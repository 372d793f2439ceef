package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Outgoing.Offer;
import dev.ipcchannel.internal.lane.Tally;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.wait.Turn;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The messages of a [Group] that wait on its side: those that have no receiver yet, and those of
/// each lane that has fallen behind, which a thread of its own brings there as room comes.
///
/// While a lane is behind, that thread alone sends there, and what else goes there waits behind it:
/// so the order holds. It sends under the group's lock with the turn free, as a send does, since all
/// lanes may have the same files; what is long it sends without the lock, with the turn. It leaves
/// both for each wait for room, and claims nothing while it waits. A thread that has the turn claims in lanes that are not behind only, and none
/// falls behind meanwhile: so neither waits for the other. That thread ends when its lane is no more
/// behind, has left, or ends with the group; then it wakes all that wait for that.
@SuppressWarnings("ReferenceEquality") // messages are meant by identity
final class Backlogs {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20); // nobody tells when it is over

    private final Turn turn;
    private final Members members;
    private final Tally tally;
    private final Backlog pending = new Backlog(Backlog.MAX_PENDING);

    Backlogs(Turn turn, Members members, Tally tally) {
        this.turn = turn;
        this.members = members;
        this.tally = tally;
    }

    /// Whether no message waits here.
    boolean isEmpty() {
        return pending.isEmpty() && members.behind() == null;
    }

    /// Keeps a message for the first receiver that comes, if there is room for it.
    boolean keepPending(byte[] payload, int length, List<Descriptor> descriptors) {
        if (!pending.hasRoom(length)) {
            return false;
        }
        pending.add(KeptMessage.copyOf(payload, length, descriptors));
        return true;
    }

    /// A receiver has come, whose lane gets what has waited for one.
    void handPendingTo(GroupLane lane) {
        if (pending.isEmpty()) {
            return;
        }
        lane.backlog().takeAll(pending);
        try {
            if (turn.isFree()) {
                boolean _ = isOut(lane, false); // at once: who opens a receiver finds it there
            }
        } catch (LaneException | PosixException _) {
            // The thread finds the same, and tries again.
        }
        drain(lane);
    }

    /// Has what waits for a lane sent there.
    void drain(GroupLane lane) {
        if (lane.isBehind() && lane.beginDrain()) {
            boolean isStarted = false;
            try {
                Thread _ = Thread.ofVirtual().name("ipc-channel backlog")
                        .start(() -> drainToEnd(lane));
                isStarted = true;
            } finally {
                if (!isStarted) {
                    lane.endDrain(); // the next message for it tries again
                }
            }
        }
    }

    private void drainToEnd(GroupLane lane) {
        turn.enter();
        try {
            while (lane.isBehind()) {
                boolean _ = turn.awaitFree(() -> !lane.isBehind(), Deadline.NEVER, tally);
                drainOnce(lane);
            }
        } catch (InterruptedException impossible) { // nobody has this thread
            throw new AssertionError(impossible);
        } finally {
            lane.endDrain();
            turn.wakeAll();
            turn.exit();
        }
    }

    /// Sends what there is room for, and waits for more, without the lock.
    private void drainOnce(GroupLane lane) throws InterruptedException {
        boolean isBlocked = false;
        try {
            if (isOut(lane, true)) {
                return;
            }
        } catch (LaneException | PosixException _) { // something has run out
            isBlocked = true;
        }
        KeptMessage next = lane.backlog().first();
        if (next == null) {
            return;
        }
        int length = next.length();
        int descriptors = next.descriptors().size();
        LaneException over = null;
        turn.exit();
        try {
            if (isBlocked) {
                Pause.of(PAUSE);
            } else {
                boolean _ = lane.way().awaitRoom(length, descriptors, Deadline.NEVER);
            }
        } catch (LaneException failure) {
            over = failure;
        } finally {
            turn.enter();
        }
        if (over != null && !lane.hasLeft()) {
            dropIfOver(lane, over);
        }
    }

    private void dropIfOver(GroupLane lane, LaneException over) {
        try {
            members.dropIfOver(lane, over);
        } catch (LaneException _) {
            // Something has run out: the next try says whether it still has.
        }
    }

    /// Sends what waits for a lane, with the turn free.
    ///
    /// @param isPatient whether also what is long
    /// @return false if there is no room for the next one
    /// @throws LaneException if something has run out that other ends may give back
    private boolean isOut(GroupLane lane, boolean isPatient) {
        try {
            for (KeptMessage next = lane.backlog().first(); next != null;
                    next = lane.backlog().first()) {
                if (next.length() > lane.way().maxMessage()) {
                    members.countDropped(lane, 1); // queued before it was known who comes
                } else if (Claims.isLong(next.length()) ? !isPatient || !isLongSent(lane, next)
                        : !isSent(lane, next)) {
                    return false;
                }
                if (lane.backlog().first() == next) { // else the lane has left meanwhile
                    lane.backlog().removeFirst();
                }
            }
        } catch (LaneException failure) {
            members.dropIfOver(lane, failure);
        }
        return true;
    }

    private static boolean isSent(GroupLane lane, KeptMessage message) {
        return lane.way().trySend(message.payload(), message.length(),
                message.descriptors()) == Offer.SENT;
    }

    /// With the turn: nobody else sends, or drops what is oldest, but the lane may leave.
    private boolean isLongSent(GroupLane lane, KeptMessage message) {
        message.hold(); // what goes along stays open
        turn.take();
        turn.exit();
        try {
            return isSent(lane, message);
        } finally {
            turn.enter();
            turn.end();
            message.letGo();
        }
    }

    /// Waits until no message waits here, or the group has ended.
    ///
    /// @return false if the deadline came first
    boolean awaitEmpty(Deadline deadline) throws InterruptedException {
        return turn.await(() -> members.isOver() || isEmpty(), deadline, tally);
    }

    /// Waits until no lane is behind, or the group takes no more messages.
    ///
    /// @return false if the deadline came first
    boolean awaitNoneBehind(Deadline deadline) throws InterruptedException {
        return turn.await(() -> members.isEnded() || members.behind() == null, deadline, tally);
    }

    /// Drops all that waits here, as the group ends.
    ///
    /// @param lanes those that were its members
    /// @return how many messages had no receiver
    int discard(List<GroupLane> lanes) {
        for (GroupLane lane : lanes) {
            members.countDropped(lane, lane.backlog().discard());
        }
        return pending.discard();
    }
}
