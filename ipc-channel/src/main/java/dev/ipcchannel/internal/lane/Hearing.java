package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// Which set hears of a socket, if any. Used by one thread at a time, inside the inbox's guard.
final class Hearing {

    private final Descriptor socket;
    private @Nullable Membership membership;

    Hearing(Descriptor socket) {
        this.socket = socket;
    }

    /// From now on a set hears of it: also of what is there already.
    void start(Membership joined) {
        joined.hear(socket);
        membership = joined;
    }

    /// No set hears of it any more. Comes before the close of the socket.
    void end() {
        Membership former = membership;
        if (former != null) {
            membership = null;
            former.hearNoMore(socket);
        }
    }
}
