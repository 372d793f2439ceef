package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wait.Owner;

/// A set as the [Owner] of a [Selectable] in it, which has the set notified of its sockets.
public abstract class Membership extends Owner {

    private volatile boolean isOver;

    /// A membership that has just begun.
    protected Membership() {
        super("a set of receivers or a router",
                "select there, remove it or close the route first");
    }

    /// Has the set notified of a socket.
    public abstract void hear(Descriptor socket);

    /// Has the set notified of a socket no more.
    public abstract void hearNoMore(Descriptor socket);

    /// The member has left, or could not join.
    public void end() {
        isOver = true;
    }

    /// Whether the member has left. Any thread.
    public boolean isOver() {
        return isOver;
    }
}
