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
    private @Nullable Notice unsaid; // this and the next are guarded by the lock
    private boolean isRetried; // whether a thread waits for room for it

    PendingNotice(Connection connection) {
        this.connection = connection;
    }

    /// Sends a notice, now or later. Never waits. No notice follows a [Notice.Kind#LEAVE].
    void send(Notice notice) {
        lock.lock();
        try {
            Notice earlier = unsaid;
            if (earlier == null || earlier.kind() != Notice.Kind.LEAVE) {
                unsaid = null; // if this fails, none is kept
                sendOrKeep(notice);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sendOrKeep(Notice notice) {
        if (isSaid(notice)) {
            return;
        }
        if (!isRetried) { // by a thread, because no event signals room for a descriptor
            Thread _ = Thread.ofVirtual().name("ipc-channel notice").start(this::retryUntilSaid);
            isRetried = true;
        }
        unsaid = notice;
    }

    /// Whether the notice was sent, or need not be: if the other member is gone, or the connection
    /// was closed, the end says enough.
    private boolean isSaid(Notice notice) {
        return switch (connection.send(notice)) {
            case SENT, GONE -> true;
            case FULL, TOO_MANY_IN_FLIGHT -> false;
        };
    }

    private void retryUntilSaid() {
        Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (isUnsaid()) {
            pauses.pause();
        }
    }

    private boolean isUnsaid() {
        lock.lock();
        try {
            Notice next = unsaid;
            if (next != null && isSaidAtLast(next)) {
                unsaid = null;
            }
            isRetried = unsaid != null;
            return isRetried;
        } finally {
            lock.unlock();
        }
    }

    private boolean isSaidAtLast(Notice notice) {
        try {
            return isSaid(notice);
        } catch (RuntimeException | OutOfMemoryError failure) {
            Log.warningOfPeer("a word for another process by name is not said yet", failure);
            return false;
        }
    }
}
