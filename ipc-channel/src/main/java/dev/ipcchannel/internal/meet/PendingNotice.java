package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.wire.Notice;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The latest notice of this member to another one, which is sent as soon as their connection has
/// room for it. Earlier notices that found no room are dropped: a notice is about a state.
final class PendingNotice {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Notice unsent; // this and the next are guarded by the lock
    private boolean isRetried; // whether a thread waits for room for it

    PendingNotice(Connection connection) {
        this.connection = connection;
    }

    /// Sends a notice, now or later. Never waits. No notice follows a [Notice.Kind#LEAVE].
    void send(Notice notice) {
        lock.lock();
        try {
            Notice earlier = unsent;
            if (earlier == null || earlier.kind() != Notice.Kind.LEAVE) {
                unsent = null; // if this fails, none is kept
                sendOrKeep(notice);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sendOrKeep(Notice notice) {
        if (isSent(notice)) {
            return;
        }
        if (!isRetried) { // by a thread, because no event signals room for a descriptor
            Thread _ = Thread.ofVirtual().name("ipc-channel notice").start(this::retryUntilSent);
            isRetried = true;
        }
        unsent = notice;
    }

    /// Whether the notice was sent, or need not be: if the other member is gone, or the connection
    /// was closed, the end says enough.
    private boolean isSent(Notice notice) {
        return switch (connection.send(notice)) {
            case SENT, GONE -> true;
            case FULL, TOO_MANY_IN_FLIGHT -> false;
        };
    }

    private void retryUntilSent() {
        Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (isUnsent()) {
            pauses.pause();
        }
    }

    private boolean isUnsent() {
        lock.lock();
        try {
            Notice next = unsent;
            if (next != null && isSentAtLast(next)) {
                unsent = null;
            }
            isRetried = unsent != null;
            return isRetried;
        } finally {
            lock.unlock();
        }
    }

    private boolean isSentAtLast(Notice notice) {
        try {
            return isSent(notice);
        } catch (RuntimeException | OutOfMemoryError failure) {
            Log.warningOfPeer("a word for another process by name is not said yet", failure);
            return false;
        }
    }
}
