package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// The registration of a socket in the set that hears of it, if any. Used by one thread at a time,
/// inside the inbox's guard.
final class Hearing {

    private final Descriptor socket;
    private @Nullable Membership membership;
    private boolean isPaused;

    Hearing(Descriptor socket) {
        this.socket = socket;
    }

    /// From now on a set hears of it: also of what is there already.
    void start(Membership joined) {
        joined.hear(socket);
        membership = joined;
    }

    /// Has the set hear of it no more for a while.
    void pause() {
        Membership current = membership;
        if (current != null && !isPaused) {
            isPaused = true;
            current.hearNoMore(socket);
        }
    }

    /// The set hears of it again.
    void resume() {
        Membership current = membership;
        if (current != null && isPaused) {
            current.hear(socket); // which the kernel may refuse: then it is paused still
            isPaused = false;
        }
    }

    /// No set hears of it any more. Comes before the close of the socket.
    void end() {
        Membership former = membership;
        if (former != null) {
            membership = null;
            if (!isPaused) {
                former.hearNoMore(socket);
            }
            isPaused = false;
        }
    }
}
