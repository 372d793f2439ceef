package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;

/// Waits, for those who asked, until a channel's receiver is gone: the kernel says so on the
/// announcement socket, whether there is a lane or not.
///
/// Nothing is watched until somebody asks. Used inside the outbox's turn; [#onSignal] comes from the
/// watcher.
final class ReceiverWatch implements Watcher.Watched {

    private static final long NONE = 0; // no token of the watcher's

    private final DisconnectActions actions = new DisconnectActions();
    private long watch = NONE;

    void add(Descriptor announcement, Share share, Runnable action) {
        actions.add(share::isEnded, action);
        if (watch == NONE) {
            watch = Watcher.instance().watch(announcement, Epoll.Interest.BOTH_ENDS, this);
        }
    }

    @Override
    public void onSignal(boolean isEnd) {
        actions.run();
    }

    /// Watches no more. Comes before the close of the socket.
    void close(Descriptor announcement) {
        if (watch != NONE) {
            Watcher.instance().unwatch(announcement, watch);
            watch = NONE;
        }
    }
}
