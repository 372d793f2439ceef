package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.MadeOnce;
import dev.ipcchannel.internal.wait.Watcher;

/// The thread on which this process meets others, for all its names. It starts at the first use and
/// ends with the process. It runs no user code.
public final class MeetingThread {

    /// The number of packets that are taken from one socket before the turn of others: a sender
    /// that never stops would delay all names. It is more than fits into a queue, by default some
    /// 280: so if a process is gone, one look sees its end.
    static final int MAX_AT_ONCE = 512;

    private static final MadeOnce<Watcher> THREAD = new MadeOnce<>() {
        @Override
        protected Watcher make() {
            return Watcher.start("ipc-channel meetings");
        }
    };

    private MeetingThread() {}

    /// That thread, as a watcher of sockets.
    public static Watcher thread() {
        return THREAD.get();
    }
}
