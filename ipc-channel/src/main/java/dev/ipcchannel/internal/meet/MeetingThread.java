package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.wait.Watcher;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The thread on which this process meets others, by all its names, started at the first use and
/// there as long as the process. It runs no user's code.
public final class MeetingThread {

    /// How much of one socket is taken before it is the turn of others: one that never stops would
    /// keep all names waiting. More than fits in its queue, some 280 by default: where a process is
    /// gone, one look finds that out.
    static final int MAX_AT_ONCE = 512;

    private static final ReentrantLock STARTING = new ReentrantLock();
    private static volatile @Nullable Watcher thread;

    private MeetingThread() {}

    /// That thread, which watches sockets.
    public static Watcher thread() {
        Watcher started = thread;
        return started == null ? startedOnce() : started;
    }

    private static Watcher startedOnce() {
        STARTING.lock();
        try {
            Watcher started = thread;
            if (started == null) {
                started = Watcher.start("ipc-channel meetings");
                thread = started;
            }
            return started;
        } finally {
            STARTING.unlock();
        }
    }
}
