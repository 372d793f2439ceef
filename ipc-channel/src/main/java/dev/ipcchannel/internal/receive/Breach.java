package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.flight.Flight;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wire.LaneException;
import org.jspecify.annotations.Nullable;

/// A breach of the format by one lane, which ends that lane and no other.
final class Breach extends RuntimeException {

    private final long laneId;

    Breach(RuntimeException violation, long laneId) {
        super(violation.getMessage(), violation);
        this.laneId = laneId;
    }

    /// A sender's breach as a sentence for the user; any other failure unchanged.
    ///
    /// @param peer the process that the receiver came from, if it is known
    static RuntimeException translated(RuntimeException failure, @Nullable Peer peer) {
        if (failure instanceof RingViolation || failure instanceof RefusedMemoryException
                || failure instanceof Breach) {
            Flight.violated(Flight.RECEIVER,
                    failure instanceof Breach breach ? breach.laneId : 0,
                    peer == null ? 0 : peer.pid(), String.valueOf(failure.getMessage()));
            String sender = peer == null ? "" : ", " + peer.account(false, false);
            return new LaneException(LaneException.Kind.VIOLATION,
                    "a sender broke the format: " + failure.getMessage() + sender, failure);
        }
        return failure;
    }
}
