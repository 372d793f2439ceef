package dev.ipcchannel.internal.base;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one thread of this process for tasks that are due at a time: a daemon that runs while there
/// are tasks. The tasks must not wait.
public final class Ticks {

    private static final MadeOnce<ScheduledThreadPoolExecutor> TIMER = new MadeOnce<>() {
        @Override
        protected ScheduledThreadPoolExecutor make() {
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
                    task -> new SharedThread(task, "ipc-channel ticks"));
            timer.setRemoveOnCancelPolicy(true);
            timer.setKeepAliveTime(1, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true); // without tasks there is no thread
            return timer;
        }
    };

    private Ticks() {}

    /// That thread.
    public static ScheduledThreadPoolExecutor timer() {
        return TIMER.get();
    }
}
