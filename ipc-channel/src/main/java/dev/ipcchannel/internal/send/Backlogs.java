package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The messages of a [Group] that wait on its side: those that have no receiver yet, and those of
/// each lane that has fallen behind, which a thread of its own brings there as room comes.
///
/// While a lane is behind, that thread alone sends there, and what else goes there waits behind it:
/// so the order holds. It sends under the group's lock with the turn free, as a send does, since
/// all lanes may have the same files; what is long it copies without the lock, with the turn. It
/// leaves both for each wait for room, and claims nothing while it waits. A thread that has the
/// turn claims in lanes that are not behind only, and none falls behind meanwhile: so neither waits
/// for the other. That thread ends when its lane is no more behind, has left, or ends with the
/// group; then it wakes all that wait for that.
@SuppressWarnings("ReferenceEquality") // messages are meant by identity
final class Backlogs {

    // Nobody notifies of the end of a shortage.
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Turn turn;
    private final Members members;
    private final Tally tally;
    private Backlog pending = new Backlog(Backlog.MAX_PENDING);

    Backlogs(GroupState state) {
        this.turn = state.turn();
        this.members = state.members();
        this.tally = state.tally();
    }

    /// Whether no message waits here.
    boolean isEmpty() {
        return pending.isEmpty() && members.behind() == null;
    }

    /// Keeps a message for the first receiver that comes, if there is room for it.
    boolean keepPending(OutgoingMessage message) {
        if (!pending.hasRoom(message.length())) {
            return false;
        }
        pending.add(KeptMessage.copyOf(message));
        return true;
    }

    /// A receiver comes, whose lane gets what has waited for one.
    ///
    /// @param maxBehind how many messages may wait for it later
    /// @return false if the group is over
    boolean join(Share receiver, int maxBehind) {
        Backlog next = new Backlog(Backlog.MAX_PENDING);
        GroupLane lane = new GroupLane(receiver, pending);
        if (!members.add(lane)) {
            return false;
        }
        pending.bound(maxBehind); // from here on nothing fails: it is in, and it is said so
        pending = next;
        if (lane.isBehind()) {
            sendAtOnce(lane);
            drain(lane);
        }
        return true;
    }

    /// Who opens a receiver finds there what is short.
    private void sendAtOnce(GroupLane lane) {
        if (!turn.isFree()) {
            return;
        }
        try {
            boolean _ = isOut(lane, false);
        } catch (LaneException | PosixException | OutOfMemoryError _) {
            // The thread finds the same, and tries again.
        }
    }

    /// Has what waits for a lane sent there.
    void drain(GroupLane lane) {
        if (!lane.isBehind() || !lane.beginDrain()) {
            return;
        }
        boolean isStarted = false;
        try {
            Thread _ = Thread.ofVirtual().name("ipc-channel backlog")
                    .start(() -> drainToEnd(lane));
            isStarted = true;
        } catch (OutOfMemoryError _) {
            // What is sent next tries again.
        } finally {
            if (!isStarted) {
                lane.endDrain();
            }
        }
    }

    private void drainToEnd(GroupLane lane) {
        turn.enter();
        try {
            while (lane.isBehind()) {
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

    /// Sends what there is room for, and waits for more, or for something that has run out.
    private void drainOnce(GroupLane lane) throws InterruptedException {
        boolean isOut = false;
        boolean isBlocked = false;
        try {
            boolean _ = turn.awaitFree(() -> !lane.isBehind(), Deadline.NEVER, tally);
            isOut = isOut(lane, true);
        } catch (LaneException | PosixException | OutOfMemoryError _) {
            isBlocked = true;
        }
        KeptMessage next = lane.backlog().first();
        if (!isOut && next != null) {
            awaitRoom(lane, next, isBlocked);
        }
    }

    /// Without the lock.
    private void awaitRoom(GroupLane lane, KeptMessage next, boolean isBlocked)
            throws InterruptedException {
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
        } catch (OutOfMemoryError _) {
            Pause.of(PAUSE);
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
                    lane.backlog().removeFirst();
                } else if (!isPatient && Claims.isLong(next.length())) {
                    return false;
                } else if (!isSent(lane, next)) {
                    return false;
                }
            }
        } catch (LaneException failure) {
            members.dropIfOver(lane, failure);
        }
        return true;
    }

    /// Sends the first message that waits for a lane. Once it is committed it waits no more,
    /// whatever fails after that: a second try would be a second message.
    ///
    /// @return false if there is no room for it
    private boolean isSent(GroupLane lane, KeptMessage message) {
        try {
            if (!lane.tryClaim(message.length(), message.descriptors().size())) {
                return false;
            }
            copyIn(lane, message);
            if (lane.backlog().first() != message) {
                return true; // the lane has left meanwhile, or the group has ended
            }
            lane.sendParts(message.descriptors());
            commit(lane);
            return true;
        } finally {
            lane.abort();
        }
    }

    private static void commit(GroupLane lane) {
        boolean isOver = false;
        try {
            lane.commit();
        } catch (LaneException failure) {
            isOver = true;
            throw failure;
        } finally {
            if (!isOver && !lane.isClaimed()) {
                lane.backlog().removeFirst();
            }
        }
    }

    /// With the turn, nobody else sends, or drops what is oldest.
    private void copyIn(GroupLane lane, KeptMessage message) {
        if (!Claims.isLong(message.length())) {
            lane.copyIn(message.outgoing(), lane.room());
            return;
        }
        turn.take();
        turn.exit();
        try {
            lane.copyIn(message.outgoing(), lane.room());
        } finally {
            turn.enter();
            turn.end();
        }
    }

    /// What is kept for the first receiver and how much may be, as a part of a sentence; empty if
    /// nothing is.
    String shownPending() {
        return pending.isEmpty() ? ""
                : ", kept=%d (at most %d messages, and %d MiB)".formatted(pending.size(),
                        Backlog.MAX_PENDING, Backlog.MAX_BYTES >> 20);
    }

    /// How many messages wait here, each counted for each receiver that is to get it.
    int size() {
        int count = pending.size();
        for (GroupLane lane : members.lanes()) {
            count += lane.backlog().size();
        }
        return count;
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
        for (GroupLane lane : members.lanes()) {
            drain(lane); // which had no thread
        }
        return turn.await(() -> members.isEnded() || members.behind() == null, deadline, tally);
    }

    /// Drops all that waits here, as the group ends.
    ///
    /// @param lanes those that were its members
    /// @return how many messages there were, each counted for each receiver that has not got it
    int discard(List<GroupLane> lanes) {
        int unsent = pending.discard();
        members.countDropped(unsent);
        for (GroupLane lane : lanes) {
            int ofOne = lane.backlog().discard();
            members.countDropped(lane, ofOne);
            unsent += ofOne;
        }
        return unsent;
    }
}
