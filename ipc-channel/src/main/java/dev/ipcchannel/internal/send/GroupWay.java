package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The way of a message to the receivers of a [Group]. Each verb takes the group's lock here; the
/// steps inside the lock are classes of their own.
///
/// A thread that waits for room in some lane, or writes a message in place, has the turn, as in an
/// outbox. All other threads only take the lock for a moment.
final class GroupWay implements Outgoing {

    private final Group group;
    private final Unreceived unreceived;
    private final Turn turn;
    private final Members members;
    private final Claims claims; // this and the next seven are used under the lock
    private final TurnWait turnWait;
    private final RoomInAll room;
    private final UserClaim userClaim;
    private final NoReceiverRule noReceiver;
    private final Backlogs backlogs;
    private final Numbering numbering;
    private final SlowRule slowRule;

    /// @param unreceived the rule for a message without a receiver
    GroupWay(Group group, Unreceived unreceived) {
        this.group = group;
        this.unreceived = unreceived;
        this.turn = group.state.turn();
        this.members = group.state.members();
        this.claims = group.state.claims();
        this.turnWait = group.turnWait;
        this.room = group.room;
        this.userClaim = group.userClaim;
        this.noReceiver = group.noReceiver;
        this.backlogs = group.backlogs;
        this.numbering = group.numbering;
        this.slowRule = group.slowRule;
    }

    @Override
    public LaneSettings settings() {
        return group.settings();
    }

    @Override
    public int maxMessage() {
        int longest = settings().maxMessage();
        for (GroupLane lane : members.lanes()) {
            longest = Math.min(longest, lane.way().maxMessage());
        }
        return longest;
    }

    @Override
    public @Nullable Peer limiting() {
        int longest = settings().maxMessage();
        Peer limiting = null;
        for (GroupLane lane : members.lanes()) {
            if (lane.way().maxMessage() < longest) {
                longest = lane.way().maxMessage();
                limiting = lane.way().reader();
            }
        }
        return limiting;
    }

    @Override
    public Counters counters() {
        return group.counters();
    }

    @Override
    public Offer trySend(OutgoingMessage message) {
        turn.enter();
        try {
            if (!turnWait.isFree()) {
                return Offer.FULL;
            }
            room.forgetFullLane();
            numbering.write(message);
            return slowRule.offer(message);
        } finally {
            turn.exit();
        }
    }

    @Override
    public boolean send(OutgoingMessage message, Deadline deadline) throws InterruptedException {
        turn.enter();
        try {
            while (turnWait.isFreeBy(deadline)) {
                room.forgetFullLane();
                numbering.write(message);
                if (members.isEmpty()) {
                    if (isKept(message)) {
                        return true;
                    }
                    if (!noReceiver.await(unreceived, deadline)) {
                        return isDropped();
                    }
                } else if (slowRule.isSent(message)) {
                    return true;
                } else if (members.lagging() != null) {
                    if (!isNoneLaggingBy(deadline)) {
                        return false;
                    }
                } else if (!members.isEmpty()) {
                    if (!room.prepare(message, deadline)) {
                        return false;
                    }
                    if (claims.commit(message.length())) {
                        numbering.use();
                        return true;
                    }
                }
            }
            return false;
        } finally {
            turn.exit();
        }
    }

    private boolean isNoneLaggingBy(Deadline deadline) throws InterruptedException {
        GroupLane lagging = members.lagging();
        if (lagging != null) {
            room.noteFullLane(lagging);
        }
        return backlogs.awaitNoneLagging(deadline);
    }

    private boolean isKept(OutgoingMessage message) {
        boolean isKept = unreceived == Unreceived.KEEP
                && backlogs.keepPending(message);
        if (isKept) {
            numbering.use();
        }
        return isKept;
    }

    private boolean isDropped() {
        boolean isSo = NoReceiverRule.isToBeDropped(unreceived);
        if (isSo) {
            noReceiver.dropOrRefuse(unreceived);
        }
        return isSo;
    }

    @Override
    public long tryClaim(int length) {
        checkInPlace();
        turn.enter();
        try {
            return turnWait.isFree() && !members.isEmpty() && claims.tryAll(length, 0)
                    && !claims.isEmpty()
                            ? userClaim.open(length)
                            : RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    /// A message that is going to be dropped is written as well: a receiver may join before the
    /// commit.
    @Override
    public long claim(int length, Deadline deadline) throws InterruptedException {
        checkInPlace();
        turn.enter();
        try {
            while (turnWait.isFreeBy(deadline)) {
                if (members.isEmpty()) {
                    if (!noReceiver.await(unreceived, deadline)) {
                        return NoReceiverRule.isToBeDropped(unreceived) ? userClaim.open(length)
                                : RingWriter.FULL;
                    }
                } else if (!claims.tryAll(length, 0) && !room.claim(length, deadline)) {
                    return RingWriter.FULL;
                } else if (!claims.isEmpty()) {
                    return userClaim.open(length);
                }
            }
            return RingWriter.FULL;
        } finally {
            turn.exit();
        }
    }

    private void checkInPlace() {
        if (numbering.isOn()) {
            throw new UnsupportedOperationException(
                    "a message with a number is not written in place: " + group);
        }
    }

    @Override
    public MemorySegment view() {
        userClaim.checkHere();
        return userClaim.view();
    }

    @Override
    public void commit() {
        userClaim.checkHere();
        turn.enter();
        try {
            if (!userClaim.commit()) {
                noReceiver.dropOrRefuse(unreceived);
            }
        } finally {
            userClaim.end();
            turn.exit();
        }
    }

    @Override
    public void abort() {
        turn.enter();
        try {
            userClaim.end();
        } finally {
            turn.exit();
        }
    }

    @Override
    public long claimNumber() {
        return userClaim.number();
    }

    @Override
    public boolean isClaimedHere() {
        return userClaim.isHere();
    }

    @Override
    public String describe() {
        return ", receivers=%d%s".formatted(group.receivers(), room.describe());
    }

    @Override
    public boolean isEnded() {
        return members.isEnded();
    }

    @Override
    public void checkOpen() {
        members.checkOpen();
    }

    /// Ends the group. A claim that another thread has open can still be committed.
    @Override
    public void end(String reason) {
        group.end(reason, false);
    }

    @Override
    public void endForgotten(String reason) {
        group.end(reason, true);
    }

    @Override
    public String toString() {
        return "GroupWay[" + group + "]";
    }
}
