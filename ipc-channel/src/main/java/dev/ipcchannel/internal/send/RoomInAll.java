package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The wait for room in all lanes of a [Group] at once.
///
/// Called under the group's lock with the turn free. It takes the turn, leaves the lock for each
/// wait in a lane and for the copies of a long message, and gives the turn back before it returns,
/// still under the lock: so nothing comes between a successful wait and the commit. During the wait
/// there are claims in the other lanes, which no other thread uses, because using a lane needs the
/// turn. Receivers join and leave meanwhile, and the wait goes on until each present receiver has
/// given room.
///
/// A lane is waited for without the group's lock. Elsewhere the lock of a lane's outbox is taken
/// inside the group's lock, never the other way round.
final class RoomInAll {

    // No event marks the end of a crowd.
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Turn turn;
    private final Members members;
    private final Claims claims;
    private final Counters counters;
    private volatile @Nullable GroupLane fullLane; // the lane waited for last, for people
    private Runnable whenDelayed = () -> {}; // under the lock
    private Deadline longWait = Deadline.NOW; // used for many waits, to allocate nothing

    RoomInAll(GroupState state) {
        this.turn = state.turn();
        this.members = state.members();
        this.claims = state.claims();
        this.counters = state.counters();
    }

    /// Forgets the lane of an earlier wait, which says nothing of the next one.
    void forgetFullLane() {
        if (fullLane != null) { // a load costs less than a store
            fullLane = null;
        }
    }

    /// Notes that a message waits for this lagging lane.
    void noteFullLane(GroupLane lane) {
        fullLane = lane;
    }

    /// The lane that was waited for last, for people; empty if that wait is over.
    String describe() {
        GroupLane full = fullLane;
        return full == null ? "" : ", waited for the one with" + full.way().describe();
    }

    /// The receiver whose room a message waits for, or did not find just now; null if that is over.
    /// Called under the lock.
    @Nullable
    Share fullReceiver() {
        GroupLane full = fullLane == null ? claims.full() : fullLane;
        return full == null ? null : full.way();
    }

    /// Runs `action`, on a thread of its own, for each wait that takes a while.
    void whenDelayed(Runnable action) {
        whenDelayed = action;
    }

    /// When a wait that begins now is long enough to be reported. Called under the lock.
    Deadline longWait() {
        if (longWait.remainingNanos() < Deadline.LONG_WAIT.toNanos()) {
            longWait = Deadline.after(Deadline.LONG_WAIT.plusSeconds(1)); // exact to a second
        }
        return longWait;
    }

    /// Waits until each lane has given room.
    ///
    /// @return false if the deadline came first; then nothing is claimed
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

    /// Waits until each lane has given room, then copies the message and sends its descriptors:
    /// everything but the commit.
    ///
    /// @return false if the deadline came first; then nothing is claimed
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

    /// Waits until each lane has given room, and copies the message to all lanes.
    ///
    /// @return false if the deadline came first
    private boolean awaitCopies(OutgoingMessage message, Deadline deadline)
            throws InterruptedException {
        int length = message.length();
        int descriptors = message.descriptors().size();
        boolean _ = claims.mayClaim(length, descriptors); // each releases the files that were read
        while (awaitClaims(length, descriptors, deadline)) {
            if (claims.areFilled()) { // also the lanes that have joined during a copy
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
        turn.exit(); // the turn keeps all other threads off the claims
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

    /// Waits a moment for other processes to receive what is in flight to them. All claims are
    /// kept, and all packets that were sent remain sent.
    private void awaitOthers(LaneException crowded, Deadline deadline)
            throws InterruptedException {
        crowded.throwUnlessCrowd();
        if (deadline.isPast()) {
            throw crowded;
        }
        Deadline pause = deadline.earlier(Deadline.after(PAUSE));
        boolean _ = turn.await(members::isEnded, pause, counters);
        members.checkOpen();
    }

    /// Waits until each lane has given room, also those that join meanwhile. Called with the turn.
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

    /// Waits for room in one lane, or for its end.
    private boolean awaitClaim(GroupLane lane, int length, int descriptors, Deadline deadline)
            throws InterruptedException {
        fullLane = lane;
        LaneException over = null;
        boolean isThere = true;
        Runnable action = whenDelayed;
        Deadline first = deadline.earlier(longWait());
        claims.add(lane);
        turn.exit(); // the turn keeps all other threads off the claims
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
            members.checkOpen(); // first: the lane may have ended with the group
            members.dropIfOver(lane, over);
        }
        return isThere;
    }
}
