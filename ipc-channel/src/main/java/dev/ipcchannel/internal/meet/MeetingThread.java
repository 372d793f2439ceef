package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.MadeOnce;
import dev.ipcchannel.internal.wait.Watcher;

/// The thread on which this process meets others, by all its names, started at the first use and
/// there as long as the process. It runs no user's code.
public final class MeetingThread {

    /// How much of one socket is taken before it is the turn of others: one that never stops would
    /// keep all names waiting. More than fits in its queue, some 280 by default: where a process is
    /// gone, one look finds that out.
    static final int MAX_AT_ONCE = 512;

    private static final MadeOnce<Watcher> THREAD = new MadeOnce<>() {
        @Override
        protected Watcher make() {
            return Watcher.start("ipc-channel meetings");
        }
    };

    private MeetingThread() {}

    /// That thread, which watches sockets.
    public static Watcher thread() {
        return THREAD.get();
    }
}
