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

    /// The server's decision about this client. What it has decided stays so.
    enum Decision {
        OPEN, ACCEPTED, TURNED_AWAY
    }

    /// Whether the client was accepted, as far as it has been asked.
    boolean isAccepted() {
        return connection.isAccepted();
    }

    /// Whether the server is done with this client, and has not accepted it.
    boolean isTurnedAway() {
        return connection.isTurnedAway();
    }

    /// What the server has decided, where an end has shown that it does so about now.
    Decision decision(boolean mayWait) {
        Deadline moment = Deadline.after(DECIDING);
        while (true) {
            if (isTurnedAway()) {
                return Decision.TURNED_AWAY;
            }
            if (isAccepted()) { // as that has asked
                return Decision.ACCEPTED;
            }
            if (!mayWait || moment.isPast()) {
                return Decision.OPEN;
            }
            Pause.of(PAUSE_NANOS);
        }
    }

    /// Says of a number that it is the server's process's.
    String whose() {
        return isParent ? "the parent's " : "the server's ";
    }

    /// What to throw for an end whose other end was in the message, and has ended, while the server has
    /// yet to decide: for this time, as there is more to be said later.
    LaneException undecided() {
        return LaneException.disconnected(isParent
                ? "what this child has sent to its parent has ended there, and the parent has not said"
                        + " why"
                : "what this client has sent has ended in the server, which has not said why: name="
                        + server,
                LaneException.End.UNKNOWN);
    }

    /// What to throw for a client that was turned away.
    ///
    /// @param hasSent whether its message was sent, of which the user of a child knows nothing
    LaneException notAccepted(boolean hasSent) {
        Refusal refusal = connection.refusal();
        String why = refusal != null ? refusal.reason()
                : isParent
                        ? "it has ended the connection, and has not said why: its own output may say"
                                + " more"
                        : "the server has ended the connection, and has not said why: a server"
                                + " accepts one client: start another one for this, and use its"
                                + " name";
        String lost = hasSent ? ", and its message is lost" : "";
        String message = isParent ? "the parent has refused this child: " + why
                : "this client was not accepted%s: name=%s: %s".formatted(lost, server, why);
        return refusal != null && refusal.isOfTypes()
                ? new LaneException(LaneException.Kind.MISMATCH, message)
                : LaneException.disconnected(message, LaneException.End.UNKNOWN);
    }
}
