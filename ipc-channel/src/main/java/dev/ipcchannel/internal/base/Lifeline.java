package dev.ipcchannel.internal.base;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The connection of two processes that stays open as long as both live, so that its end is the
/// other one's. Once it is established, nothing is said there but that one of them goes away: each
/// [GoAway.Reason] once.
///
/// Over shared memory it is the connection of the handshake, over a Unix socket a second one beside
/// that of the messages. [Lifelines] has all that are open.
public abstract class Lifeline {

    private final CompletableFuture<GoAway> goAway = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Set<GoAway.Reason> noted = EnumSet.noneOf(GoAway.Reason.class);
    private final Set<GoAway.Reason> said = ConcurrentHashMap.newKeySet();
    private volatile @Nullable GoAway first; // noted by one thread, read by any

    /// Says that this process goes away, if the other one is there and has room for it, and has not
    /// been notified for that reason: a second word would be the end. Never waits.
    public final void say(GoAway notice) {
        if (!said.add(notice.reason())) {
            return;
        }
        boolean isSaid = false;
        try {
            send(notice);
            isSaid = true;
        } finally {
            if (!isSaid) { // no memory for it, say: it may be tried again
                said.remove(notice.reason());
            }
        }
    }

    /// Sends a notice, if the other process is there and has room for it. Never waits.
    protected abstract void send(GoAway notice);

    /// Completes with the first notice of the other process, on the thread that reads, which serves
    /// many: what depends on it has to be quick. Never completes where there is none.
    public final CompletableFuture<GoAway> goAway() {
        return goAway;
    }

    /// Completes with the end of the connection, after the notice, on the thread that reads. Never
    /// completes where the other process has only refused this one, and hung up: it goes on.
    public final CompletableFuture<Void> end() {
        return end;
    }

    /// Lets go of the connection before its end, and closes it.
    public abstract void drop();

    /// Notes what the other process has said, for [#completeNoted]. By one thread at a time.
    ///
    /// @param notice null if it is no such notice
    /// @return false if that may not be said here: the connection is to be ended
    protected final boolean note(@Nullable GoAway notice) {
        if (notice == null || !noted.add(notice.reason())) {
            return false;
        }
        if (first == null) {
            first = notice;
        }
        return true;
    }

    /// Completes what a notice completes, if one was noted. Outside of all locks.
    protected final void completeNoted() {
        GoAway notice = first;
        if (notice != null) {
            boolean _ = goAway.complete(notice);
        }
    }

    /// The connection has ended.
    protected final void ended() {
        Lifelines.remove(this);
        boolean _ = end.complete(null);
    }
}
