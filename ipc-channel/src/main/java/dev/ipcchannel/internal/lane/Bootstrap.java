package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Pause;
import java.time.Duration;

/// A client's way to a one-shot server: by its connection it is known whether the client was accepted,
/// for the sender of its one message and for all ends whose other ends were in that message.
///
/// @param server its name
record Bootstrap(String server, PacketLifeline connection) {

    /// What was in a message may end a moment before its client is turned away: where the server cannot
    /// read it, or dies.
    private static final Duration DECIDING = Duration.ofMillis(50);
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
        return LaneException.disconnected(("this client was not accepted%s: the server has accepted"
                + " another one, could not read this one's message, was closed, or its process has"
                + " ended: name=%s: a server accepts one client: start another one for this, and use"
                + " its name").formatted(hasSent ? ", and its message is lost" : "", server),
                LaneException.End.UNKNOWN);
    }
}
