package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.base.SharedThread;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one thread of this process for what is due at some time: a daemon that is there while
/// something is. Tasks there do not wait.
public final class Ticks {

    private static final ReentrantLock STARTING = new ReentrantLock();
    private static volatile @Nullable ScheduledThreadPoolExecutor timer;

    private Ticks() {}

    /// That thread.
    public static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor made = timer;
        return made == null ? madeOnce() : made;
    }

    private static ScheduledThreadPoolExecutor madeOnce() {
        STARTING.lock();
        try {
            ScheduledThreadPoolExecutor made = timer;
            if (made == null) {
                made = new ScheduledThreadPoolExecutor(1,
                        task -> new SharedThread(task, "ipc-channel ticks"));
                made.setRemoveOnCancelPolicy(true);
                made.setKeepAliveTime(1, TimeUnit.SECONDS);
                made.allowCoreThreadTimeOut(true); // while nothing is due there is no thread
                timer = made;
            }
            return made;
        } finally {
            STARTING.unlock();
        }
    }
}
