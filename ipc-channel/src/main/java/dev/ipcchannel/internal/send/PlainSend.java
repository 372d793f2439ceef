package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.Outgoing.Offer;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.wire.LaneException;

/// The send of a short message of a [Group] for which all lanes have room at once.
///
/// Used under the group's lock with the turn free, and never leaves the lock: claim, copy and
/// commit are one step to all other threads of this process.
final class PlainSend {

    private final Members members;
    private final Claims claims;
    private final Counters counters;

    PlainSend(Members members, Claims claims, Counters counters) {
        this.members = members;
        this.claims = claims;
        this.counters = counters;
    }

    /// Sends a message if each lane has room.
    Offer offer(OutgoingMessage message) {
        while (members.lanes().length == 1) { // the usual case needs no claim
            GroupLane only = members.lanes()[0];
            if (only.isLagging()) {
                return Offer.FULL;
            }
            only.checkFits(message.length());
            try {
                Offer offer = only.way().trySend(message);
                claims.noteFull(offer == Offer.FULL ? only : null);
                if (offer == Offer.SENT) {
                    boolean _ = counters.message(message.length());
                }
                return offer;
            } catch (LaneException failure) {
                members.dropIfOver(only, failure);
            }
        }
        if (members.isEmpty()) {
            return Offer.NO_RECEIVER;
        }
        if (!claims.tryAll(message.length(), message.descriptors().size())) {
            return Offer.FULL;
        }
        fillOrAbort(message);
        return claims.commit(message.length()) ? Offer.SENT : Offer.NO_RECEIVER;
    }

    /// Sends a message that may wait for room later.
    ///
    /// @return false if there is no room, no receiver, or too much in flight
    boolean isSent(OutgoingMessage message) {
        try {
            return offer(message) == Offer.SENT;
        } catch (LaneException crowded) {
            crowded.throwUnlessCrowd();
            return false;
        }
    }

    /// If it fails, all claims are given up.
    private void fillOrAbort(OutgoingMessage message) {
        boolean isReady = false;
        try {
            claims.copyIn(message);
            claims.sendParts(message.descriptors());
            isReady = true;
        } finally {
            if (!isReady) {
                claims.abort();
            }
        }
    }
}
