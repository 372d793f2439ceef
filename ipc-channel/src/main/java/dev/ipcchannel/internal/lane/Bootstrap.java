package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Pause;
import java.time.Duration;

/// A client's way to a one-shot server: by its connection it is known whether the client was accepted,
/// for the sender of its one message and for all ends whose other ends were in that message.
///
/// @param server its name
/// @param isParent whether it is that of the parent, of which a user knows no name
record Bootstrap(String server, boolean isParent, PacketLifeline connection) {

    /// What was in a message may end a moment before its client is turned away: where the server dies,
    /// or cannot read it, and has to find the words for that. It is longer only of one that is stopped.
    private static final Duration DECIDING = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = 1_000_000;

    /// Whether the client was accepted, as far as it has been asked.
    boolean isAccepted() {
        return connection.isAccepted();
    }

    /// Whether the server is done with this client, and has not accepted it.
    boolean isTurnedAway() {
        return connection.isTurnedAway();
    }

    /// The same where an end has shown that it is about to be decided.
    boolean isTurnedAwaySoon(boolean mayWait) {
        Deadline moment = Deadline.after(DECIDING);
        while (!isTurnedAway()) {
            if (!mayWait || isAccepted() || moment.isPast()) {
                return false;
            }
            Pause.of(PAUSE_NANOS);
        }
        return true;
    }

    /// What to throw for a client that was turned away.
    ///
    /// @param hasSent whether its message was sent
    LaneException notAccepted(boolean hasSent) {
        Refusal refusal = connection.refusal();
        String why = refusal != null ? refusal.reason()
                : isParent ? "it has ended the connection, and has not said why"
                        : "the server has ended the connection, and has not said why: a server"
                                + " accepts one client: start another one for this, and use its"
                                + " name";
        String lost = hasSent ? ", and its message is lost" : "";
        String message = isParent ? "the parent has refused this child%s: %s".formatted(lost, why)
                : "this client was not accepted%s: name=%s: %s".formatted(lost, server, why);
        return refusal != null && refusal.isOfTypes()
                ? new LaneException(LaneException.Kind.MISMATCH, message)
                : LaneException.disconnected(message, LaneException.End.UNKNOWN);
    }
}
