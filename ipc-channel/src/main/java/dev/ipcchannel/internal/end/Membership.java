package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wait.Owner;

/// A set as the [Owner] of a [Selectable] in it. Through it the set is notified of activity on the
/// member's sockets.
public abstract class Membership extends Owner {

    private volatile boolean isOver;

    /// A membership that has just begun.
    protected Membership() {
        super("a set of receivers or a router",
                "select there, remove it or close the route first");
    }

    /// Starts notifying the set of a socket's activity.
    public abstract void watch(Descriptor socket);

    /// Stops notifying the set of a socket's activity.
    public abstract void unwatch(Descriptor socket);

    /// Notes that the member has left, or could not join.
    public void end() {
        isOver = true;
    }

    /// Whether the member has left. Any thread.
    public boolean isOver() {
        return isOver;
    }
}
