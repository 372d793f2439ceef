package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wait.Owner;

/// A set as the [Owner] of a receiver, as that sees it: it has the set notified of its sockets.
public abstract class Membership extends Owner {

    private volatile boolean isOver;

    Membership() {
        super("a set of receivers or a router",
                "select there, remove it or close the route first");
    }

    /// Has the set notified of a socket.
    abstract void hear(Descriptor socket);

    /// Has the set notified of a socket no more.
    abstract void hearNoMore(Descriptor socket);

    /// The receiver has left, or could not join.
    void end() {
        isOver = true;
    }

    /// Whether the receiver has left. Any thread.
    boolean isOver() {
        return isOver;
    }
}
