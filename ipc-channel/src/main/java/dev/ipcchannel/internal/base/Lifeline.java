package dev.ipcchannel.internal.base;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The connection of two processes that stays open as long as both live, so that its end shows each
/// the end of the other. Once established, it carries only the notice that a process is about to
/// end, each [GoAway.Reason] once.
///
/// Over shared memory it is the connection of the handshake; over a Unix socket it is a second
/// connection beside that of the messages. [Lifelines] has all open ones.
public abstract class Lifeline {

    private final CompletableFuture<GoAway> goAway = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Map<GoAway.Reason, GoAway> noted = new ConcurrentHashMap<>();
    private final Set<GoAway.Reason> sent = ConcurrentHashMap.newKeySet();
    private volatile @Nullable GoAway first; // noted by one thread, read by any

    /// Sends the notice that this process goes away, if the other process is there and has room for
    /// it, and only once for each reason, because a second one would end the connection. Never
    /// waits.
    public final void sendOnce(GoAway notice) {
        if (!sent.add(notice.reason())) {
            return;
        }
        boolean isSent = false;
        try {
            send(notice);
            isSent = true;
        } finally {
            if (!isSent) { // for lack of memory, for example: it may be tried again
                sent.remove(notice.reason());
            }
        }
    }

    /// Sends a notice, if the other process is there and has room for it. Never waits.
    protected abstract void send(GoAway notice);

    /// Completes with the first notice of the other process, on the thread that reads. That thread
    /// serves many, so dependent actions have to be quick. Never completes without a notice.
    public final CompletableFuture<GoAway> goAway() {
        return goAway;
    }

    /// The notice of the other process for that reason; null if none has come so far.
    public final @Nullable GoAway notice(GoAway.Reason reason) {
        return noted.get(reason);
    }

    /// Completes with the end of the connection, after any notice, on the thread that reads. Never
    /// completes if the other process has refused this one and hung up: that process goes on.
    public final CompletableFuture<Void> end() {
        return end;
    }

    /// Closes the connection before its end, without a word.
    public abstract void drop();

    /// Notes a notice of the other process, for [#completeNoted]. Called by one thread at a time.
    ///
    /// @param notice null if the bytes were not a notice
    /// @return false if it is not allowed here: the connection has to be ended
    protected final boolean note(@Nullable GoAway notice) {
        if (notice == null || noted.putIfAbsent(notice.reason(), notice) != null) {
            return false;
        }
        if (first == null) {
            first = notice;
        }
        return true;
    }

    /// Completes [#goAway] if a notice was noted. Called outside of all locks.
    protected final void completeNoted() {
        GoAway notice = first;
        if (notice != null) {
            boolean _ = goAway.complete(notice);
        }
    }

    /// Notes that the connection has ended.
    protected final void ended() {
        Lifelines.remove(this);
        boolean _ = end.complete(null);
    }
}
