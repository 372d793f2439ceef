package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Outgoing.Offer;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.send.Group.Slow;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The send of a message of a [Group] that does not wait for receivers without room. If the rule is
/// to wait, it is a [PlainSend]: all receivers get the message, or none. With other rules, the
/// receivers with room get it, and the rule decides about the others.
///
/// Used under the group's lock with the turn free. It leaves the lock only for the copies of a long
/// message, with the turn. From there to the last commit nothing comes between, and the message has
/// its number whichever receivers get it. Everything that can fail for lack of a resource comes
/// before the first commit: then no receiver has the message.
final class SlowRule {

    private final Slow rule;
    private final Members members;
    private final Claims claims;
    private final Backlogs backlogs;
    private final Numbering numbering;
    private final Counters counters;
    private final PlainSend plainSend;
    private final Turn turn;
    private final RoomInAll room;
    // Without room for the message that is being sent.
    private final List<GroupLane> without = new ArrayList<>();
    // The copy of the message for the receivers that get it later.
    private @Nullable KeptMessage kept;

    SlowRule(Slow rule, GroupState state, RoomInAll room, Backlogs backlogs,
            Numbering numbering) {
        this.rule = rule;
        this.turn = state.turn();
        this.members = state.members();
        this.claims = state.claims();
        this.counters = state.counters();
        this.room = room;
        this.backlogs = backlogs;
        this.numbering = numbering;
        this.plainSend = new PlainSend(members, claims, counters);
    }

    /// Sends a message.
    ///
    /// @return FULL only if it has to wait for room
    /// @throws LaneException if a receiver has not got it, and the rule is to fail
    Offer offer(OutgoingMessage message) {
        if (rule != Slow.WAIT) {
            return offerToEach(message);
        }
        Offer offer = Claims.isLong(message.length()) ? offerLong(message)
                : plainSend.offer(message);
        if (offer == Offer.SENT) {
            numbering.use();
        }
        return offer;
    }

    /// Tries to send a long message, whose copies are made without the lock, to all receivers.
    private Offer offerLong(OutgoingMessage message) {
        room.forgetFullLane();
        if (!claims.mayClaim(message.length(), message.descriptors().size())) {
            return Offer.FULL;
        }
        try {
            if (!room.prepare(message, Deadline.NOW)) {
                return Offer.FULL;
            }
        } catch (InterruptedException impossible) { // nothing waits
            throw new AssertionError(impossible);
        }
        return claims.commit(message.length()) ? Offer.SENT : Offer.NO_RECEIVER;
    }

    /// Sends a message that may wait for room later.
    ///
    /// @return false if there is no receiver, or if it has to wait for room
    boolean isSent(OutgoingMessage message) {
        if (rule != Slow.WAIT) {
            return offerToEach(message) == Offer.SENT;
        }
        boolean isSent = !Claims.isLong(message.length()) && plainSend.isSent(message);
        if (isSent) {
            numbering.use();
        }
        return isSent;
    }

    private Offer offerToEach(OutgoingMessage message) {
        boolean isReady = false;
        try {
            prepare(message);
            noteWithout();
            isReady = true;
            boolean isSent = claims.commit(message.length()); // counts it
            if (!isSent && without.isEmpty()) {
                return Offer.NO_RECEIVER;
            }
            numbering.use();
            int refused = judge(message.length());
            if (!isSent && refused < without.size()) {
                boolean _ = counters.message(message.length());
            }
            if (refused > 0 && rule == Slow.FAIL) {
                throw notToAll(refused);
            }
            return Offer.SENT;
        } finally {
            end(isReady);
        }
    }

    /// Does everything but the commit, for all receivers present by then.
    private void prepare(OutgoingMessage message) {
        do {
            claims.tryEach(message.length(), message.descriptors().size());
            copy(message);
        } while (!claims.areAllAsked()); // a receiver may have joined during the copies
        claims.abortLeft();
        claims.sendParts(message.descriptors());
    }

    /// Copies the message; a long one without the lock, with the turn. No other thread uses the
    /// claims or the backlogs meanwhile, except to end them.
    private void copy(OutgoingMessage message) {
        boolean isKept = kept == null && isAnyKept(message.length());
        if (!Claims.isLong(message.length())) {
            copyNow(message, isKept);
            return;
        }
        turn.take();
        turn.exit();
        try {
            copyNow(message, isKept);
        } finally {
            turn.enter();
            turn.end();
        }
        members.checkOpen();
    }

    private void copyNow(OutgoingMessage message, boolean isKept) {
        claims.copyIn(message);
        if (isKept) {
            kept = KeptMessage.copyOf(message);
        }
    }

    private void noteWithout() {
        for (GroupLane lane : members.lanes()) {
            if (lane.isPassedOver()) {
                without.add(lane);
            }
        }
    }

    private void end(boolean isReady) {
        KeptMessage last = kept;
        kept = null;
        without.clear();
        for (GroupLane lane : members.lanes()) {
            lane.endPassingOver();
        }
        if (last != null) {
            last.closeIfUnused();
        }
        if (!isReady) {
            claims.abort();
        }
    }

    private boolean isAnyKept(int length) {
        for (GroupLane lane : members.lanes()) {
            if (lane.isPassedOver() && isKept(lane, length)) {
                return true;
            }
        }
        return false;
    }

    /// A lane that lags for another reason gets the message too, if its backlog has room.
    private boolean isKept(GroupLane lane, int length) {
        return rule == Slow.DROP_OLDEST ? Backlog.isForOne(length)
                : lane.isLagging() && lane.backlog().hasRoom(length);
    }

    /// @return the number of receivers that do not get the message
    private int judge(int length) {
        KeptMessage copy = kept;
        int refused = 0;
        for (int i = 0; i < without.size(); i++) { // no allocation
            GroupLane lane = without.get(i);
            if (lane.hasLeft()) {
                continue;
            }
            if (copy != null && isKept(lane, length)) {
                keep(lane, copy);
            } else {
                refused++;
                refuse(lane);
            }
        }
        return refused;
    }

    private void keep(GroupLane lane, KeptMessage copy) {
        Backlog backlog = lane.backlog();
        while (!backlog.hasRoom(copy.length())) {
            backlog.removeFirst();
            members.countDropped(lane, 1);
        }
        backlog.add(copy);
        backlogs.drain(lane);
    }

    private void refuse(GroupLane lane) {
        members.countDropped(lane, 1);
        if (rule == Slow.DISCONNECT) {
            members.cutOff(lane);
        }
    }

    private LaneException notToAll(int refused) {
        return new LaneException(LaneException.Kind.NO_RECEIVER,
                ("receivers without room have not got the message, and all others have it:"
                        + " without=%d, receivers=%d: have them receive faster, give them larger"
                        + " rings, or let slow readers be waited for")
                        .formatted(refused, members.lanes().length));
    }
}
