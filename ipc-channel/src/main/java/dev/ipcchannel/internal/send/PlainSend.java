package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Outgoing.Offer;
import dev.ipcchannel.internal.lane.Tally;
import dev.ipcchannel.internal.posix.Descriptor;
import java.util.List;

/// The send of a short message of a [Group] for which all lanes have room at once.
///
/// Used under the group's lock with the turn free, and never leaves the lock: claim, copy and
/// commit are one step to all other threads of this process.
final class PlainSend {

    private final Members members;
    private final Claims claims;
    private final Tally tally;

    PlainSend(Members members, Claims claims, Tally tally) {
        this.members = members;
        this.claims = claims;
        this.tally = tally;
    }

    /// Sends a message if each lane has room.
    Offer offer(byte[] payload, int length, List<Descriptor> descriptors) {
        while (members.lanes().length == 1) { // the usual case needs no claim
            GroupLane only = members.lanes()[0];
            if (only.isBehind()) {
                return Offer.FULL;
            }
            only.checkFits(length);
            try {
                Offer offer = only.way().trySend(payload, length, descriptors);
                if (offer == Offer.SENT) {
                    boolean _ = tally.message(length);
                }
                return offer;
            } catch (LaneException failure) {
                members.dropIfOver(only, failure);
            }
        }
        if (members.isEmpty()) {
            return Offer.NO_RECEIVER;
        }
        if (!claims.tryAll(length, descriptors.size())) {
            return Offer.FULL;
        }
        fillOrAbort(payload, length, descriptors);
        return claims.commit(length) ? Offer.SENT : Offer.NO_RECEIVER;
    }

    /// The same for a message that is worth waiting for.
    ///
    /// @return false if there is no room, no receiver, or too much on its way
    boolean isSent(byte[] payload, int length, List<Descriptor> descriptors) {
        try {
            return offer(payload, length, descriptors) == Offer.SENT;
        } catch (LaneException crowded) {
            crowded.throwUnlessCrowd();
            return false;
        }
    }

    /// If it cannot be done, nothing is claimed any more.
    private void fillOrAbort(byte[] payload, int length, List<Descriptor> descriptors) {
        boolean isReady = false;
        try {
            claims.copyIn(payload, length);
            claims.sendParts(descriptors);
            isReady = true;
        } finally {
            if (!isReady) {
                claims.abort();
            }
        }
    }
}
