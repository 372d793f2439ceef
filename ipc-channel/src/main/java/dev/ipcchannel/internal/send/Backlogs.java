package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The messages of a [Group] that wait on its side: those without a receiver, and the backlog of
/// each lagging lane, which a thread of its own sends as room comes.
///
/// While a lane lags, only that thread sends in it, and each later message joins the end of the
/// backlog: so the order is kept. The thread sends under the group's lock with the turn free, as a
/// send does, since all lanes may share files; it copies long messages without the lock, with the
/// turn. It leaves both for each wait for room, and claims nothing while it waits. A thread that
/// has the turn claims only in lanes that do not lag, and no lane begins to lag meanwhile: so
/// neither thread waits for the other. The backlog's thread ends when its lane no longer lags, has
/// left, or ends with the group; then it wakes all threads that wait for this.
@SuppressWarnings("ReferenceEquality") // messages are meant by identity
final class Backlogs {

    // No event marks the end of a shortage.
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Turn turn;
    private final Members members;
    private final Counters counters;
    private Backlog pending = new Backlog(Backlog.MAX_PENDING);

    Backlogs(GroupState state) {
        this.turn = state.turn();
        this.members = state.members();
        this.counters = state.counters();
    }

    /// Whether no message waits here.
    boolean isEmpty() {
        return pending.isEmpty() && members.lagging() == null;
    }

    /// Keeps a message for the first receiver that comes, if there is room for it.
    boolean keepPending(OutgoingMessage message) {
        if (!pending.hasRoom(message.length())) {
            return false;
        }
        pending.add(KeptMessage.copyOf(message));
        return true;
    }

    /// Adds a receiver, whose lane gets the messages that have waited for a receiver.
    ///
    /// @param maxWaiting how many messages may wait for it later
    /// @return false if the group is over
    boolean join(Share receiver, int maxWaiting) {
        Backlog next = new Backlog(Backlog.MAX_PENDING);
        GroupLane lane = new GroupLane(receiver, pending);
        if (!members.add(lane)) {
            return false;
        }
        // From here on nothing fails: the receiver is added, and the caller is notified of that.
        pending.bound(maxWaiting);
        pending = next;
        if (lane.isLagging()) {
            sendAtOnce(lane);
            drain(lane);
        }
        return true;
    }

    /// Sends short messages at once, so that a receiver finds them right after its open.
    private void sendAtOnce(GroupLane lane) {
        if (!turn.isFree()) {
            return;
        }
        try {
            boolean _ = isOut(lane, false);
        } catch (LaneException | PosixException | OutOfMemoryError _) {
            // The backlog's thread meets the same failure, and tries again.
        }
    }

    /// Starts the thread that sends the backlog of a lane, if it is needed.
    void drain(GroupLane lane) {
        if (!lane.isLagging() || !lane.beginDrain()) {
            return;
        }
        boolean isStarted = false;
        try {
            Thread _ = Thread.ofVirtual().name("ipc-channel backlog")
                    .start(() -> drainToEnd(lane));
            isStarted = true;
        } catch (OutOfMemoryError _) {
            // The next message tries again.
        } finally {
            if (!isStarted) {
                lane.endDrain();
            }
        }
    }

    private void drainToEnd(GroupLane lane) {
        turn.enter();
        try {
            while (lane.isLagging()) {
                drainOnce(lane);
            }
        } catch (InterruptedException impossible) { // no code interrupts this thread
            throw new AssertionError(impossible);
        } finally {
            lane.endDrain();
            turn.wakeAll();
            turn.exit();
        }
    }

    /// Sends the messages that there is room for, then waits for more room, or for a resource.
    private void drainOnce(GroupLane lane) throws InterruptedException {
        boolean isOut = false;
        boolean isBlocked = false;
        try {
            boolean _ = turn.awaitFree(() -> !lane.isLagging(), Deadline.NEVER, counters);
            isOut = isOut(lane, true);
        } catch (LaneException | PosixException | OutOfMemoryError _) {
            isBlocked = true;
        }
        KeptMessage next = lane.backlog().first();
        if (!isOut && next != null) {
            awaitRoom(lane, next, isBlocked);
        }
    }

    /// Waits without the lock.
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
            // A resource has run out; the next try finds out whether it still lacks.
        }
    }

    /// Sends the backlog of a lane. Called with the turn free.
    ///
    /// @param isPatient whether long messages are sent too
    /// @return false if there is no room for the next message
    /// @throws LaneException if a resource has run out that other ends may give back
    private boolean isOut(GroupLane lane, boolean isPatient) {
        try {
            for (KeptMessage next = lane.backlog().first(); next != null;
                    next = lane.backlog().first()) {
                if (next.length() > lane.way().maxMessage()) {
                    // Queued before the receiver, and so its limit, was known.
                    members.countDropped(lane, 1);
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

    /// Sends the first message of a lane's backlog. A committed message leaves the backlog,
    /// whatever fails after the commit: a second try would send it twice.
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

    /// While this thread has the turn, no other thread sends, or drops the oldest message.
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

    /// The number of messages kept for the first receiver, and its bound, as the middle of a
    /// sentence; empty if none is kept.
    String shownPending() {
        return pending.isEmpty() ? ""
                : ", kept=%d (at most %d messages, and %d MiB)".formatted(pending.size(),
                        Backlog.MAX_PENDING, Backlog.MAX_BYTES >> 20);
    }

    /// The number of messages that wait here, each counted once for each receiver that is to get
    /// it.
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
        return turn.await(() -> members.isOver() || isEmpty(), deadline, counters);
    }

    /// Waits until no lane lags, or the group takes no more messages.
    ///
    /// @return false if the deadline came first
    boolean awaitNoneLagging(Deadline deadline) throws InterruptedException {
        for (GroupLane lane : members.lanes()) {
            drain(lane); // if it has no thread yet
        }
        return turn.await(() -> members.isEnded() || members.lagging() == null, deadline, counters);
    }

    /// Drops all messages that wait here, because the group ends.
    ///
    /// @param lanes those that were its members
    /// @return the number of these messages, each counted once for each receiver that does not get
    /// it
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
