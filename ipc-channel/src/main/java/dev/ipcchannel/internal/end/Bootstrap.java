package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.wire.LaneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client's way to a one-shot server. Its connection shows whether the server has accepted the
/// client: for the sender of the client's one message, and for all ends whose other ends were in
/// that message.
///
/// @param server the server's name
/// @param isParent whether the server is the parent of this process, whose name no user knows
public record Bootstrap(String server, boolean isParent, PacketLifeline connection) {

    /// The time for the server's decision. An end that was in a message may close a moment before
    /// its client is turned away: when the server dies, or when it cannot read the message and has
    /// to compose the refusal. Only a stopped server takes longer.
    private static final Duration DECIDING = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = 1_000_000;

    /// The server's decision about this client. It never changes after it is made.
    private enum Decision {
        OPEN, ACCEPTED, TURNED_AWAY
    }

    /// The exception for an end whose other end has gone in a client's message and has closed. Null
    /// if the client was accepted, or if no client has sent the other end: then the close says
    /// everything.
    ///
    /// The exception is passing if the decision does not come in time.
    ///
    /// @param way of the other end in a client's message; null if it has not gone in one
    /// @param hasSent whether the client's message was sent; ignored for a child, whose user knows
    /// of no message
    /// @param patience until when the caller may wait
    public static @Nullable LaneException failure(@Nullable Bootstrap way, boolean hasSent,
            Deadline patience) {
        if (way == null) {
            return null;
        }
        return switch (way.decision(patience)) {
            case ACCEPTED -> null;
            case TURNED_AWAY -> way.notAccepted(hasSent);
            case OPEN -> way.undecided();
        };
    }

    /// Whether the server has accepted the client, as far as this process has read.
    boolean isAccepted() {
        return connection.isAccepted();
    }

    /// Whether the server has finished with this client without accepting it.
    public boolean isTurnedAway() {
        return connection.isTurnedAway();
    }

    /// The server's decision, which is due now, because an end in the message has closed.
    private Decision decision(Deadline patience) {
        Deadline moment = connection.deciding(DECIDING).earlier(patience);
        while (true) {
            if (isTurnedAway()) {
                return Decision.TURNED_AWAY;
            }
            if (isAccepted()) { // isTurnedAway has just read from the connection
                return Decision.ACCEPTED;
            }
            if (moment.isPast()) {
                return Decision.OPEN;
            }
            Pause.of(PAUSE_NANOS);
        }
    }

    /// The words before a number that belongs to the server's process.
    String ownerPrefix() {
        return isParent ? "the parent's " : "the server's ";
    }

    /// The exception for an end that has closed before the server has decided. It is passing,
    /// because a later call may know more.
    private LaneException undecided() {
        return LaneException.undecided(isParent
                ? "what this child has sent to its parent has ended there, and the parent has not"
                        + " said why"
                : "what this client has sent has ended in the server, which has not said why: name="
                        + server);
    }

    /// The exception for a client that was turned away.
    ///
    /// @param hasSent whether the client's message was sent; ignored for a child, whose user knows
    /// of no message
    public LaneException notAccepted(boolean hasSent) {
        Refusal refusal = connection.refusal();
        String why = refusal != null ? refusal.reason()
                : isParent
                        ? "it has ended the connection, and has not said why: its own output may"
                                + " say more"
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
