package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.wire.Notice;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The latest word of this member to another one, which is said as soon as their connection has
/// room for it. Earlier ones that found no room are not said any more: a word is about a state.
final class PendingNotice {

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Notice unsaid; // these inside the lock
    private boolean isRetried; // a thread waits for room for it

    PendingNotice(Connection connection) {
        this.connection = connection;
    }

    /// Says this one, now or later. Never waits. Nothing comes after a [Notice.Kind#LEAVE].
    void send(Notice notice) {
        lock.lock();
        try {
            Notice earlier = unsaid;
            if (earlier == null || earlier.kind() != Notice.Kind.LEAVE) {
                unsaid = null; // where this fails, nothing is kept
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
        if (!isRetried) { // by a thread, since nothing signals room for a descriptor
            Thread _ = Thread.ofVirtual().name("ipc-channel notice").start(this::retryUntilSaid);
            isRetried = true;
        }
        unsaid = notice;
    }

    /// Where the other one is gone, or the connection was closed, its end says enough.
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
