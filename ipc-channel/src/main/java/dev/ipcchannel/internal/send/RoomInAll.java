package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The wait for room in all lanes of a [Group] at once.
///
/// Called under the group's lock with the turn free; it takes the turn, leaves the lock for each
/// wait in a lane and for the copies of a long message, and gives the turn back before it returns,
/// still under the lock: so from a wait that went well to the commit, nothing comes between. While
/// it waits it holds its claims in the other lanes, which nothing else uses, since others need the
/// turn for that; receivers join and leave meanwhile, and the wait goes on until each that is there
/// has given room.
///
/// A lane is waited for without the group's lock, and its own outbox's lock is taken inside of
/// that one elsewhere: never the other way round.
final class RoomInAll {

    // Nothing notifies of the end of a crowd.
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Turn turn;
    private final Members members;
    private final Claims claims;
    private final Tally tally;
    private volatile @Nullable GroupLane fullLane; // waited for last, for people
    private Runnable whenHeldUp = () -> {}; // under the lock
    private Deadline longWait = Deadline.NOW; // used for many waits: they ask the heap for nothing

    RoomInAll(GroupState state) {
        this.turn = state.turn();
        this.members = state.members();
        this.claims = state.claims();
        this.tally = state.tally();
    }

    /// What an earlier wait was for says nothing of this one.
    void forgetFullLane() {
        if (fullLane != null) { // a look costs less than a store
            fullLane = null;
        }
    }

    /// A message waits for this lane, which has older ones to get first.
    void noteFullLane(GroupLane lane) {
        fullLane = lane;
    }

    /// The lane that was waited for last, for people; empty if that wait is over.
    String describe() {
        GroupLane full = fullLane;
        return full == null ? "" : ", waited for the one with" + full.way().describe();
    }

    /// The receiver whose room a message waits for, or has just not found; null if that is over.
    /// Under the lock.
    @Nullable
    Share fullReceiver() {
        GroupLane full = fullLane == null ? claims.full() : fullLane;
        return full == null ? null : full.way();
    }

    /// Has `action` run, on a thread of its own, for each wait that takes a while.
    void whenHeldUp(Runnable action) {
        whenHeldUp = action;
    }

    /// When a wait that begins now is worth a word. Under the lock.
    Deadline longWait() {
        if (longWait.remainingNanos() < Deadline.LONG_WAIT.toNanos()) {
            longWait = Deadline.after(Deadline.LONG_WAIT.plusSeconds(1)); // within a second
        }
        return longWait;
    }

    /// Waits until each lane has given room.
    ///
    /// @return false if the deadline came first; nothing is claimed then
    boolean claim(int length, Deadline deadline) throws InterruptedException {
        turn.take();
        boolean isClaimed = false;
        try {
            isClaimed = awaitClaims(length, 0, deadline);
            return isClaimed;
        } finally {
            endWait(isClaimed);
        }
    }

    /// Waits until each lane has given room and has taken what goes along: all but the commit.
    ///
    /// @return false if the deadline came first; nothing is claimed then
    boolean prepare(OutgoingMessage message, Deadline deadline) throws InterruptedException {
        turn.take();
        boolean isReady = false;
        try {
            while (true) {
                try {
                    if (!awaitCopies(message, deadline)) {
                        return false;
                    }
                    claims.sendParts(message.descriptors());
                    isReady = true;
                    return true;
                } catch (LaneException crowded) {
                    awaitOthers(crowded, deadline);
                }
            }
        } finally {
            endWait(isReady);
        }
    }

    /// Waits until each lane has given room, and copies the message to all.
    ///
    /// @return false if the deadline came first
    private boolean awaitCopies(OutgoingMessage message, Deadline deadline)
            throws InterruptedException {
        int length = message.length();
        int descriptors = message.descriptors().size();
        boolean _ = claims.mayClaim(length, descriptors); // all let go of what was read
        while (awaitClaims(length, descriptors, deadline)) {
            if (claims.areFilled()) { // also those that have joined during a copy
                return true;
            }
            copyIn(message);
        }
        return false;
    }

    private void copyIn(OutgoingMessage message) {
        if (!Claims.isLong(message.length())) {
            claims.copyIn(message);
            return;
        }
        turn.exit(); // having the turn keeps all others off the claims
        try {
            claims.copyIn(message);
        } finally {
            turn.enter();
        }
        members.checkOpen();
    }

    private void endWait(boolean isWell) {
        try {
            if (isWell) {
                fullLane = null;
            } else {
                claims.abort();
            }
        } finally {
            turn.end();
        }
    }

    /// Waits a moment for other processes to receive what is on its way to them: what is claimed
    /// stays claimed, and what was sent stays sent.
    private void awaitOthers(LaneException crowded, Deadline deadline)
            throws InterruptedException {
        crowded.throwUnlessCrowd();
        if (deadline.isPast()) {
            throw crowded;
        }
        Deadline pause = deadline.earlier(Deadline.after(PAUSE));
        boolean _ = turn.await(members::isEnded, pause, tally);
        members.checkOpen();
    }

    /// Waits until each lane has given room, also those that have joined meanwhile. In turn.
    ///
    /// @return false if the deadline came first
    private boolean awaitClaims(int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        do {
            for (GroupLane lane : members.lanes()) {
                if (!claims.has(lane) && !awaitClaim(lane, length, descriptors, deadline)) {
                    return false;
                }
                members.checkOpen();
            }
        } while (!claims.areAll());
        claims.abortLeft();
        return true;
    }

    /// Waits for room in one lane, or its end.
    private boolean awaitClaim(GroupLane lane, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        fullLane = lane;
        LaneException over = null;
        boolean isThere = true;
        Runnable action = whenHeldUp;
        Deadline first = deadline.earlier(longWait());
        claims.add(lane);
        turn.exit(); // having the turn keeps all others off the claims
        try {
            isThere = lane.claim(length, descriptors, first);
            if (!isThere && !deadline.isPast()) {
                Thread.ofVirtual().name("ipc-channel wait").start(action);
                isThere = lane.claim(length, descriptors, deadline);
            }
        } catch (LaneException failure) {
            over = failure;
        } finally {
            turn.enter();
        }
        if (!lane.isClaimed()) {
            claims.remove(lane);
        }
        if (over != null) {
            members.checkOpen(); // first: its end may be that of all
            members.dropIfOver(lane, over);
        }
        return isThere;
    }
}
