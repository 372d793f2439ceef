package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.wire.LaneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client's way to a one-shot server: by its connection it is known whether the client was
/// accepted, for the sender of its one message and for all ends whose other ends were in that
/// message.
///
/// @param server its name
/// @param isParent whether it is that of the parent, of which a user knows no name
public record Bootstrap(String server, boolean isParent, PacketLifeline connection) {

    /// What was in a message may end a moment before its client is turned away: where the server
    /// dies, or cannot read it, and has to find the words for that. It is longer only of one that
    /// is stopped.
    private static final Duration DECIDING = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = 1_000_000;

    /// The server's decision about this client. What it has decided stays so.
    private enum Decision {
        OPEN, ACCEPTED, TURNED_AWAY
    }

    /// What to throw for an end whose other end has gone in a client's message, and has ended; null
    /// where that end is all there is to say, since the client was accepted, or none has sent one.
    ///
    /// Passing where it is not decided in time.
    ///
    /// @param way that the other end has gone, if it has
    /// @param hasSent whether the message was sent, of which the user of a child knows nothing
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

    /// Whether the client was accepted, as far as it has been asked.
    boolean isAccepted() {
        return connection.isAccepted();
    }

    /// Whether the server is done with this client, and has not accepted it.
    public boolean isTurnedAway() {
        return connection.isTurnedAway();
    }

    /// What the server has decided, where an end has shown that it does so about now.
    private Decision decision(Deadline patience) {
        Deadline moment = connection.deciding(DECIDING).earlier(patience);
        while (true) {
            if (isTurnedAway()) {
                return Decision.TURNED_AWAY;
            }
            if (isAccepted()) { // as that has asked
                return Decision.ACCEPTED;
            }
            if (moment.isPast()) {
                return Decision.OPEN;
            }
            Pause.of(PAUSE_NANOS);
        }
    }

    /// The words before a number that is the server's process's.
    String ownerPrefix() {
        return isParent ? "the parent's " : "the server's ";
    }

    /// What to throw for an end whose other end was in the message, and has ended, while the server
    /// has yet to decide: for this time, as there is more to be said later.
    private LaneException undecided() {
        return LaneException.undecided(isParent
                ? "what this child has sent to its parent has ended there, and the parent has not said"
                        + " why"
                : "what this client has sent has ended in the server, which has not said why: name="
                        + server);
    }

    /// What to throw for a client that was turned away.
    ///
    /// @param hasSent whether its message was sent, of which the user of a child knows nothing
    public LaneException notAccepted(boolean hasSent) {
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
