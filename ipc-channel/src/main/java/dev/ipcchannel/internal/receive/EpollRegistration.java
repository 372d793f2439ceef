package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// The registration of a socket in the set of its receiver, if it is in one. Used by one thread at
/// a time, inside the inbox's guard.
final class EpollRegistration {

    private final Descriptor socket;
    private @Nullable Membership membership;
    private boolean isPaused;

    EpollRegistration(Descriptor socket) {
        this.socket = socket;
    }

    /// Registers the socket with a set, which is also notified of what is there already.
    void start(Membership joined) {
        joined.watch(socket);
        membership = joined;
    }

    /// Suspends the registration.
    void pause() {
        Membership current = membership;
        if (current != null && !isPaused) {
            isPaused = true;
            current.unwatch(socket);
        }
    }

    /// Resumes the registration.
    void resume() {
        Membership current = membership;
        if (current != null && isPaused) {
            current.watch(socket); // the kernel may refuse it: then it is still paused
            isPaused = false;
        }
    }

    /// Ends the registration. Called before the close of the socket.
    void end() {
        Membership former = membership;
        if (former != null) {
            membership = null;
            if (!isPaused) {
                former.unwatch(socket);
            }
            isPaused = false;
        }
    }
}
