package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;

/// A client's connection to a one-shot server, as the outbox of its one message sees it: the server
/// hangs up in place on whom it does not accept, before it says that it has accepted another one.
///
/// @param server its name
/// @param connection belongs to the outbox
record Bootstrap(String server, Descriptor connection) {

    /// Whether the server is done with this client. It may have accepted it before.
    boolean isOver() {
        return PollSet.isHungUp(connection);
    }

    /// What to throw where nothing that was sent has been read.
    ///
    /// @param hasSent whether anything was
    LaneException notAccepted(boolean hasSent) {
        return LaneException.disconnected(("this client was not accepted%s: the server has accepted"
                + " another one, was closed, or its process has ended: name=%s: a server accepts one"
                + " client: start another one for this, and use its name")
                .formatted(hasSent ? ", and its message is lost" : "", server),
                LaneException.End.UNKNOWN);
    }

    void close() {
        if (isOver()) {
            Sockets.hangUp(connection);
        } else {
            connection.close(); // another descriptor of it may be kept for life
        }
    }
}
